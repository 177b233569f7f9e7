"""Random streams keyed by name, so that adding or removing one changes nobody else's draws.

A stream is a NumPy PCG64 generator seeded with SHA-256 over the run's seed and
the stream's names. Two streams with different names are independent for every
practical purpose; the same names give the same stream in any process.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Generator = np.random.Generator
DRAWN_AT_A_TIME = 64


@dataclass(frozen=True, slots=True)
class Streams:
    """All random streams of one run, or of one agent of it."""

    seed: int
    scope: tuple[str, ...] = ()

    def named(self, *names: object) -> Streams:
        """The streams of a part: `streams.named("agent", "retail")`."""
        return Streams(self.seed, (*self.scope, *(str(name) for name in names)))

    def generator(self, *purpose: object) -> Generator:
        """A new generator, at its beginning, for a purpose within this scope."""
        names = (*self.scope, *(str(name) for name in purpose))
        # Lengths in front of the names: ("a", "bc") and ("ab", "c") must differ.
        text = "".join(f"{len(name)}:{name}" for name in (str(self.seed), *names))
        words = np.frombuffer(hashlib.sha256(text.encode()).digest(), dtype=np.uint32)
        return np.random.Generator(np.random.PCG64(np.random.SeedSequence(words.tolist())))


def one_by_one(draw: Callable[[int], npt.NDArray[np.float64]]) -> Iterator[float]:
    """The numbers of one stream without end, drawn many at a time.

    draw: so many numbers of one distribution, for instance `lambda n: stream.exponential(3.0, n)`.
    NumPy fills an array with the numbers that as many single draws would give, in a small part of
    their time; the stream may serve nothing else.
    """
    while True:
        yield from draw(DRAWN_AT_A_TIME).tolist()
