"""Writes down what became of bundles, and what attacks did."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeAlias

from dexsim.blockspace.builder import Inclusion, Landed
from dexsim.blockspace.bundles import PendingBundle
from dexsim.blockspace.labels import SandwichLabel
from dexsim.chain.types import Address, Receipt
from dexsim.market.deployment import Deployment
from dexsim.results.attacks import Outcome, effects
from dexsim.results.columns import Rows, Wei
from dexsim.results.holders import OTHERS, Holder, by_address
from dexsim.results.rounds import Round
from dexsim.results.swap_reader import SwapReader

_PARTS = {"pool": "liquidity", "builder": "builder"}

AskOutcome: TypeAlias = Callable[[Iterable[Receipt], int], Outcome]


class BundleWriter:
    """The rows of bundles, sandwiches and effects."""

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
        self._bundles(done)
        self._effects(done, ask)

    def _bundles(self, done: Round) -> None:
        """A row for each bundle that was sent, and for each sandwich that landed."""
        block = done.block.env.number
        landed: dict[int, list[Inclusion]] = {}
        for included in done.filling.included:
            if included.bundle is not None:
                landed.setdefault(included.bundle.id, []).append(included)
        for legs in landed.values():
            entry = legs[0].bundle
            assert entry is not None
            self._bundle_row(block, entry, "", done.filling.landed[entry.id])
            if isinstance(entry.bundle.label, SandwichLabel):
                self._sandwich(done, entry.bundle.label, legs)
        for entry, reason in [*done.filling.failed, *done.refused]:
            self._bundle_row(block, entry, reason, None)

    def _effects(self, done: Round, ask: AskOutcome) -> None:
        """What each attack did to everybody."""
        env = done.block.env
        landed = [done.filling.landed[number] for number in sorted(done.spared)]
        hit = ask(done.block.receipts, env.base_fee) if landed else None
        for each in landed:
            assert hit is not None
            entry = each.entry
            part_of = self._parts(entry, done)
            for (part, agent, token), wei in effects(hit, done.spared[entry.id], part_of).items():
                amount = Wei(wei, self._decimals(token))
                self._rows["effects"].add(
                    block=env.number,
                    bundle=entry.id,
                    part=part,
                    agent=agent,
                    token=token,
                    amount=amount,
                )

    def _parts(
        self, entry: PendingBundle, done: Round
    ) -> Callable[[Address | None], tuple[str, str]]:
        """Who plays which part in an attack, by address."""
        victims = {
            each.receipt.transaction.sender
            for each in done.filling.included
            if each.bundle is entry and each.source is not None
        }

        def part_of(address: Address | None) -> tuple[str, str]:
            name = OTHERS if address is None else self._holder_of.get(address, OTHERS)
            if address in victims:
                return "victim", name
            if name == entry.agent:
                return "attacker", name
            return _PARTS.get(self._roles.get(name, ""), "bystander"), name

        return part_of

    def _bundle_row(
        self, block: int, entry: PendingBundle, reason: str, landed: Landed | None
    ) -> None:
        self._rows["bundles"].add(
            block=block,
            bundle=entry.id,
            agent=entry.agent,
            legs=len(entry.bundle.legs),
            landed=landed is not None,
            reason=reason,
            paid=Wei(landed.attempt.coinbase_diff if landed else 0),
            refund=Wei(landed.refund if landed else 0),
            refunded=landed.refunded if landed else "",
        )

    def _sandwich(self, done: Round, label: SandwichLabel, legs: Sequence[Inclusion]) -> None:
        pool = self._deployment.pools[label.market]
        front, back = legs[label.frontrun], legs[label.backrun]
        victims = [legs[place] for place in label.victims]
        first = self._swaps.swap_in(front.receipt, label.market)
        last = self._swaps.swap_in(back.receipt, label.market)
        middle = [self._swaps.swap_in(leg.receipt, label.market) for leg in victims]
        if first is None or last is None or None in middle:
            return
        hit = [swap for swap in middle if swap is not None]
        token = pool.other(pool.other(label.token))
        d_in, d_out = token.decimals, pool.other(token).decimals
        fees = front.receipt.fee + back.receipt.fee
        gas = front.receipt.gas_used + back.receipt.gas_used
        without = [
            done.without_bundles(leg.source, label.market, swap.amount_out)
            for leg, swap in zip(victims, hit, strict=True)
            if leg.source is not None
        ]
        clean = None if None in without else sum(amount for amount in without if amount is not None)
        self._rows["sandwiches"].add(
            block=done.block.env.number,
            bundle=front.bundle.id if front.bundle else None,
            market=label.market,
            agent=front.agent,
            victims=len(victims),
            victim=victims[0].agent,
            victim_tx_hash="0x" + victims[0].receipt.tx_hash.hex(),
            token=token.symbol,
            token_out=pool.other(token).symbol,
            frontrun_in=Wei(first.amount_in, d_in),
            frontrun_out=Wei(first.amount_out, d_out),
            backrun_in=Wei(last.amount_in, d_out),
            backrun_out=Wei(last.amount_out, d_in),
            gross_profit=Wei(last.amount_out - first.amount_in, d_in),
            expected_profit=Wei(label.expected_profit, d_in),
            gas_cost=Wei(fees),
            tip=Wei(fees - gas * done.block.env.base_fee),
            victim_in=Wei(sum(swap.amount_in for swap in hit), d_in),
            victim_out=Wei(sum(swap.amount_out for swap in hit), d_out),
            victim_counterfactual_out=None if clean is None else Wei(clean, d_out),
        )

    def _decimals(self, token: str) -> int:
        known = self._deployment.tokens.get(token)
        return known.decimals if known else 18
