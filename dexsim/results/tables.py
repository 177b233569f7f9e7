"""Every table of a run and every column in it, described once.

Amounts are exact: a column of type WEI is `decimal128(38, 0)` in the token's
smallest unit, and has a float twin `<name>_tokens` in whole tokens beside it,
for plotting. The recorder, the files and the documentation follow this text.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Kind(Enum):
    """How a column is stored."""

    TEXT = "text"
    INT = "int64"
    FLOAT = "float64"
    BOOL = "bool"
    BYTES = "binary"
    WEI = "decimal128(38, 0) with a float twin"
    TEXTS = "list of text"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name, how it is stored, and what it means."""

    name: str
    kind: Kind
    meaning: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table: one row a what, and its columns."""

    name: str
    row: str
    columns: tuple[Column, ...]


def _columns(*rows: tuple[str, Kind, str]) -> tuple[Column, ...]:
    return tuple(Column(*row) for row in rows)


COMMON = _columns(
    ("run_id", Kind.TEXT, "first 16 digits of the run's digest"),
    ("arm", Kind.TEXT, "arm of the experiment; 'base' where there are none"),
    ("seed", Kind.INT, "seed of the run"),
)
"""In front of every table's own columns."""

BLOCKS = Table(
    "blocks",
    "a block; block 0 is the set-up, which pays no fees",
    _columns(
        ("block", Kind.INT, "number in the run; also the number that contracts see"),
        ("time", Kind.FLOAT, "Unix time in seconds, with its fraction"),
        ("time_ms", Kind.INT, "Unix time in milliseconds"),
        ("timestamp", Kind.INT, "what contracts see: Unix time in seconds, rounded down"),
        ("base_fee", Kind.INT, "wei per gas, burnt"),
        ("gas_limit", Kind.INT, "gas that the block could hold"),
        ("gas_used", Kind.INT, "gas of its transactions"),
        ("transactions", Kind.INT, "number of transactions"),
        ("reverts", Kind.INT, "transactions that failed and still paid gas"),
        ("dropped", Kind.INT, "pending transactions that no block could hold any more"),
        ("waiting", Kind.INT, "pending transactions left for later blocks"),
        ("burnt", Kind.WEI, "native money burnt as base fee"),
        ("builder_revenue", Kind.WEI, "native money that the builder got as tips"),
        ("builder", Kind.TEXT, "name of the builder; 'set-up' in block 0"),
        ("coinbase", Kind.TEXT, "address of the builder"),
        ("prev_randao", Kind.BYTES, "what PREVRANDAO gives, 32 bytes"),
    ),
)

TRANSACTIONS = Table(
    "transactions",
    "a transaction in a block, in the order of execution",
    _columns(
        ("block", Kind.INT, "its block"),
        ("position", Kind.INT, "its place in the block, from 0"),
        ("tx_hash", Kind.TEXT, "keccak-256 of the complete unsigned transaction and its sender"),
        ("agent", Kind.TEXT, "whose it is; 'set-up' in block 0"),
        ("role", Kind.TEXT, "the agent's role"),
        ("kind", Kind.TEXT, "set-up, swap, frontrun, victim, backrun, or other"),
        ("what", Kind.TEXT, "contract and function"),
        (
            "visibility",
            Kind.TEXT,
            "public, private, hint, encrypted, or bundle for a searcher's own leg",
        ),
        ("bundle", Kind.INT, "number of the bundle that it landed in; empty outside bundles"),
        ("status", Kind.BOOL, "whether it succeeded"),
        ("reason", Kind.TEXT, "why it failed, '' otherwise"),
        ("gas_used", Kind.INT, "gas after refunds, intrinsic gas included"),
        ("effective_gas_price", Kind.INT, "wei per gas paid"),
        ("tip", Kind.WEI, "native money that the builder got from it"),
        ("submitted_block", Kind.INT, "first block that could hold it"),
        ("arrival_ms", Kind.INT, "when it was submitted, Unix milliseconds"),
        ("sender", Kind.TEXT, "address"),
        ("to", Kind.TEXT, "address called; empty where a contract is created"),
        ("nonce", Kind.INT, "the sender's nonce"),
        ("value", Kind.WEI, "native money sent along"),
        ("data", Kind.BYTES, "calldata or creation code"),
        ("gas_limit", Kind.INT, "gas that it asked for"),
        ("max_fee_per_gas", Kind.INT, "wei per gas"),
        ("max_priority_fee_per_gas", Kind.INT, "wei per gas"),
        ("access_list", Kind.BYTES, "EIP-2930 access list as JSON; empty where there is none"),
    ),
)

EVENTS = Table(
    "events",
    "an event as a contract logged it, in the order of logging",
    _columns(
        ("block", Kind.INT, "its block"),
        ("position", Kind.INT, "its transaction's place in the block"),
        ("event", Kind.INT, "its place among the transaction's events, from 0"),
        ("contract", Kind.TEXT, "address of the contract that logged it"),
        ("topic0", Kind.BYTES, "first topic, 32 bytes: by most contracts the signature's hash"),
        ("topic1", Kind.BYTES, "second topic: the first indexed field; empty where there is none"),
        ("topic2", Kind.BYTES, "third topic"),
        ("topic3", Kind.BYTES, "fourth topic"),
        ("data", Kind.BYTES, "the fields that are not indexed, ABI-encoded"),
    ),
)

SWAPS = Table(
    "swaps",
    "a swap that a pool executed",
    _columns(
        ("block", Kind.INT, "its block"),
        ("position", Kind.INT, "place of its transaction in the block"),
        ("tx_hash", Kind.TEXT, "its transaction"),
        ("venue", Kind.TEXT, "venue"),
        ("market", Kind.TEXT, "market"),
        ("agent", Kind.TEXT, "whose it is"),
        ("role", Kind.TEXT, "the agent's role"),
        ("kind", Kind.TEXT, "swap, frontrun, victim or backrun; fill: of an order in a batch"),
        ("token_in", Kind.TEXT, "token sold"),
        ("token_out", Kind.TEXT, "token bought"),
        ("amount_in", Kind.WEI, "what the pool received"),
        ("amount_out", Kind.WEI, "what the pool paid"),
        (
            "quoted_out",
            Kind.WEI,
            "quote at the start of the block of submission; empty without one",
        ),
        ("min_amount_out", Kind.WEI, "the limit, on a route's last pool; empty without one"),
        (
            "counterfactual_out",
            Kind.WEI,
            "what it would have got in this block without the bundles' own legs: executed, not "
            "estimated; empty where it would have failed, and for the bundles' own legs",
        ),
        ("mid_quoted", Kind.FLOAT, "pool price at the quote (quote per base, whole tokens)"),
        ("mid_before", Kind.FLOAT, "pool price just before the swap"),
        ("mid_after", Kind.FLOAT, "pool price just after the swap"),
        ("gas_cost", Kind.WEI, "native money that its sender paid for gas"),
    ),
)

POOLS = Table(
    "pools",
    "a pool at the end of a block",
    _columns(
        ("block", Kind.INT, "the block"),
        ("market", Kind.TEXT, "market"),
        ("base", Kind.TEXT, "base token"),
        ("quote", Kind.TEXT, "quote token"),
        ("base_reserve", Kind.WEI, "reserve of the base token"),
        ("quote_reserve", Kind.WEI, "reserve of the quote token"),
        ("price", Kind.FLOAT, "quote per base, whole tokens"),
        (
            "lp_supply",
            Kind.WEI,
            "LP tokens, the locked minimum included; shares that are no token: those of known holders",
        ),
        ("outside_price", Kind.FLOAT, "outside price, quote per base; empty without one"),
        (
            "fee_bps",
            Kind.INT,
            "what its swaps leave of their input; empty for a pool of no known shape",
        ),
    ),
)

LIQUIDITY = Table(
    "liquidity",
    "a step of a pool, in the order of the logs: what changed its reserves, or whose liquidity it "
    "is; none of a pool behind an adapter, which logs what it likes",
    _columns(
        ("block", Kind.INT, "its block"),
        ("position", Kind.INT, "place of its transaction in the block"),
        ("step", Kind.INT, "place of its log in the transaction, from 0"),
        ("market", Kind.TEXT, "market"),
        (
            "kind",
            Kind.TEXT,
            "swap, mint, burn, or sync: reserves changed; created, destroyed, transfer, stake or "
            "unstake: LP tokens moved",
        ),
        ("agent", Kind.TEXT, "whose transaction it is; 'set-up' in block 0"),
        ("role", Kind.TEXT, "the agent's role"),
        ("source", Kind.TEXT, "holder whose LP tokens moved; '' where they were created"),
        ("target", Kind.TEXT, "holder who got them; '' where they were destroyed"),
        ("lp", Kind.WEI, "LP tokens that moved"),
        ("base", Kind.WEI, "change of the reserve of the base token"),
        ("quote", Kind.WEI, "change of the reserve of the quote token"),
        ("base_in", Kind.WEI, "base that the pool received in a swap or a mint"),
        ("quote_in", Kind.WEI, "quote that it received"),
        ("base_out", Kind.WEI, "base that it paid in a swap or a burn"),
        ("quote_out", Kind.WEI, "quote that it paid"),
    ),
)

GAUGES = Table(
    "gauges",
    "a gauge and one of its rewards at the end of a block; amounts since the gauge was there",
    _columns(
        ("block", Kind.INT, "the block"),
        ("gauge", Kind.TEXT, "gauge"),
        ("market", Kind.TEXT, "market whose LP tokens are staked"),
        ("reward", Kind.TEXT, "token that it pays"),
        ("total_staked", Kind.WEI, "LP tokens staked by everybody"),
        ("rate", Kind.WEI, "reward that it emits in a second now"),
        ("emitted", Kind.WEI, "reward emitted to it"),
        ("claimed", Kind.WEI, "reward that stakers have claimed"),
        ("claimable", Kind.WEI, "reward that stakers could claim now"),
        (
            "undistributed",
            Kind.WEI,
            "reward that nobody can claim: emitted without a stake, given up, or lost to rounding",
        ),
    ),
)

REWARDS = Table(
    "rewards",
    "a holder who has staked in a gauge, and one of its rewards, at the end of a block",
    _columns(
        ("block", Kind.INT, "the block"),
        ("gauge", Kind.TEXT, "gauge"),
        ("market", Kind.TEXT, "market whose LP tokens are staked"),
        ("reward", Kind.TEXT, "token that it pays"),
        ("agent", Kind.TEXT, "holder"),
        ("staked", Kind.WEI, "LP tokens that the holder has staked"),
        ("claimed", Kind.WEI, "reward that the holder has claimed so far"),
        ("claimable", Kind.WEI, "reward that the holder could claim now"),
    ),
)

AGENTS = Table(
    "agents",
    "somebody who can hold tokens: an agent, a pool, a gauge, the builder, ...",
    _columns(
        ("agent", Kind.TEXT, "name"),
        ("role", Kind.TEXT, "role"),
        ("accounts", Kind.TEXTS, "addresses"),
    ),
)

BALANCES = Table(
    "balances",
    "what a holder has at the end of a block; LP tokens are 'LP <market>', staked ones "
    "'staked <gauge>'",
    _columns(
        ("block", Kind.INT, "the block"),
        ("agent", Kind.TEXT, "holder"),
        ("token", Kind.TEXT, "token; ETH is the native money"),
        ("amount", Kind.WEI, "balance over all of the holder's accounts"),
    ),
)

SUPPLIES = Table(
    "supplies",
    "a token whose supply changed in a block",
    _columns(
        ("block", Kind.INT, "the block"),
        ("token", Kind.TEXT, "token; ETH is the native money"),
        ("minted", Kind.WEI, "created in the block"),
        ("burned", Kind.WEI, "destroyed in the block; for ETH the base fees"),
    ),
)

PRICES = Table(
    "prices",
    "an outside price at a block's time",
    _columns(
        ("block", Kind.INT, "the block"),
        ("token", Kind.TEXT, "token; ETH is the native money"),
        ("price", Kind.FLOAT, "of one whole token in the numeraire"),
        ("exact", Kind.TEXT, "the same as the decimal that agents saw"),
    ),
)

ORDERS = Table(
    "orders",
    "an order as it was made, whatever became of it",
    _columns(
        ("block", Kind.INT, "first block that could hold it"),
        ("arrival_ms", Kind.INT, "Unix time in milliseconds"),
        ("agent", Kind.TEXT, "whose it is"),
        ("account", Kind.TEXT, "name of the account"),
        ("market", Kind.TEXT, "market"),
        ("token_in", Kind.TEXT, "token sold"),
        ("amount_in", Kind.WEI, "what it sells"),
        ("slippage_bps", Kind.INT, "tolerance"),
        ("min_amount_out", Kind.WEI, "its limit in the token bought"),
        ("tip_per_gas", Kind.INT, "wei per gas for the builder"),
        ("visibility", Kind.TEXT, "public or private"),
    ),
)

BUNDLES = Table(
    "bundles",
    "a bundle that was sent, landed or not",
    _columns(
        ("block", Kind.INT, "the block that it was for"),
        ("bundle", Kind.INT, "number"),
        ("agent", Kind.TEXT, "searcher"),
        ("legs", Kind.INT, "transactions in it"),
        ("landed", Kind.BOOL, "whether it stands in the block"),
        ("reason", Kind.TEXT, "why it does not, '' otherwise"),
        ("paid", Kind.WEI, "native money that the builder got by it, tips and transfers"),
        ("refund", Kind.WEI, "native money that the builder paid back for it"),
        ("refunded", Kind.TEXT, "whom; '' for nobody"),
    ),
)

ATTACKS = Table(
    "attacks",
    "a transaction's part in an attack that landed as its searcher meant it",
    _columns(
        ("block", Kind.INT, "the block"),
        ("attack", Kind.INT, "the attack's number: its bundle's, where it is one"),
        ("kind", Kind.TEXT, "sandwich, backrun or jit"),
        ("agent", Kind.TEXT, "searcher"),
        ("market", Kind.TEXT, "the first market that it trades in"),
        ("part", Kind.TEXT, "frontrun, victim, backrun, mint or burn"),
        ("position", Kind.INT, "the transaction's place in the block"),
        ("tx_hash", Kind.TEXT, "the transaction"),
    ),
)

EFFECTS = Table(
    "effects",
    "what an attack that landed did to somebody: with it, less without it, both executed",
    _columns(
        ("block", Kind.INT, "the block"),
        ("attack", Kind.INT, "the attack's number"),
        (
            "part",
            Kind.TEXT,
            "attacker, victim, liquidity, builder, bystander; minted, or burnt for base fees",
        ),
        ("agent", Kind.TEXT, "whose it is"),
        ("token", Kind.TEXT, "token, ETH for native money"),
        (
            "amount",
            Kind.WEI,
            "what came with the attack, below zero what it cost; all parts of one token sum to zero",
        ),
    ),
)

DROPS = Table(
    "drops",
    "a pending transaction that was given up; it has cost nothing",
    _columns(
        ("block", Kind.INT, "the block in which it stopped waiting"),
        ("agent", Kind.TEXT, "whose it is"),
        ("role", Kind.TEXT, "the agent's role"),
        ("what", Kind.TEXT, "contract and function"),
        ("visibility", Kind.TEXT, "public, private, hint or encrypted"),
        ("submitted_block", Kind.INT, "first block that could have held it"),
        ("reason", Kind.TEXT, "why: expired, replaced, underpriced, or what no block could hold"),
    ),
)

SANDWICHES = Table(
    "sandwiches",
    "a sandwich that landed, as its searcher meant it",
    _columns(
        ("block", Kind.INT, "its block"),
        ("attack", Kind.INT, "its number: its bundle's, where it is one"),
        ("market", Kind.TEXT, "market"),
        ("agent", Kind.TEXT, "searcher"),
        ("victims", Kind.INT, "swaps that stand in the middle"),
        ("victim", Kind.TEXT, "agent of the first of them"),
        ("victim_tx_hash", Kind.TEXT, "its transaction"),
        ("token", Kind.TEXT, "token that the attacker put in and took out"),
        ("token_out", Kind.TEXT, "the pool's other token"),
        ("frontrun_in", Kind.WEI, "put in by the front-run"),
        ("frontrun_out", Kind.WEI, "bought by it"),
        ("backrun_in", Kind.WEI, "sold again by the back-run; the rest of frontrun_out is kept"),
        ("backrun_out", Kind.WEI, "got back by the back-run"),
        (
            "gross_profit",
            Kind.WEI,
            "backrun_out - frontrun_in, in `token`; what is kept comes on top",
        ),
        ("expected_profit", Kind.WEI, "what the searcher expected, its estimate of gas deducted"),
        ("gas_cost", Kind.WEI, "native money paid for both legs, tips included"),
        ("tip", Kind.WEI, "the builder's part of it"),
        ("victim_in", Kind.WEI, "what the victims sold"),
        ("victim_out", Kind.WEI, "what the victims got"),
        (
            "victim_counterfactual_out",
            Kind.WEI,
            "what they would have got without bundles and attacks; empty where one would have failed",
        ),
    ),
)

ISSUERS = Table(
    "issuers",
    "a token that somebody issues, at the end of a block",
    _columns(
        ("block", Kind.INT, "the block"),
        ("token", Kind.TEXT, "the token"),
        ("backing", Kind.TEXT, "what is deposited for it"),
        ("minted", Kind.WEI, "minted since the beginning"),
        ("redeemed", Kind.WEI, "redeemed since the beginning"),
        ("outstanding", Kind.WEI, "minted - redeemed, those that wait included"),
        ("reserve", Kind.WEI, "backing held for redemptions"),
        ("income", Kind.WEI, "fees and other income that the owner can collect"),
        ("waiting", Kind.WEI, "handed in and not redeemed yet"),
    ),
)

TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        BLOCKS,
        TRANSACTIONS,
        EVENTS,
        SWAPS,
        POOLS,
        LIQUIDITY,
        GAUGES,
        REWARDS,
        AGENTS,
        BALANCES,
        SUPPLIES,
        PRICES,
        ORDERS,
        BUNDLES,
        DROPS,
        ATTACKS,
        EFFECTS,
        SANDWICHES,
        ISSUERS,
    )
}
"""All tables by name; one Parquet file each."""
