"""Where in a code a statement decides, and which way is which.

True of the code generator that Vyper 0.4 uses by default: an `if` jumps over its first block, an
assertion over its refusal or to the shared one, and a loop from its end to its beginning.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from dexsim.artifacts.source_map import CodeMap, SourceMap, Span, Statement
from dexsim.coverage.statements import Key, Statements, key_of

_JUMPI = 0x57
_JUMPDEST = 0x5B
_PUSH0 = 0x5F
_PUSH32 = 0x7F
_REFUSAL = bytes.fromhex("5b5f80fd")
"""JUMPDEST PUSH0 DUP1 REVERT: where all checks without a reason end."""


@dataclass(frozen=True, slots=True)
class Way:
    """What it means that a statement's decision came out like this."""

    statement: Key
    outcome: str


@dataclass(slots=True)
class Decisions:
    """jumps: by position of a JUMPI, the ways of not jumping and of jumping.
    landings: ways by a position that is on them alone."""

    jumps: dict[int, tuple[Way | None, Way | None]] = field(default_factory=dict)
    landings: dict[int, Way] = field(default_factory=dict)

    def ways(self) -> Iterator[Way]:
        """All that are known."""
        for both in self.jumps.values():
            yield from (way for way in both if way is not None)
        yield from self.landings.values()


class CodeReading:
    """A code, read beside its map: which statement an instruction is of, and what decides."""

    def __init__(self, code: bytes, code_map: CodeMap, source: SourceMap, known: Statements):
        self._code = code
        self._map = code_map
        self._source = source
        self._known = known

    @cached_property
    def instructions(self) -> Mapping[int, int]:
        """Position of each instruction, and of the one before it (its own for the first)."""
        found = {}
        position = before = 0
        while position < len(self._code):
            found[position] = before
            before = position
            opcode = self._code[position]
            position += 1 + (opcode - _PUSH0 if _PUSH0 < opcode <= _PUSH32 else 0)
        return found

    @cached_property
    def owners(self) -> Mapping[int, Key]:
        """The statement of each instruction that says that it runs.

        No JUMPDEST, which others come to as well, and no push for a jump that the compiler has
        turned around: that one has the place of what it jumps to.
        """
        turned = set(self._turned)
        return {
            position: key
            for position, key in self._all_owners.items()
            if self._code[position] != _JUMPDEST and position not in turned
        }

    @cached_property
    def _all_owners(self) -> Mapping[int, Key]:
        places = ((position, self._known.at(span)) for position, span in self._spans())
        return {position: key for position, key in places if key is not None}

    def _spans(self) -> Iterator[tuple[int, Span]]:
        instructions = self.instructions
        for position, span in self._map.spans.items():
            if position in instructions:
                yield position, span

    @cached_property
    def entered(self) -> Mapping[int, Key]:
        """The function of each instruction that is of a function but of none of its statements."""
        places = (
            (position, self._known.function_at(span))
            for position, span in self._spans()
            if position not in self._all_owners
        )
        return {position: key for position, key in places if key is not None}

    @cached_property
    def decisions(self) -> Decisions:
        """Everything in this code that decides a statement."""
        found = Decisions()
        for key, jumps in self._own_jumps().items():
            statement = self._known[key]
            if statement.kind == "If":
                found.jumps[jumps[-1]] = self._if(key, statement, jumps[-1])
            elif statement.kind == "Assert":
                self._assert(key, jumps, found)
            elif statement.kind == "For":
                self._for(key, jumps, found)
        for push, jump in self._turned.items():
            way = self._known.way_into(self._all_owners[push])
            if way is not None and jump not in found.jumps:
                other = "false" if way[1] == "true" else "true"
                found.jumps[jump] = (Way(way[0], other), Way(*way))
        found.jumps = {jump: ways for jump, ways in found.jumps.items() if any(ways)}
        return found

    def _own_jumps(self) -> dict[Key, list[int]]:
        """By statement its JUMPIs that are of no expression in it, in order."""
        own: dict[Key, list[int]] = {}
        for position, key in sorted(self._all_owners.items()):
            # An `if` with an empty block first is turned around too, and keeps its own place.
            jump = self._turned.get(position, position)
            turned = jump != position and self._known[key].kind == "If"
            is_jump = turned or self._code[position] == _JUMPI
            if is_jump and key_of(self._map.spans[position]) == key:
                own.setdefault(key, []).append(jump)
        return own

    def _if(self, key: Key, statement: Statement, jump: int) -> tuple[Way | None, Way | None]:
        true, false = Way(key, "true"), Way(key, "false")
        body = self._first_after(jump, key[0], statement.body)
        orelse = self._first_after(jump, key[0], statement.orelse)
        target = self._target(jump)
        if target == jump + 1 or (body is None and orelse is None):
            return None, None  # nothing in either block: nobody can tell
        beginning = min(each for each in (body, orelse) if each is not None)
        if target is not None and beginning >= target > jump:
            # What lies between is empty, so that the block that is not is jumped to.
            return (true, false) if beginning == orelse else (false, true)
        return (true, false) if beginning == body else (false, true)

    def _first_after(self, jump: int, file: int, block: tuple[Statement, ...]) -> int | None:
        keys = {
            (file, each.span.line, each.span.column)
            for statement in block
            for each in statement.inside()
        }
        found = (at for at, key in self.owners.items() if at > jump and key in keys)
        return min(found, default=None)

    def _assert(self, key: Key, jumps: list[int], found: Decisions) -> None:
        checks = self._map.checks
        own = [jump for jump in jumps if checks.get(jump, "").startswith("user ")]
        if own:
            passed, refused = Way(key, "passed"), Way(key, "refused")
            refuses = self._refuses(self._target(own[-1]))
            found.jumps[own[-1]] = (passed, refused) if refuses else (refused, passed)

    def _for(self, key: Key, jumps: list[int], found: Decisions) -> None:
        entered, ended = Way(key, "entered"), Way(key, "ended")
        for jump in jumps:
            target = self._target(jump)
            if target is None or self._refuses(target):
                continue
            if target < jump:
                found.jumps[jump] = (ended, entered)
                found.landings[target] = entered
            else:
                found.jumps[jump] = (entered, ended)

    @cached_property
    def _turned(self) -> Mapping[int, int]:
        """Jumps turned around: an `if` whose block is one jump became a jump with the place of that.

        The position of its push, and of the JUMPI itself, which has no place.
        """
        return {
            before: position
            for position, before in self.instructions.items()
            if self._code[position] == _JUMPI
            and position not in self._map.spans
            and before in self._all_owners
        }

    def _target(self, jump: int) -> int | None:
        """Where a JUMPI jumps to, as the push before it says."""
        before = self.instructions[jump]
        if not _PUSH0 <= self._code[before] <= _PUSH32:
            return None
        return int.from_bytes(self._code[before + 1 : jump], "big")

    def _refuses(self, target: int | None) -> bool:
        return target is not None and self._code.startswith(_REFUSAL, target)
