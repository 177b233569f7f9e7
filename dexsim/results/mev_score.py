"""How well what was detected agrees with what searchers say they did."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from dexsim.results.mev_records import Detected

KINDS = ("sandwich", "backrun", "jit")


@dataclass(frozen=True, slots=True)
class Score:
    """Counts of one kind: attacks that landed, detections, and those that are both.

    The victims of the matched attacks are counted the same way.
    """

    true: int
    detected: int
    matched: int
    victims_true: int
    victims_detected: int
    victims_matched: int

    @property
    def precision(self) -> Fraction | None:
        """Part of the detections that are attacks; None without detections."""
        return Fraction(self.matched, self.detected) if self.detected else None

    @property
    def recall(self) -> Fraction | None:
        """Part of the attacks that were detected; None without attacks."""
        return Fraction(self.matched, self.true) if self.true else None


@dataclass
class _Truth:
    markets: set[str]
    own: set[int]
    victims: set[int]


def score(detected: Iterable[Detected], truth: Iterable[Mapping[str, Any]]) -> dict[str, Score]:
    """Precision and recall by kind.

    truth: rows with block, attack, kind, market, part (frontrun, victim, backrun, mint, burn) and
    position. A detection matches an attack of its kind and block with the same legs in a market
    of its own; each matches once.
    """
    attacks, found = _grouped(truth), list(detected)
    return {kind: _of_kind(kind, found, attacks) for kind in KINDS}


def _grouped(rows: Iterable[Mapping[str, Any]]) -> dict[tuple[int, Any, str], _Truth]:
    attacks: dict[tuple[int, Any, str], _Truth] = defaultdict(lambda: _Truth(set(), set(), set()))
    for row in rows:
        attack = attacks[row["block"], row["attack"], row["kind"]]
        attack.markets.add(row["market"])
        (attack.victims if row["part"] == "victim" else attack.own).add(row["position"])
    return dict(attacks)


def _of_kind(
    kind: str, found: Iterable[Detected], attacks: Mapping[tuple[int, Any, str], _Truth]
) -> Score:
    said = [each for each in found if each.kind == kind]
    open_ = {key: attack for key, attack in attacks.items() if key[2] == kind}
    true = len(open_)
    pairs = []
    for each in said:
        key = next((key for key, attack in open_.items() if _same(each, key[0], attack)), None)
        if key is not None:
            pairs.append((set(each.victims), open_.pop(key).victims))
    return Score(
        true=true,
        detected=len(said),
        matched=len(pairs),
        victims_true=sum(len(victims) for _, victims in pairs),
        victims_detected=sum(len(victims) for victims, _ in pairs),
        victims_matched=sum(len(ours & theirs) for ours, theirs in pairs),
    )


def _same(each: Detected, block: int, attack: _Truth) -> bool:
    shared = attack.markets & set(each.markets)
    return each.block == block and set(each.legs) == attack.own and bool(shared)
