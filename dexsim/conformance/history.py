"""What every machine is: rules that are written down as they happen, and watchers after each of them.

A step is a rule's name with plain arguments. The same steps on a new machine do the same again,
which is what a counterexample's script does.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, ClassVar, TypeVar

from hypothesis.stateful import RuleBasedStateMachine

from dexsim.conformance.keeping import Broken, keeps
from dexsim.conformance.record import Record
from dexsim.errors import ArtifactError, DexsimError

Step = tuple[str, dict[str, Any]]
"""A rule and its arguments: texts, numbers, truths, nothing, and tuples of these."""
Rule = TypeVar("Rule", bound=Callable[..., Any])


class Trial:
    """What one campaign looks for, and what it has found.

    forgiven: the promises whose breaking is known. They are looked at no more; where that cannot be
    helped, a history ends there and nothing is said.
    wanted: if given, the only promises whose breaking is told. record: counts, and notes: what a kind of
    machine counts besides. failed: the last history that broke something else. patience: how many
    histories are still tried to find a shorter one.
    """

    def __init__(
        self,
        forgiven: frozenset[str] = frozenset(),
        wanted: frozenset[str] | None = None,
        patience: int = 150,
        on_history: Callable[[int], None] | None = None,
    ) -> None:
        self.forgiven = forgiven
        self.wanted = wanted
        self.record = Record()
        self.notes: dict[str, Any] = {}
        self.failed: Machine | None = None
        self.broken: Broken | None = None
        self._patience = patience
        self._begun = 0
        self._on_history = on_history

    def begins(self) -> bool:
        """Whether one more history is wanted."""
        self._begun += 1
        if self._on_history is not None:
            self._on_history(self._begun)
        if self.failed is None:
            return True
        self._patience -= 1
        return self._patience > 0

    def ends(self, machine: Machine, broken: Broken) -> bool:
        """Take note of a broken promise; whether it counts. Only the first one's is looked for then."""
        known = self.broken.id if self.broken else broken.id
        unwanted = self.wanted is not None and broken.id not in self.wanted
        if unwanted or broken.id in self.forgiven or broken.id != known:
            return False
        self.failed, self.broken = machine, broken
        return True


class Machine(RuleBasedStateMachine):
    """A machine whose histories can be told and done again.

    watches: the promises that a campaign of this machine has to have checked.
    """

    trial: ClassVar[Trial] = Trial()
    told_as: ClassVar[str]
    """What people read while a campaign of it runs."""
    views: ClassVar[str]
    """The promise that views answer: broken by one that refuses."""
    watches: ClassVar[tuple[str, ...]] = ()

    def __init__(self) -> None:
        super().__init__()
        self.steps: list[Step] = []
        self.story: list[tuple[int, str]] = []
        self.is_over = not self.trial.begins()
        self._is_inside = False

    @classmethod
    def prepare(cls) -> None:
        """Make what all histories share: what fails here fails before the first step."""

    @property
    def record(self) -> Record:
        """The counts of this campaign."""
        return self.trial.record

    @classmethod
    def histories(cls) -> list[list[Step]] | None:
        """What is played; None where histories are drawn from the rules."""
        return None

    @classmethod
    def looks_at(cls) -> frozenset[str]:
        """The promises that this machine can find broken."""
        return frozenset(id_ for kind in cls.__mro__ for id_ in vars(kind).get("watches", ()))

    def tell(self, what: str) -> None:
        """A line of the story, for people."""
        self.story.append((len(self.steps), what))

    @classmethod
    def own_rules(cls) -> set[str]:
        """The rules that this class adds: those that count what comes of them."""
        return {name for name, each in vars(cls).items() if getattr(each, "is_counted", False)}

    def watch(self) -> None:
        """Look at everything that has to hold after every step."""
        for name in dir(type(self)):
            if getattr(getattr(type(self), name), "is_watcher", False):
                getattr(self, name)()

    def step(self, name: str, arguments: dict[str, Any]) -> None:
        """Do one step of a history again, and look at what has to hold after it."""
        getattr(self, name)(**arguments)
        self.watch()

    def guarded(self, doing: Callable[[], Any]) -> Any:
        """Do it unless the history is over; a promise that is broken in it ends the history."""
        if self.is_over:
            return None
        if self._is_inside:
            return doing()
        self._is_inside = True
        try:
            return self._doing(doing)
        except Broken as broken:
            self.is_over = True
            if self.trial.ends(self, broken):
                raise
            return None
        finally:
            self._is_inside = False

    def _doing(self, doing: Callable[[], Any]) -> Any:
        try:
            return doing()
        except ArtifactError:
            raise  # the user's own files
        except DexsimError as error:
            raise Broken(f"{self.views}: an answer, and not: {error}") from error

    def trace_refusals(self) -> None:
        """From now on a refusal can be explained, which takes its time."""

    def explanation(self) -> str | None:
        """The call tree of the last transaction that was refused, with its reason; None without one."""
        return None

    def forgives(self, id_: str) -> bool:
        """Whether this promise is known to be broken, or not asked about: then it is not looked at."""
        wanted = self.trial.wanted
        return id_ in self.trial.forgiven or (wanted is not None and id_ not in wanted)

    def begun(self, name: str, arguments: dict[str, Any]) -> None:
        """Write a step down, unless it is a part of another."""
        if not self._is_inside and not self.is_over:
            self.steps.append((name, arguments))


def step(rule: Rule) -> Rule:
    """A rule that nobody counts: time passes, a world is made."""

    @wraps(rule)
    def run(machine: Machine, **arguments: Any) -> Any:
        machine.begun(rule.__name__, arguments)
        return machine.guarded(lambda: rule(machine, **arguments))

    return run  # type: ignore[return-value]


def watcher(look: Rule) -> Rule:
    """What has to hold after every step; below Hypothesis's `invariant`."""

    @wraps(look)
    def run(machine: Machine) -> None:
        machine.guarded(lambda: look(machine))

    run.is_watcher = True  # type: ignore[attr-defined]
    return run  # type: ignore[return-value]


def aimed(*promises: str) -> Callable[[Callable[..., bool]], Callable[..., None]]:
    """A rule that aims at acceptable calls, and says whether the contract accepted."""

    def count(machine: Machine, rule: str, accepted: bool) -> None:
        machine.record.aimed(rule, accepted)
        if accepted:
            machine.record.kept.update(promises)

    return _counted(promises, count)


def refused(*promises: str) -> Callable[[Callable[..., bool]], Callable[..., None]]:
    """A rule whose calls must be refused; it says whether there was anything to try."""

    def count(machine: Machine, rule: str, tried: bool) -> None:
        if tried:
            machine.record.refused[rule] += 1
            machine.record.kept.update(promises)

    return _counted(promises, count)


def _counted(
    promises: tuple[str, ...], count: Callable[[Machine, str, bool], None]
) -> Callable[[Callable[..., bool]], Callable[..., None]]:
    def wrap(rule: Callable[..., bool]) -> Callable[..., None]:
        @keeps(*promises)
        @wraps(rule)
        def run(machine: Machine, **arguments: Any) -> None:
            def do() -> None:
                came = bool(rule(machine, **arguments))
                count(machine, rule.__name__, came)

            machine.begun(rule.__name__, arguments)
            machine.guarded(do)

        run.is_counted = True  # type: ignore[attr-defined]
        return run

    return wrap
