"""Writes down attacks: who played which part, what they brought, and what they did to everybody."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeAlias

from dexsim.blockspace.labels import SandwichLabel
from dexsim.blockspace.landed import LandedAttack
from dexsim.chain.types import Address, Receipt
from dexsim.market.deployment import Deployment
from dexsim.results.attacks import Outcome, effects
from dexsim.results.columns import Rows, WeiCell
from dexsim.results.holders import OTHERS, Holder, by_address
from dexsim.results.rounds import Round
from dexsim.results.swap_reader import SwapReader

_PARTS = {"pool": "liquidity", "builder": "builder"}

AskOutcome: TypeAlias = Callable[[Iterable[Receipt], int], Outcome]


class AttackWriter:
    """The rows of attacks, sandwiches and effects."""

    def __init__(
        self,
        deployment: Deployment,
        swaps: SwapReader,
        holders: Sequence[Holder],
        rows: Mapping[str, Rows],
    ) -> None:
        self._deployment = deployment
        self._swaps = swaps
        self._rows = rows
        self._roles = {holder.name: holder.role for holder in holders}
        self._holder_of = by_address(holders)

    def enter(self, done: Round, ask: AskOutcome) -> None:
        """Enter a block. ask: what its transactions, with their base fee, have left by now."""
        for attack in done.attacks:
            self._parts(done, attack)
            if isinstance(attack.label, SandwichLabel):
                self._sandwich(done, attack, attack.label)
        known = [attack for attack in done.attacks if attack.id in done.spared]
        if known:
            hit = ask(done.block.receipts, done.block.env.base_fee)
            for attack in known:
                self._effects(done, attack, hit)

    def _parts(self, done: Round, attack: LandedAttack) -> None:
        """A row for each transaction that plays a part."""
        parts = dict.fromkeys(attack.hit, "victim")
        parts |= {attack.positions[leg]: attack.label.part(leg) for leg in attack.label.own}
        for place, part in sorted(parts.items()):
            receipt = done.filling.included[place].receipt
            self._rows["attacks"].add(
                block=done.block.env.number,
                attack=attack.id,
                kind=attack.label.kind,
                agent=attack.agent,
                market=attack.label.markets[0],
                part=part,
                position=place,
                tx_hash="0x" + receipt.tx_hash.hex(),
            )

    def _effects(self, done: Round, attack: LandedAttack, hit: Outcome) -> None:
        """What an attack did to everybody."""
        found = effects(hit, done.spared[attack.id], self._part_of(attack))
        for (part, agent, token), wei in found.items():
            self._rows["effects"].add(
                block=done.block.env.number,
                attack=attack.id,
                part=part,
                agent=agent,
                token=token,
                amount=WeiCell(wei, self._decimals(token)),
            )

    def _part_of(self, attack: LandedAttack) -> Callable[[Address | None], tuple[str, str]]:
        """Who plays which part in an attack, by address."""
        victims = {each.receipt.transaction.sender for each in attack.victims}

        def part_of(address: Address | None) -> tuple[str, str]:
            name = OTHERS if address is None else self._holder_of.get(address, OTHERS)
            if address in victims:
                return "victim", name
            if name == attack.agent:
                return "attacker", name
            return _PARTS.get(self._roles.get(name, ""), "bystander"), name

        return part_of

    def _sandwich(self, done: Round, attack: LandedAttack, label: SandwichLabel) -> None:
        pool = self._deployment.pools[label.market]
        front, back = attack.own
        victims = attack.victims
        first = self._swaps.swap_in(front.receipt, label.market)
        last = self._swaps.swap_in(back.receipt, label.market)
        middle = [self._swaps.swap_in(leg.receipt, label.market) for leg in victims]
        if first is None or last is None or None in middle:
            return
        hit = [swap for swap in middle if swap is not None]
        token = pool.other(pool.other(label.token))
        d_in, d_out = token.decimals, pool.other(token).decimals
        fees = front.receipt.fee + back.receipt.fee + attack.sent
        gas = front.receipt.gas_used + back.receipt.gas_used
        without = [
            done.without_bundles(leg.source, label.market, swap.amount_out)
            for leg, swap in zip(victims, hit, strict=True)
            if leg.source is not None
        ]
        clean = None if None in without else sum(amount for amount in without if amount is not None)
        self._rows["sandwiches"].add(
            block=done.block.env.number,
            attack=attack.id,
            market=label.market,
            agent=front.agent,
            victims=len(victims),
            victim=victims[0].agent,
            victim_tx_hash="0x" + victims[0].receipt.tx_hash.hex(),
            token=token.symbol,
            token_out=pool.other(token).symbol,
            frontrun_in=WeiCell(first.amount_in, d_in),
            frontrun_out=WeiCell(first.amount_out, d_out),
            backrun_in=WeiCell(last.amount_in, d_out),
            backrun_out=WeiCell(last.amount_out, d_in),
            gross_profit=WeiCell(last.amount_out - first.amount_in, d_in),
            expected_profit=WeiCell(label.expected_profit, d_in),
            gas_cost=WeiCell(fees),
            tip=WeiCell(fees - gas * done.block.env.base_fee),
            victim_in=WeiCell(sum(swap.amount_in for swap in hit), d_in),
            victim_out=WeiCell(sum(swap.amount_out for swap in hit), d_out),
            victim_counterfactual_out=None if clean is None else WeiCell(clean, d_out),
        )

    def _decimals(self, token: str) -> int:
        known = self._deployment.tokens.get(token)
        return known.decimals if known else 18
