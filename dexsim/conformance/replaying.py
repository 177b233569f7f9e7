"""A counterexample as a script, and what the script does: the same steps, told one by one."""

from __future__ import annotations

import pprint
import textwrap
from collections.abc import Iterator, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from dexsim.conformance.candidate import Candidate
from dexsim.conformance.history import Machine, Step, Trial
from dexsim.conformance.keeping import Broken
from dexsim.conformance.plan import settings_of
from dexsim.conformance.telling import told_in, without_id
from dexsim.conformance.verdict import Verdict

_SCRIPT = '''"""{name}: the pool {pool} breaks {id}.

{says}
Expected {expected}

Run it with Python where dexsim is installed: it ends with an error while the property is broken.
"""

from pathlib import Path

from dexsim.testing.properties import Candidate, replay

HERE = Path(__file__).parent

replay(
    Candidate({candidate}),
    "{machine}",
    [
{steps}
    ],
)
'''


def script(verdict: Verdict, candidate: Candidate, folder: Path) -> str:
    """The script of a broken property, for a file in `folder`."""
    found = verdict.counterexample
    assert found is not None
    seen = candidate.seen_from(folder)
    fields = [f"{name}=str(HERE / {getattr(seen, name)!r})" for name in seen.files()]
    if seen.adapter is not None and "adapter" not in seen.files():
        fields.append(f"adapter={seen.adapter!r}")
    fields.append(f"fee_bps={seen.fee_bps}")
    lines = []
    for number, (rule, arguments) in enumerate(found.steps, 1):
        lines.append(f"        ({rule!r}, {pprint.pformat(arguments, width=80, compact=True)}),")
        lines += [f"        #   {line.strip()}" for line in told_in(found, number)]
    return _SCRIPT.format(
        name=verdict.about.name[:1].upper() + verdict.about.name[1:],
        pool=candidate.artifact.name,
        id=verdict.about.id,
        says="\n".join(textwrap.wrap(f"It says: {verdict.about.says}", width=100)),
        expected=without_id(found.expected),
        candidate=", ".join(fields),
        machine=found.machine,
        steps="\n".join(lines),
    )


def write_scripts(
    verdicts: Sequence[Verdict], candidate: Candidate, folder: Path
) -> Iterator[Path]:
    """A file for every broken property: `folder/<pool>_<id>.py`."""
    for verdict in verdicts:
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / f"{candidate.artifact.name}_{verdict.about.id}.py"
        file.write_text(script(verdict, candidate, folder))
        yield file


def replay(candidate: Candidate, machine: str, steps: Sequence[Step]) -> None:
    """Do the steps of a counterexample again and tell what happens.

    Raises Broken where they still break a promise; then the call tree of the last
    transaction that was refused is shown first.
    """
    module, _, name = machine.partition(":")
    kind: type[Machine] = getattr(import_module(module), name)
    settings: dict[str, Any] = {"trial": Trial(), **settings_of(candidate, kind)}
    played: Machine = type(kind.__name__, (kind,), settings)()
    played.trace_refusals()
    try:
        for number, (rule, arguments) in enumerate(steps, 1):
            print(f"{number}. {rule.replace('_', ' ')}")
            _play(played, rule, arguments)
    except Broken as broken:
        if (refused := played.explanation()) is not None:
            print(refused)
        raise Broken(str(broken)) from None
    print("nothing is broken any more")


def _play(machine: Machine, rule: str, arguments: dict[str, Any]) -> None:
    told = len(machine.story)
    try:
        machine.step(rule, arguments)
    finally:
        for _, line in machine.story[told:]:
            print(f"   {line}")
