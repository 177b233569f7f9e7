"""What a replay of recorded swaps has found, as an object and in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from dexsim.conformance.recorded_swaps import RecordedSwap
from dexsim.conformance.recorded_verdicts import EXACT, MISMATCH, VERDICTS, Verdict
from dexsim.results.mev_records import Detected

KNOWN_TOKENS = {
    "0xc02aaa39b223fe8d0a0e5c4f27ead9083c756cc2": ("WETH", 18),
    "0xa0b86991c6218b36c1d19d4a2e9eb0ce3606eb48": ("USDC", 6),
    "0xdac17f958d2ee523a2206206994597c13d831ec7": ("USDT", 6),
    "0x6b175474e89094c44da98b954eedeac495271d0f": ("DAI", 18),
    "0x2260fac5e5542a773aa44fbcfedf7c193bc2c599": ("WBTC", 8),
}
"""Symbol and decimals of tokens of Ethereum mainnet, by address."""


def as_object(verdicts: Sequence[Verdict], attacks: Sequence[Detected]) -> dict[str, Any]:
    """For `--json`: rows in the order of the chain, amounts in wei."""
    return {
        "rows": len(verdicts),
        "counts": counts(verdicts),
        "swaps": [_row(each) for each in verdicts],
        "attacks": [_attack(each) for each in attacks],
    }


def counts(verdicts: Sequence[Verdict]) -> dict[str, int]:
    """How many rows have which verdict; every verdict is there."""
    found = Counter(each.verdict for each in verdicts)
    return {verdict: found[verdict] for verdict in VERDICTS}


def lines(verdicts: Sequence[Verdict], attacks: Sequence[Detected]) -> list[str]:
    """A table of blocks, the rows that are not exact, and the attacks."""
    names = _pool_names([each.row for each in verdicts])
    told = [*_table(verdicts), ""]
    told += [_odd(each, names) for each in verdicts if each.verdict != EXACT]
    told += ["", f"{len(attacks)} attacks detected"]
    return told + [_told(each, names) for each in attacks]


def _table(verdicts: Sequence[Verdict]) -> list[str]:
    blocks = dict.fromkeys(each.row.block for each in verdicts)
    table = [["block", "pools", "rows", *VERDICTS]]
    for block in blocks:
        table.append(_cells(str(block), [v for v in verdicts if v.row.block == block]))
    table.append(_cells("all", verdicts))
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    return [
        "  ".join(cell.rjust(width) for cell, width in zip(cells, widths, strict=True))
        for cells in table
    ]


def _cells(name: str, verdicts: Sequence[Verdict]) -> list[str]:
    pools = len({each.row.pair for each in verdicts})
    return [name, str(pools), str(len(verdicts)), *map(str, counts(verdicts).values())]


def _odd(each: Verdict, names: dict[str, str]) -> str:
    row = each.row
    where = f"line {row.line}, block {row.block}:{row.txi}, {names[row.pair]}"
    return f"{where}: {each.verdict}: {each.says}"


def _told(each: Detected, names: dict[str, str]) -> str:
    parts = [("front", each.fronts), ("victims", each.victims), ("back", each.backs)]
    places = ", ".join(f"{name} {_list(places)}" for name, places in parts if places)
    markets = " > ".join(names[market] for market in each.markets)
    gain = f", gains {_amount(each.gross_profit, each.token)}" if each.gross_profit else ""
    who = short(each.actor) if each.actor else "an unknown"
    return f"{each.kind} in block {each.block} by {who}: {markets}: {places}{gain}"


def _list(places: Sequence[int]) -> str:
    return " ".join(map(str, places))


def _pool_names(rows: Sequence[RecordedSwap]) -> dict[str, str]:
    return {
        row.pair: f"{_symbol(row.token0)}/{_symbol(row.token1)} {short(row.pair)}" for row in rows
    }


def _symbol(token: str) -> str:
    return KNOWN_TOKENS[token][0] if token in KNOWN_TOKENS else short(token)


def short(address: str) -> str:
    """The beginning and the end of an address."""
    return f"{address[:6]}…{address[-4:]}" if len(address) > len("0x1234…5678") else address


def _amount(wei: int, token: str) -> str:
    if token not in KNOWN_TOKENS:
        return f"{wei} wei of {_symbol(token)}"
    symbol, decimals = KNOWN_TOKENS[token]
    return f"{Decimal(wei).scaleb(-decimals):f} {symbol}"


def _row(each: Verdict) -> dict[str, Any]:
    row = each.row
    return {
        "line": row.line,
        "block": row.block,
        "txi": row.txi,
        "trace": ".".join(map(str, row.trace)),
        "pair": row.pair,
        "verdict": each.verdict,
        "says": each.says,
    }


def _attack(each: Detected) -> dict[str, Any]:
    return {
        "kind": each.kind,
        "block": each.block,
        "markets": list(each.markets),
        "actor": each.actor,
        "fronts": list(each.fronts),
        "victims": list(each.victims),
        "backs": list(each.backs),
        "token": each.token,
        "gross_profit": each.gross_profit,
    }


def mismatches(verdicts: Sequence[Verdict]) -> int:
    """How many rows fit no pool."""
    return counts(verdicts)[MISMATCH]
