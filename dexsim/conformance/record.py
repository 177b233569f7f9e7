"""How often each rule was tried and what came of it, so that a generator that aims badly is noticed."""

from __future__ import annotations

from collections import Counter

LEAST_ACCEPTED_PERCENT = 60


class Record:
    """Counts of one campaign."""

    def __init__(self) -> None:
        self.tried: Counter[str] = Counter()
        self.accepted: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()
        self.kept: Counter[str] = Counter()

    def aimed(self, rule: str, accepted: bool) -> None:
        """A rule that aims at acceptable calls; one that found nothing to do has missed too."""
        self.tried[rule] += 1
        self.accepted[rule] += accepted

    def percent(self, rule: str) -> int:
        """How many of a rule's attempts were accepted."""
        return 100 * self.accepted[rule] // self.tried[rule]

    def faults(self, rules: set[str], promises: set[str]) -> list[str]:
        """What makes the campaign worthless: rules that miss or never ran, promises never checked."""
        missed = [
            f"{rule}: only {self.percent(rule)} % of {self.tried[rule]} attempts were accepted,"
            f" {LEAST_ACCEPTED_PERCENT} % are needed"
            for rule in self.tried
            if self.percent(rule) < LEAST_ACCEPTED_PERCENT
        ]
        idle = sorted(rules - self.tried.keys() - self.refused.keys())
        unchecked = sorted(promises - self.kept.keys())
        return (
            missed
            + [f"{rule}: never ran" for rule in idle]
            + [f"{promise}: never checked" for promise in unchecked]
        )

    def table(self) -> str:
        """For people: every rule with its attempts, and every promise with its checks."""
        width = max(map(len, [*self.tried, *self.refused, "rule"]))
        lines = [f"{'rule':{width}}  tried  accepted"]
        lines += [
            f"{rule:{width}}  {self.tried[rule]:5}  {self.percent(rule):6} %"
            for rule in sorted(self.tried)
        ]
        lines += [
            f"{rule:{width}}  {times:5}   refused" for rule, times in sorted(self.refused.items())
        ]
        kept = (f"{id_} {times}" for id_, times in sorted(self.kept.items()))
        return "\n".join([*lines, "promises checked: " + ", ".join(kept)])
