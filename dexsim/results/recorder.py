"""Writes down what happens in one arm of a run, block by block."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

import pyarrow as pa

from dexsim.blockspace.builder import Inclusion
from dexsim.blockspace.mempool import Dropped
from dexsim.chain.chain import Chain
from dexsim.chain.types import Block, Receipt
from dexsim.market.adapted import AdaptedPool
from dexsim.market.deployment import Deployment
from dexsim.market.pool import Reserves
from dexsim.market.world import NATIVE
from dexsim.results.attack_writer import AttackWriter
from dexsim.results.attacks import Outcome
from dexsim.results.batch_reader import BatchReader, Fill
from dexsim.results.bundle_writer import enter_bundles
from dexsim.results.columns import Rows, WeiCell
from dexsim.results.digest import Digest
from dexsim.results.event_rows import EventRows
from dexsim.results.gauge_reader import GaugeReader
from dexsim.results.holders import OTHERS, Holder, all_holders, by_address
from dexsim.results.issuer_reader import IssuerReader
from dexsim.results.ledger import Ledger
from dexsim.results.liquidity_reader import LiquidityReader
from dexsim.results.liquidity_rows import liquidity_rows, make_stepped
from dexsim.results.order_rows import make_ordered, order_rows
from dexsim.results.pool_events import PoolEvents
from dexsim.results.rounds import Round
from dexsim.results.shares import Shares
from dexsim.results.swap_reader import SwapReader, SwapSeen
from dexsim.results.swap_rows import make_swapped, swap_rows
from dexsim.results.tables import EVENTS, LIQUIDITY, ORDERS, SWAPS, TABLES, TRANSACTIONS
from dexsim.results.transaction_rows import Executed, make_executed, transaction_rows


class Recorder:
    """The record of one arm while it runs."""

    def __init__(
        self,
        chain: Chain,
        deployment: Deployment,
        holders: Sequence[Holder],
        builders: Sequence[Holder] = (),
    ) -> None:
        self._chain = chain
        self._deployment = deployment
        markets = deployment.world.markets
        self._transactions = transaction_rows()
        self._swapped = swap_rows({name: markets[name].venue for name in deployment.pools})
        self._stepped = liquidity_rows(deployment.pools)
        self._ordered = order_rows(deployment.pools)
        self._rows = {name: Rows(table) for name, table in TABLES.items() if table not in _APART}
        self._events = EventRows()
        self._holders = all_holders(chain, deployment, [*holders, *builders])
        self._holder_of = by_address(self._holders)
        self._ledger = Ledger(deployment)
        events = PoolEvents(deployment)
        self._swaps = SwapReader(deployment, events)
        self._batches = BatchReader(deployment)
        self._shares = Shares(deployment, self._holders)
        self._issuers = IssuerReader(deployment)
        self._liquidity = LiquidityReader(deployment, events, self._holder_of)
        self._gauges = GaugeReader(deployment, self._holder_of)
        self._attacks = AttackWriter(deployment, self._swaps, self._holders, self._rows)
        self._digest = Digest(chain.chain_id, chain.endowments)
        for holder in self._holders:
            self._rows["agents"].add(
                agent=holder.name, role=holder.role, accounts=list(holder.addresses)
            )

    # --- what the runner calls -------------------------------------------------

    def record_setup(self, block: Block, time_ms: int, prices: Mapping[str, Decimal]) -> None:
        """Enter block 0."""
        self._digest.add(block)
        for position, receipt in enumerate(block.receipts):
            self._ledger.apply(receipt.logs)
            self._swaps.read(receipt)
            self._transaction(_set_up(block, position, receipt, time_ms))
        self._end(block, time_ms, prices, builder="set-up", dropped=0, waiting=0)

    def record(self, done: Round) -> None:
        """Enter a block."""
        self._digest.add(done.block)
        for pending in done.submitted:
            if pending.order is not None:
                self._ordered.enter(make_ordered(done.block.env.number, pending.order, pending))
        for position, included in enumerate(done.filling.included):
            self._inclusion(done, position, included)
        enter_bundles(done, self._rows)
        self._attacks.enter(done, self.outcome)
        for gone in done.dropped:
            self._drop(done.block.env.number, gone)
        self._end(
            done.block,
            done.time_ms,
            done.prices,
            builder=done.builder,
            dropped=len(done.dropped),
            waiting=done.waiting,
        )

    def outcome(self, receipts: Iterable[Receipt], base_fee: int) -> Outcome:
        """What a block has left, asked while that is the state; changes nothing in the record."""
        book, gas = Ledger(self._deployment), 0
        for receipt in receipts:
            book.apply(receipt.logs)
            gas += receipt.gas_used
        native = {address: self._chain.balance(address) for address in self._holder_of}
        others = self._chain.native_supply() - sum(native.values())
        return Outcome(dict(book.balances), book.net_minted(), native, others, gas * base_fee)

    def swaps_in(self, receipt: Receipt) -> list[SwapSeen]:
        """The swaps that pools logged in a transaction, in order; changes nothing in the record."""
        return self._swaps.amounts(receipt)

    @property
    def watch(self) -> Callable[[Receipt], None] | None:
        """To be told of every execution in a block; None where nothing has to be asked then."""
        return self._swaps.watch if self._swaps.has_to_ask else None

    def digest(self) -> str:
        """The arm's digest so far."""
        return self._digest.hexdigest()

    def differences(self) -> list[str]:
        """Where the books and the chain disagree; see `Ledger.differences`."""
        return [*self._ledger.differences(), *self._issuers.differences()]

    def tables(self, *, run_id: str, arm: str, seed: int) -> dict[str, pa.Table]:
        """Everything recorded, as Arrow tables."""
        common = {"run_id": run_id, "arm": arm, "seed": seed}
        tables = {name: rows.to_arrow(common) for name, rows in self._rows.items()}
        for rows in (self._transactions, self._swapped, self._stepped, self._ordered):
            tables[rows.table.name] = rows.to_arrow(common)
        return tables | {EVENTS.name: self._events.to_arrow(common)}

    # --- transactions -----------------------------------------------------------

    def _inclusion(self, done: Round, position: int, included: Inclusion) -> None:
        receipt, source = included.receipt, included.source
        self._ledger.apply(receipt.logs)
        env, kind = done.block.env, done.kind(position)
        about = make_executed(
            block=env.number,
            position=position,
            base_fee=env.base_fee,
            receipt=receipt,
            agent=included.agent,
            role=included.role,
            kind=kind,
            visibility=source.visibility if source else "bundle",
            bundle=included.bundle.id if included.bundle else None,
            submitted_block=source.submitted_block if source else env.number,
            arrival_ms=source.arrival_ms if source else done.time_ms,
        )
        self._transaction(about)
        hops = self._swaps.read(receipt)
        for hop, swap in enumerate(hops):
            self._swap(done, position, included, swap, kind=kind, is_last=hop == len(hops) - 1)
        self._batches.note(included, done.block.env.number, position)
        for fill in self._batches.fills(receipt):
            self._fill(done.block.env.number, position, fill, self._swaps.before(fill.market))

    def _transaction(self, done: Executed) -> None:
        """Everything that a receipt tells, and what it did to pools and to whose liquidity it is."""
        block, position, receipt = done.block, done.position, done.receipt
        self._transactions.enter(done)
        self._events.add(block=block, position=position, logs=receipt.logs)
        self._gauges.read(receipt)
        for step in self._liquidity.read(receipt):
            self._stepped.enter(make_stepped(block, position, done.agent, done.role, step))

    def _swap(
        self,
        done: Round,
        position: int,
        included: Inclusion,
        swap: SwapSeen,
        *,
        kind: str,
        is_last: bool,
    ) -> None:
        source, market = included.source, swap.market
        # A limit is about what the last pool on the way pays.
        readable = source.swap if source and is_last else None
        without = done.without_bundles(source, market, swap.amount_out) if source else None
        row = make_swapped(
            block=done.block.env.number,
            position=position,
            receipt=included.receipt,
            market=market,
            agent=included.agent,
            role=included.role,
            kind="swap" if kind == "other" else kind,
            token_in=swap.token_in,
            token_out=swap.token_out,
            amount_in=swap.amount_in,
            amount_out=swap.amount_out,
            quoted_out=source.quoted_out if source else None,
            min_amount_out=readable.min_amount_out if readable else None,
            counterfactual_out=without,
            mid_quoted=self._swaps.whole(market, source.mid_quoted) if source else None,
            mid_before=swap.mid_before,
            mid_after=swap.mid_after,
        )
        self._swapped.enter(row)

    def _fill(self, block: int, position: int, fill: Fill, before: Reserves) -> None:
        """An order that a batch executed, in the place of the transaction that handed it in."""
        included, market = fill.placed.included, fill.market
        source = included.source
        row = make_swapped(
            block=block,
            position=fill.placed.position if fill.placed.block == block else position,
            receipt=included.receipt,
            market=market,
            agent=included.agent,
            role=included.role,
            kind="fill",
            token_in=fill.token_in,
            token_out=fill.token_out,
            amount_in=fill.amount_in,
            amount_out=fill.amount_out,
            quoted_out=source.quoted_out if source else None,
            min_amount_out=source.limit if source else None,
            counterfactual_out=None,
            mid_quoted=self._swaps.whole(market, source.mid_quoted) if source else None,
            mid_before=self._swaps.mid(market, before),
            mid_after=self._swaps.price(market),
        )
        self._swapped.enter(row)

    def _drop(self, block: int, gone: Dropped) -> None:
        pending = gone.pending
        self._rows["drops"].add(
            block=block,
            agent=pending.agent,
            role=pending.role,
            what=pending.tx.what,
            visibility=pending.visibility,
            submitted_block=pending.submitted_block,
            reason=gone.reason,
        )

    # --- the end of a block -----------------------------------------------------

    def _end(
        self,
        block: Block,
        time_ms: int,
        prices: Mapping[str, Decimal],
        *,
        builder: str,
        dropped: int,
        waiting: int,
    ) -> None:
        number = block.env.number
        burnt = block.env.base_fee * block.gas_used
        self._block(block, time_ms, builder, dropped, waiting)
        minted, burned = self._ledger.close_block()
        self._swaps.close_block()
        self._ledger.hold_shares(self._shares.ask(block))
        for token, price in prices.items():
            exact = format(price, "f")
            self._rows["prices"].add(block=number, token=token, price=float(price), exact=exact)
        self._pools(number, prices)
        for row in self._issuers.ask():
            self._rows["issuers"].add(block=number, **row)
        self._supplies(number, minted, burned | {NATIVE: burnt})
        self._balances(number)
        for table, row in self._gauges.ask():
            self._rows[table].add(block=number, **row)

    def _block(self, block: Block, time_ms: int, builder: str, dropped: int, waiting: int) -> None:
        env = block.env
        burnt = env.base_fee * block.gas_used
        paid = sum(receipt.fee for receipt in block.receipts)
        self._rows["blocks"].add(
            block=env.number,
            time=time_ms / 1000,
            time_ms=time_ms,
            timestamp=env.timestamp,
            base_fee=env.base_fee,
            gas_limit=env.gas_limit,
            gas_used=block.gas_used,
            transactions=len(block.receipts),
            reverts=sum(not receipt.status for receipt in block.receipts),
            dropped=dropped,
            waiting=waiting,
            burnt=WeiCell(burnt),
            builder_revenue=WeiCell(paid - burnt),
            builder=builder,
            coinbase=env.coinbase,
            prev_randao=env.prev_randao.to_bytes(32, "big"),
        )

    def _pools(self, number: int, prices: Mapping[str, Decimal]) -> None:
        supplies = self._ledger.supplies()
        for market, pool in self._deployment.pools.items():
            base, quote = pool.base, pool.quote
            held = self._swaps.reserves[market]
            outside = None
            if base.symbol in prices and quote.symbol in prices:
                outside = float(Fraction(prices[base.symbol]) / Fraction(prices[quote.symbol]))
            self._rows["pools"].add(
                block=number,
                market=market,
                base=base.symbol,
                quote=quote.symbol,
                base_reserve=WeiCell(held.base, base.decimals),
                quote_reserve=WeiCell(held.quote, quote.decimals),
                price=self._swaps.price(market),
                lp_supply=WeiCell(supplies.get(f"LP {market}", 0)),
                outside_price=outside,
                fee_bps=None if isinstance(pool, AdaptedPool) else pool.fee_bps,
            )

    def _supplies(self, number: int, minted: Mapping[str, int], burned: Mapping[str, int]) -> None:
        for token in sorted({*minted, *burned}):
            decimals = self._decimals(token)
            self._rows["supplies"].add(
                block=number,
                token=token,
                minted=WeiCell(minted.get(token, 0), decimals),
                burned=WeiCell(burned.get(token, 0), decimals),
            )

    def _balances(self, number: int) -> None:
        held: dict[tuple[str, str], int] = {}
        for (token, address), amount in self._ledger.balances.items():
            key = (self._holder_of.get(address, OTHERS), token)
            held[key] = held.get(key, 0) + amount
        for key in self._shares.places:
            held.setdefault(key, 0)
        known = 0
        for holder in self._holders:
            native = sum(self._chain.balance(address) for address in holder.addresses)
            held[holder.name, NATIVE] = native
            known += native
        held[OTHERS, NATIVE] = self._chain.native_supply() - known
        for (holder_name, token), amount in sorted(held.items()):
            wei = WeiCell(amount, self._decimals(token))
            self._rows["balances"].add(block=number, agent=holder_name, token=token, amount=wei)

    def _decimals(self, token: str) -> int:
        known = self._deployment.tokens.get(token)
        return known.decimals if known else 18


def joined(arms: Mapping[str, Recorder], *, run_id: str, seed: int) -> dict[str, pa.Table]:
    """The tables of all arms of a run, one below the other."""
    parts = [recorder.tables(run_id=run_id, arm=arm, seed=seed) for arm, recorder in arms.items()]
    return {name: pa.concat_tables([part[name] for part in parts]) for name in TABLES}


_APART = (EVENTS, TRANSACTIONS, SWAPS, LIQUIDITY, ORDERS)
"""Tables that have writers of their own: their rows come with every transaction."""


def _set_up(block: Block, position: int, receipt: Receipt, time_ms: int) -> Executed:
    """A transaction of block 0."""
    return make_executed(
        block=block.env.number,
        position=position,
        base_fee=block.env.base_fee,
        receipt=receipt,
        agent="set-up",
        role="set-up",
        kind="set-up",
        visibility="private",
        bundle=None,
        submitted_block=0,
        arrival_ms=time_ms,
    )
