"""The token that is earned, as a world describes it: whole tokens, and what its schedule is."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import islice
from typing import Annotated, ClassVar

from pydantic import Field, Strict

from dexsim.description import AtLeastOne, Count, Positive, Rate, Tokens, description
from dexsim.errors import ScenarioError
from dexsim.market.schedules import MOST, MOST_EPOCHS, Emission, divided, epochs_above, shrunk
from dexsim.units import from_wei, to_wei

_Epochs = Annotated[int, Strict(), Field(ge=1, le=MOST_EPOCHS)]


@description
class Incentive:
    """A token that is earned. Amounts are whole tokens.

    rate_per_second: the emission, in the first epoch where there are epochs. cap: all that will ever be,
    initial_supply included; left out, there is no end. initial_supply: what can be given to accounts
    and pools. start_after: seconds until the emission begins.

    epoch_seconds: how long a rate holds. Then either divided_by (each epoch's rate is the one before it
    divided by this: 2 halves), shrinks_by (each epoch's rate is the first one times 1 - shrinks_by, so
    often as epochs have passed), or rates (those of all epochs, one by one). flat_epochs: epochs
    at the first rate. epochs: how many there are; left out, until terminal_rate is reached.
    terminal_rate: the emission behind the epochs, for good. terminal_growth: instead of it, by
    which share of itself the supply grows each step.

    step_seconds: tokens are released in whole steps, of a second unless this says otherwise. `rate`,
    `rates`, `terminal_rate` and `terminal_growth` are those of a step; `rate` stands for
    rate_per_second where steps are longer.
    """

    kind: ClassVar[str] = "incentive"
    decimals: ClassVar[int] = 18
    rate_per_second: Tokens | None = None
    rate: Tokens | None = None
    cap: Tokens | None = None
    initial_supply: Tokens = "0"
    start_after: Count = 0
    step_seconds: AtLeastOne = 1
    epoch_seconds: AtLeastOne | None = None
    epochs: _Epochs | None = None
    flat_epochs: _Epochs = 1
    divided_by: Positive | None = None
    shrinks_by: Rate | None = None
    rates: tuple[Tokens, ...] = ()
    terminal_rate: Tokens = "0"
    terminal_growth: Rate = "0"

    def __post_init__(self) -> None:
        self._check_rates()
        self._check_epochs()
        self._check_terminal()

    def _check_rates(self) -> None:
        shapes = ["divided_by", "shrinks_by", "rates"]
        first = _one_of(self, ["rate_per_second", "rate", "rates"])
        shape = _one_of(self, shapes)
        if self.rate_per_second is not None and self.step_seconds > 1:
            raise ScenarioError(
                "steps are longer than a second: say `rate`, what a step releases",
                key="rate_per_second",
            )
        if first is None and shape is not None:
            raise ScenarioError("is missing: the rate of the first epoch", key="rate_per_second")
        if first is None and not (self.terminal_rate or self.terminal_growth):
            raise ScenarioError("is missing", key="rate_per_second")
        if shape is None and self.epoch_seconds is not None:
            raise ScenarioError(
                f"what changes with an epoch is missing: {', '.join(shapes)}", key="epoch_seconds"
            )
        if shape is not None and self.epoch_seconds is None:
            raise ScenarioError(f"is missing, and there is {shape}", key="epoch_seconds")
        if self.divided_by is not None and Decimal(self.divided_by) <= 1:
            raise ScenarioError(f"{self.divided_by} is not above 1", key="divided_by")
        if self.shrinks_by is not None and not 0 < Decimal(self.shrinks_by) < 1:
            raise ScenarioError(f"{self.shrinks_by} is not between 0 and 1", key="shrinks_by")

    def _check_epochs(self) -> None:
        for key in ("step_seconds", "epoch_seconds"):
            if (getattr(self, key) or 0) >= 2**32:
                raise ScenarioError("is above 2**32 - 1", key=key)
        if self.epoch_seconds is not None and self.epoch_seconds % self.step_seconds:
            raise ScenarioError(
                f"{self.epoch_seconds} is not a number of whole steps", key="epoch_seconds"
            )
        for key, plain in (("epochs", None), ("flat_epochs", 1)):
            if getattr(self, key) != plain and (self.epoch_seconds is None or self.rates):
                raise ScenarioError(
                    "is for rates that are divided or shrink from epoch to epoch", key=key
                )
        if self.flat_epochs > (self.epochs or MOST_EPOCHS):
            raise ScenarioError(f"there are {self.epochs} epochs in all", key="flat_epochs")
        if len(self.rates) > MOST_EPOCHS:
            raise ScenarioError(f"at most {MOST_EPOCHS} epochs have room", key="rates")

    def _check_terminal(self) -> None:
        for key in ("terminal_rate", "terminal_growth"):
            if getattr(self, key) and self.epoch_seconds is None and self._first_rate is not None:
                raise ScenarioError("comes behind epochs, and there is no epoch_seconds", key=key)
        if self.terminal_rate and self.terminal_growth:
            raise ScenarioError("either this or terminal_rate", key="terminal_growth")
        if self.terminal_growth and not 2 * 10**10 <= self._wei("terminal_growth") <= 10**18:
            raise ScenarioError(
                f"{self.terminal_growth} a step is not from 0.00000002 to 1; "
                "step_seconds makes steps longer",
                key="terminal_growth",
            )

    def emission(self, start: int) -> Emission:
        """What it emits if its world begins at this timestamp: what the token is created with.

        Raises ScenarioError, with the key, for amounts that the token cannot have.
        """
        initial, cap = self._wei("initial_supply"), self._cap()
        if initial >= cap:
            raise ScenarioError(
                f"there is nothing left to earn: the cap is {from_wei(cap)}", key="initial_supply"
            )
        first = self._first_rate
        last = first if first and self.epoch_seconds is None else "terminal_rate"
        made = Emission(
            initial_supply=initial,
            cap=cap,
            start=start + self.start_after,
            step=self.step_seconds,
            epoch=(self.epoch_seconds or 0) // self.step_seconds,
            rates=self._rates(),
            terminal_rate=self._wei(last),
            terminal_growth=self._wei("terminal_growth"),
        )
        self._check_amounts(made)
        return made

    def _check_amounts(self, made: Emission) -> None:
        most = made.cap - made.initial_supply
        first = self._first_rate or "terminal_rate"
        last = "terminal_rate" if made.rates else first
        for key, rates in ((first, made.rates), (last, (made.terminal_rate,))):
            if any(rate > most for rate in rates):
                raise ScenarioError(
                    f"is more than all that can be earned, {from_wei(most)}", key=key
                )
        grows = made.terminal_growth and (made.initial_supply or any(made.rates))
        if not (any(made.rates) or made.terminal_rate or grows):
            key = "terminal_growth" if made.terminal_growth else first
            raise ScenarioError("nothing is ever emitted", key=key)

    @property
    def _first_rate(self) -> str | None:
        """The key that says the first rate."""
        return _one_of(self, ["rate_per_second", "rate", "rates"])

    def _rates(self) -> tuple[int, ...]:
        if self.rates:
            return tuple(self._amount(each, f"rates.{i}") for i, each in enumerate(self.rates))
        if self.epoch_seconds is None:
            return ()
        following = self._following()
        if self.epochs is not None:
            return tuple(islice(following, self.epochs))
        found = epochs_above(following, self._wei("terminal_rate"))
        if found is None:
            raise ScenarioError(
                f"is missing: after {MOST_EPOCHS} of them, all that there is room for, the rate is "
                "still above terminal_rate",
                key="epochs",
            )
        return found

    def _following(self) -> Iterator[int]:
        first = self._wei(self._first_rate or "rate")
        if self.divided_by is not None:
            return divided(first, self._wei("divided_by"), flat=self.flat_epochs)
        return shrunk(first, self._wei("shrinks_by"), flat=self.flat_epochs)

    def _cap(self) -> int:
        if self.cap is None:
            return MOST
        cap = self._wei("cap")
        if cap > MOST:
            raise ScenarioError(f"is above {from_wei(MOST)}, the most there can be", key="cap")
        return cap

    def _wei(self, key: str) -> int:
        return self._amount(getattr(self, key), key)

    @staticmethod
    def _amount(whole: str | Decimal | float, key: str) -> int:
        try:
            return to_wei(Decimal(whole))
        except ScenarioError as error:
            raise error.within(key) from None


def _one_of(described: object, keys: list[str]) -> str | None:
    """The one key that is given, None without any. Raises ScenarioError where there are two."""
    given = [key for key in keys if getattr(described, key) not in (None, ())]
    if len(given) > 1:
        raise ScenarioError(f"either this or {given[0]}", key=given[1])
    return given[0] if given else None
