"""lcov's tracefile, where it could be read wrongly."""

from __future__ import annotations

from pathlib import Path

from dexsim.coverage import FileCoverage, as_lcov
from dexsim.coverage.measured import MeasuredStatement


def decision(line: int, hits: int, **outcomes: int) -> MeasuredStatement:
    return MeasuredStatement(line=line, end_line=line, hits=hits, outcomes=tuple(outcomes.items()))


def test_two_decisions_on_a_line_are_four_branches() -> None:
    statements = (
        decision(3, 5, true=1, false=4),
        decision(3, 1, passed=1, refused=0),
        decision(4, 0, true=0, false=0),
    )
    file = FileCoverage(path=Path("a.vy"), statements=statements, functions=())
    lines = as_lcov([file]).split("\n")
    assert [line for line in lines if line.startswith("BR")] == [
        "BRDA:3,0,0,1",
        "BRDA:3,0,1,4",
        "BRDA:3,1,0,1",
        "BRDA:3,1,1,0",
        "BRDA:4,0,0,-",
        "BRDA:4,0,1,-",
        "BRF:6",
        "BRH:3",
    ]
