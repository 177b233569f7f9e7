"""Putting entries in order without ever swapping one sender's nonces, as geth's miner does."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from heapq import heapify, heappop, heapreplace
from typing import Any, TypeAlias

from dexsim.blockspace.bundles import Entry, PendingBundle
from dexsim.blockspace.pending import Pending

Key: TypeAlias = Callable[[Entry], Any]


def merge_heads(entries: Sequence[Entry], key: Key) -> list[Entry]:
    """Entries by `key`, least first, each sender's own in the order in which they are given.

    Of every sender only the head competes; behind it stands the next. A bundle is a sender of its
    own. n*log(n) in the number of entries.
    """
    queues = [iter(queue) for queue in _by_sender(entries)]
    firsts = [(next(queue), queue) for queue in queues]
    heads = [(key(head), head.id, head, queue) for head, queue in firsts]
    heapify(heads)
    merged = []
    while heads:
        _, _, head, queue = heads[0]
        merged.append(head)
        follower = next(queue, None)
        if follower is None:
            heappop(heads)
        else:
            heapreplace(heads, (key(follower), follower.id, follower, queue))
    return merged


def _by_sender(entries: Sequence[Entry]) -> Iterator[list[Entry]]:
    senders: dict[str, list[Entry]] = {}
    for entry in entries:
        if isinstance(entry, PendingBundle):
            yield [entry]
        else:
            senders.setdefault(entry.tx.sender, []).append(entry)
    yield from senders.values()


def in_turn(own: Sequence[Pending], nonce: int) -> list[Pending]:
    """One sender's transactions as its nonces come, the next on the chain being `nonce`.

    Who names none takes the lowest that nobody names, by arrival. What stands behind a gap is left
    out: no block can hold it yet. What names a nonce that is gone comes first, to be refused.
    """
    named = {each.tx.nonce: each for each in own if each.tx.nonce is not None}
    unnamed = sorted(
        (each for each in own if each.tx.nonce is None), key=lambda each: (each.arrival_ms, each.id)
    )
    turn = [each for number, each in sorted(named.items()) if number < nonce]
    rest = iter(unnamed)
    while (each := named.get(nonce) or next(rest, None)) is not None:
        turn.append(each)
        nonce += 1
    return turn


def first_free(own: Iterable[Pending], nonce: int) -> int:
    """The first nonce of a sender for which none of its transactions waits, its next being `nonce`."""
    taken = [each.tx.nonce for each in own]
    named, unnamed = {each for each in taken if each is not None}, taken.count(None)
    while nonce in named or unnamed:
        unnamed -= nonce not in named
        nonce += 1
    return nonce
