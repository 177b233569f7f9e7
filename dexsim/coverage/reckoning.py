"""From positions in codes to statements and branches of files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TypeAlias

from dexsim.artifacts.artifact import Artifact
from dexsim.artifacts.compiler import read_source
from dexsim.artifacts.library import load, source_map_of
from dexsim.artifacts.source_map import SourceFile, SourceFunction, SourceMap, Statement
from dexsim.coverage.decisions import CodeReading
from dexsim.coverage.folders import is_below, sources_below
from dexsim.coverage.measured import WORDS, FileCoverage, MeasuredFunction, MeasuredStatement
from dexsim.coverage.statements import Key, Statements, functions_of
from dexsim.coverage.visits import Trail, Visits
from dexsim.errors import ArtifactError

Place: TypeAlias = tuple[int, int]


class _Ran:
    """What ran of one file, whichever codes it is in. Places are (line, column)."""

    def __init__(self, file: SourceFile) -> None:
        self.file = file
        self.compiled: set[Place] = set()
        self.hits: Counter[Place] = Counter()
        self.entered: Counter[Place] = Counter()
        self.ways: dict[Place, Counter[str]] = {}


def coverage_of(
    visits: Visits, root: Path | None = None, sources: Sequence[Path] = ()
) -> tuple[tuple[FileCoverage, ...], tuple[str, ...]]:
    """Coverage of every source file of the contracts that ran, by path; and what is left out, and why.

    root: files outside of it, and installed ones below it, are not reported.
    sources: instead of it, folders whose files are reported, those too that nobody ran.
    """
    files: dict[Path, _Ran] = {}
    left_out = []
    for source in sorted({(name.source, name.init_code_hash) for name in visits.trails}):
        try:
            artifact, source_map = _sources(*source)
        except ArtifactError as error:
            left_out.append(str(error))
            continue
        trails = [
            (name.creation, trail)
            for name, trail in visits.trails.items()
            if (name.source, name.init_code_hash) == source
        ]
        _add(artifact, source_map, trails, files)
    known = {*files, *(Path(name.source) for name in visits.trails)}
    left_out += _add_the_rest(set(sources_below(sources)) - known, files)
    folders = sources or ([] if root is None else [root])
    reported = [ran for path, ran in sorted(files.items()) if is_below(path, folders)]
    return tuple(map(_measured, reported)), tuple(left_out)


def _add_the_rest(paths: Iterable[Path], files: dict[Path, _Ran]) -> Iterator[str]:
    """Add files of which nothing ran; what cannot be read, and why."""
    for path in sorted(paths):
        try:
            file = read_source(path)
        except ArtifactError as error:
            yield str(error)
            continue
        if functions_of(file):
            files[path] = _Ran(file)


def _sources(source: str, init_code_hash: str) -> tuple[Artifact, SourceMap]:
    artifact = load(source)
    if artifact.init_code_hash.hex() != init_code_hash:
        raise ArtifactError(f"{source} has changed since it ran")
    return artifact, source_map_of(artifact)


def _add(
    artifact: Artifact,
    source: SourceMap,
    trails: Iterable[tuple[bool, Trail]],
    files: dict[Path, _Ran],
) -> None:
    """Add what ran of one contract."""
    known = Statements(source)
    ran = {
        number: files.setdefault(file.path.resolve(), _Ran(file))
        for number, file in source.files.items()
        if functions_of(file)
    }
    runtime = CodeReading(artifact.runtime, source.runtime, source, known)
    creation_code = artifact.bytecode[: len(artifact.bytecode) - len(artifact.runtime)]
    creation = CodeReading(creation_code, source.creation, source, known)
    for reading in (runtime, creation):
        _note_possible(reading, ran)
    for is_creation, trail in trails:
        _note_ran(creation if is_creation else runtime, trail, ran)


def _note_possible(reading: CodeReading, ran: dict[int, _Ran]) -> None:
    for file, *place in reading.owners.values():
        ran[file].compiled.add((place[0], place[1]))
    for way in reading.decisions.ways():
        file, line, column = way.statement
        ran[file].ways.setdefault((line, column), Counter())


def _note_ran(reading: CodeReading, trail: Trail, ran: dict[int, _Ran]) -> None:
    # Of a statement's instructions the one that ran in most calls says in how many it ran.
    hits: Counter[Key] = Counter()
    for position, count in trail.positions.items():
        for places in (reading.owners, reading.entered):
            key = places.get(position)
            if key is not None:
                hits[key] = max(hits[key], count)
    statements = set(reading.owners.values())
    for (file, line, column), count in hits.items():
        kind = ran[file].hits if (file, line, column) in statements else ran[file].entered
        kind[line, column] += count
    for (file, line, column, outcome), count in _outcomes(reading, trail).items():
        ran[file].ways[line, column][outcome] += count


def _outcomes(reading: CodeReading, trail: Trail) -> Counter[tuple[int, int, int, str]]:
    found: Counter[tuple[int, int, int, str]] = Counter()
    decisions = reading.decisions
    for (jump, to), count in trail.jumps.items():
        way = decisions.jumps.get(jump, (None, None))[to != jump + 1]
        if way is not None:
            key = (*way.statement, way.outcome)
            found[key] = max(found[key], count)
    for position, way in decisions.landings.items():
        key = (*way.statement, way.outcome)
        found[key] = max(found[key], trail.positions[position])
    return +found


def _measured(ran: _Ran) -> FileCoverage:
    statements, functions = [], []
    for function in ran.file.functions:
        found = list(_function(function, ran))
        statements += [measured for _, measured in found]
        hits = max((hits for hits, _ in found), default=0)
        functions.append(MeasuredFunction(name=function.name, line=function.span.line, hits=hits))
    return FileCoverage(
        path=ran.file.path.resolve(),
        statements=tuple(sorted(statements, key=lambda each: each.line)),
        functions=tuple(functions),
    )


def _function(function: SourceFunction, ran: _Ran) -> Iterator[tuple[int, MeasuredStatement]]:
    places = {(each.span.line, each.span.column) for each in function.all_statements()}
    own = function.span.line, function.span.column
    entered = max([ran.entered[own], *(ran.hits[place] for place in places)])
    found: Iterable[MeasuredStatement]
    if not places & ran.compiled and not entered:
        # Nobody calls it, so that it is in no code: all of it is missed.
        found = map(_never, function.all_statements())
    else:
        found = _block(function.statements, entered, ran)
    for measured in found:
        yield measured.hits, measured


def _never(statement: Statement) -> MeasuredStatement:
    return MeasuredStatement(line=statement.span.line, end_line=statement.span.end_line, hits=0)


def _block(
    block: Iterable[Statement], entered: int | None, ran: _Ran
) -> Iterator[MeasuredStatement]:
    """The statements of a block that can run.

    entered: calls that came to its first statement; None where nothing can say, because the
    compiler has left the block out. A statement without instructions of its own (`pass`,
    `continue` at the end of a loop) runs when the one before it is done.
    """
    before = entered
    for statement in block:
        place = statement.span.line, statement.span.column
        if place not in ran.compiled and before is None:
            continue
        hits = ran.hits[place] if place in ran.compiled else before or 0
        outcomes = _outcomes_of(statement, ran.ways.get(place))
        yield MeasuredStatement(
            line=place[0], end_line=statement.span.end_line, hits=hits, outcomes=outcomes
        )
        came = dict(outcomes)
        yield from _block(statement.body, _into(statement, came, "true", hits), ran)
        yield from _block(statement.orelse, _into(statement, came, "false", hits), ran)
        before = came.get("passed", hits)


def _into(statement: Statement, came: dict[str, int], outcome: str, hits: int) -> int | None:
    """Calls that came into a block of a compound statement."""
    if statement.kind == "For":
        return came.get("entered", hits)
    return came.get(outcome)


def _outcomes_of(statement: Statement, ways: Counter[str] | None) -> tuple[tuple[str, int], ...]:
    if ways is None:
        return ()
    return tuple((word, ways[word]) for word in WORDS[statement.kind])
