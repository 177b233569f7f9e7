"""Back-runs: cycles in one transaction, and swaps that undo the one directly before them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from fractions import Fraction

from dexsim.results.mev_actors import Actors
from dexsim.results.mev_records import Detected, SwapRecord
from dexsim.results.mev_sandwiches import positions

CLOSED_BY_ANYBODY = Fraction(1, 2)
"""Part of the price move that a swap through a router has to take back to be a back-run."""

CLOSED_BY_A_CONTRACT = Fraction(1, 4)
"""The same for a swap from a contract of the actor's own.

Between two equal pools a back-run takes back half of a move, and the fees of two pools leave
less of it; users do not trade through contracts of their own.
"""


def backruns(
    swaps: Iterable[SwapRecord], actors: Actors, taken: Iterable[tuple[int, int]] = ()
) -> list[Detected]:
    """The back-runs in a record.

    taken: (block, position) of transactions that are legs of something else already.
    """
    swaps = sorted(swaps, key=lambda swap: (swap.block, swap.place))
    legs = set(taken)
    pools = defaultdict(list)
    for swap in swaps:
        pools[swap.block, swap.market].append(swap)
    found = []
    for place, own in by_transaction(swaps).items():
        if place not in legs:
            found += _cycle(own, pools, actors) or _answer(own, pools, actors)
    return found


def by_transaction(swaps: Iterable[SwapRecord]) -> dict[tuple[int, int], list[SwapRecord]]:
    """The swaps of every transaction, in order."""
    found = defaultdict(list)
    for swap in sorted(swaps, key=lambda swap: (swap.block, swap.place)):
        found[swap.block, swap.position].append(swap)
    return dict(found)


def is_closed(own: Sequence[SwapRecord]) -> bool:
    """Whether a transaction is left with no less of any token, and with more of one."""
    net = _net(own)
    return min(net.values()) >= 0 < max(net.values())


def _returns(own: Sequence[SwapRecord]) -> bool:
    """Whether a transaction ends with more of the token that it began with.

    Steps between may have gone over exchanges that are not on record.
    """
    first, last = own[0], own[-1]
    pools = len({swap.market for swap in own})
    return pools > 1 and first.token_in == last.token_out and _net(own)[first.token_in] > 0


def _cycle(
    own: Sequence[SwapRecord],
    pools: dict[tuple[int, str], list[SwapRecord]],
    actors: Actors,
) -> list[Detected]:
    if not is_closed(own) and not _returns(own):
        return []
    token = _gained(own)
    victims = {_answered(leg, pools, actors) for leg in own} - {None}
    return [_detected(own, positions(v for v in victims if v), actors, (token, _net(own)[token]))]


def _answer(
    own: Sequence[SwapRecord],
    pools: dict[tuple[int, str], list[SwapRecord]],
    actors: Actors,
) -> list[Detected]:
    """A single swap behind swaps of others that takes back part of what they moved."""
    if len(own) > 1:
        return []
    leg = own[0]
    least = CLOSED_BY_A_CONTRACT if actors.through_own_contract(leg) else CLOSED_BY_ANYBODY
    moved, victims = 0, []
    for swap in _directly_before(leg, pools[leg.block, leg.market], actors):
        victims.append(swap)
        moved += swap.amount_out
        if leg.amount_in <= moved:
            enough = leg.amount_in >= least * moved
            return [_detected(own, positions(victims), actors, (leg.token_in, 0))] * enough
    return []


def _directly_before(
    leg: SwapRecord, pool: Sequence[SwapRecord], actors: Actors
) -> list[SwapRecord]:
    """Others' swaps of the other direction in the transactions directly before, latest first."""
    found: list[SwapRecord] = []
    position = leg.position
    for swap in reversed([swap for swap in pool if swap.place < leg.place]):
        same_actor = actors.of(swap) == actors.of(leg)
        if same_actor or swap.token_in == leg.token_in or swap.position < position - 1:
            break
        position = swap.position
        found.append(swap)
    return found


def _answered(
    leg: SwapRecord, pools: dict[tuple[int, str], list[SwapRecord]], actors: Actors
) -> SwapRecord | None:
    """The last swap before in the leg's pool, where it is another's and of the other direction."""
    before = [s for s in pools[leg.block, leg.market] if s.position < leg.position]
    if not before or actors.of(before[-1]) == actors.of(leg):
        return None
    return before[-1] if before[-1].token_in != leg.token_in else None


def _net(own: Iterable[SwapRecord]) -> dict[str, int]:
    """What the pools have paid, less what they got, by token."""
    net: dict[str, int] = defaultdict(int)
    for swap in own:
        net[swap.token_in] -= swap.amount_in
        net[swap.token_out] += swap.amount_out
    return net


def _gained(own: Sequence[SwapRecord]) -> str:
    """The token of the gain: the first one that was put in and came back as more."""
    net = _net(own)
    more = [swap.token_in for swap in own if net[swap.token_in] > 0]
    return more[0] if more else max(net, key=lambda token: net[token])


def _detected(
    own: Sequence[SwapRecord],
    victims: tuple[int, ...],
    actors: Actors,
    gain: tuple[str, int],
) -> Detected:
    first = own[0]
    return Detected(
        kind="backrun",
        block=first.block,
        markets=tuple(dict.fromkeys(swap.market for swap in own)),
        actor=actors.name(first),
        fronts=(),
        victims=victims,
        backs=(first.position,),
        token=gain[0],
        gross_profit=gain[1],
    )
