"""Sandwiches: one actor's opposite legs in a pool, with others' swaps between them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby, pairwise

from dexsim.results.mev_actors import Actors
from dexsim.results.mev_records import Detected, SwapRecord

TOLERANCE = Fraction(1, 4)
"""How far the legs may be from closing each other, as a part of the larger one.

Legs meant for each other differ by what rounding, a transfer tax or inventory takes; most of the
position is closed again. Two trades of a market maker's are of unrelated sizes.
"""


@dataclass(frozen=True)
class _Round:
    """Legs that may be a sandwich's, and whom they enclose."""

    fronts: tuple[SwapRecord, ...]
    backs: tuple[SwapRecord, ...]
    victims: tuple[SwapRecord, ...]

    @property
    def gaps(self) -> tuple[Fraction, Fraction]:
        """How far the legs are from closing each other: in the token bought, in the one put in."""
        bought, sold = _total(self.fronts, "amount_out"), _total(self.backs, "amount_in")
        paid, back = _total(self.fronts, "amount_in"), _total(self.backs, "amount_out")
        return _gap(bought, sold), _gap(paid, back)

    @property
    def sells_dearer(self) -> bool:
        """Whether the legs behind sell for more, a unit, than the legs in front have paid."""
        paid, bought = _total(self.fronts, "amount_in"), _total(self.fronts, "amount_out")
        sold, back = _total(self.backs, "amount_in"), _total(self.backs, "amount_out")
        return back * bought > paid * sold

    def detected(self, actors: Actors) -> Detected:
        first = self.fronts[0]
        in_bought, in_paid = self.gaps
        token, profit = first.token_in, _total(self.backs, "amount_out")
        profit -= _total(self.fronts, "amount_in")
        if in_paid < in_bought:  # what was sold first is bought back: the gain is the rest
            token, profit = first.token_out, _total(self.fronts, "amount_out")
            profit -= _total(self.backs, "amount_in")
        return Detected(
            kind="sandwich",
            block=first.block,
            markets=(first.market,),
            actor=actors.name(first),
            fronts=positions(self.fronts),
            victims=positions(self.victims),
            backs=positions(self.backs),
            token=token,
            gross_profit=profit,
        )


def sandwiches(
    swaps: Iterable[SwapRecord], actors: Actors, closed: Iterable[tuple[int, int]] = ()
) -> list[Detected]:
    """The sandwiches in a record.

    closed: (block, position) of transactions that close their own position and so are no legs.
    """
    shut = set(closed)
    pools = defaultdict(list)
    for swap in sorted(swaps, key=lambda swap: (swap.block, swap.market, swap.place)):
        pools[swap.block, swap.market].append(swap)
    found = [each for pool in pools.values() for each in _in_pool(pool, actors, shut)]
    return sorted(found, key=lambda each: (each.block, each.legs, each.markets))


def _in_pool(
    pool: Sequence[SwapRecord], actors: Actors, shut: set[tuple[int, int]]
) -> list[Detected]:
    by_actor = defaultdict(list)
    for swap in pool:
        if (swap.block, swap.position) not in shut:
            by_actor[actors.of(swap)].append(swap)
    return [
        each.detected(actors)
        for actor, own in by_actor.items()
        for each in _rounds(own, [s for s in pool if actors.of(s) != actor])
    ]


def _rounds(own: Sequence[SwapRecord], others: Sequence[SwapRecord]) -> list[_Round]:
    """Sandwiches of one actor in a pool, no leg in two of them, the best closed ones first."""
    runs = [tuple(run) for _, run in groupby(own, key=lambda swap: swap.token_in)]
    possible = [each for pair in pairwise(runs) for each in _between(*pair, others)]
    taken: set[SwapRecord] = set()
    kept = []
    for each in sorted(possible, key=lambda each: (min(each.gaps), each.fronts[0].place)):
        legs = {*each.fronts, *each.backs}
        if not legs & taken:
            taken |= legs
            kept.append(each)
    return kept


def _between(
    before: tuple[SwapRecord, ...], behind: tuple[SwapRecord, ...], others: Sequence[SwapRecord]
) -> list[_Round]:
    """Every way to take legs from the end of a run and from the beginning of the next."""
    fronts = [before[start:] for start in range(len(before))]
    backs = [behind[:end] for end in range(1, len(behind) + 1)]
    rounds = (_Round(f, b, _enclosed(f, b, others)) for f in fronts for b in backs)
    return [each for each in rounds if each.victims and _closes(each) and each.sells_dearer]


def _closes(each: _Round) -> bool:
    return min(each.gaps) <= TOLERANCE


def _enclosed(
    fronts: Sequence[SwapRecord], backs: Sequence[SwapRecord], others: Sequence[SwapRecord]
) -> tuple[SwapRecord, ...]:
    """Others' swaps in the direction of the front, with a front before and a back behind."""
    first, last = fronts[0], backs[-1]
    return tuple(
        swap
        for swap in others
        if first.position < swap.position < last.position and swap.token_in == first.token_in
    )


def positions(swaps: Iterable[SwapRecord]) -> tuple[int, ...]:
    """Positions of the transactions of swaps, each once."""
    return tuple(sorted({swap.position for swap in swaps}))


def _total(swaps: Iterable[SwapRecord], column: str) -> int:
    return sum(getattr(swap, column) for swap in swaps)


def _gap(one: int, other: int) -> Fraction:
    return Fraction(abs(one - other), max(one, other, 1))
