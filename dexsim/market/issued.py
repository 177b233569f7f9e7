"""Tokens that somebody issues against cash, and offers to buy them back: descriptions."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal, TypeAlias

from pydantic import Field, Strict

from dexsim.description import Count, Flag, ShareBps, Text, Tokens, description
from dexsim.errors import ScenarioError
from dexsim.units import to_wei

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY = 86_400
_NEVER = 10_001  # basis points that no part of a supply reaches
Day: TypeAlias = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


@description
class Issued:
    """A token minted on deposit of its backing and redeemed for it, one for one.

    backing: symbol of what is deposited: dollars, a share in custody.
    mint_fee_bps: on top of a deposit; redeem_fee_bps: out of a payout.
    delay_seconds: between a request and its payment; 0: redemption at once.
    mint_cap, redeem_cap: whole tokens a block; without them no limit.
    min_coverage_bps: what the owner has to leave in the reserve. redemption:
    who is paid when the reserve falls short. opens, closes: "HH:MM" UTC, over
    midnight where it opens later than it closes; days: of the week. whitelist:
    only whitelisted accounts mint and redeem; restricted: only they hold
    tokens. customers: agents whose accounts are on the whitelist.
    """

    kind: ClassVar[str] = "issued"
    backing: Text
    mint_fee_bps: ShareBps = 0
    redeem_fee_bps: ShareBps = 0
    delay_seconds: Count = 0
    mint_cap: Tokens | None = None
    redeem_cap: Tokens | None = None
    min_coverage_bps: ShareBps = 10_000
    redemption: Literal["first-come", "pro-rata"] = "first-come"
    opens: Text = "00:00"
    closes: Text = "00:00"
    days: list[Day] | None = None
    whitelist: Flag = False
    restricted: Flag = False
    customers: list[Text] | None = None

    def __post_init__(self) -> None:
        for key in ("opens", "closes"):
            _second(getattr(self, key), key)
        if self.days is not None and not self.days:
            raise ScenarioError("a week without days is never open", key="days")
        for key in ("mint_cap", "redeem_cap"):
            if getattr(self, key) is not None and not getattr(self, key):
                raise ScenarioError("a cap of 0 lets nobody in; leave it out for none", key=key)

    def terms(self, decimals: int) -> tuple[Any, ...]:
        """The contract's `Terms`, in its order. decimals: those of the backing."""
        days = DAYS if self.days is None else self.days
        hours = (
            _second(self.opens, "opens") % _DAY,
            _second(self.closes, "closes"),
            sum(1 << DAYS.index(day) for day in set(days)),
        )
        return (
            self.mint_fee_bps,
            self.redeem_fee_bps,
            self.delay_seconds,
            0 if self.mint_cap is None else to_wei(self.mint_cap, decimals),
            0 if self.redeem_cap is None else to_wei(self.redeem_cap, decimals),
            self.min_coverage_bps,
            hours,
            self.redemption == "pro-rata",
            self.whitelist,
            self.restricted,
        )


def _second(text: str, key: str) -> int:
    """The second of the day that "HH:MM" names; "24:00" is the day's end."""
    hours, colon, minutes = text.partition(":")
    if colon and hours.isdecimal() and minutes.isdecimal() and len(minutes) == 2:
        second = int(hours) * 3600 + int(minutes) * 60
        if int(minutes) < 60 and second <= _DAY:
            return second
    raise ScenarioError(f'expected "HH:MM" from "00:00" to "24:00", not {text!r}', key=key)


@description
class TenderOffer:
    """An offer to buy every token of an issuer.

    token: symbol, of kind "issued". bidder: the agent that bids. cash: symbol of
    what is paid. price, squeeze_price: whole cash for a whole token.
    threshold_bps: of the supply, handed in, below which nobody is bought out.
    drag_bps: from which on everybody is; without it nobody can be squeezed
    out. ends_after_seconds: from the beginning of the run.
    """

    token: Text
    bidder: Text
    cash: Text
    price: Tokens
    squeeze_price: Tokens | None = None
    threshold_bps: ShareBps = 0
    drag_bps: ShareBps | None = None
    ends_after_seconds: Annotated[int, Strict(), Field(ge=1)] = 600

    def offer(self, *, token_decimals: int, cash_decimals: int, start: int) -> tuple[int, ...]:
        """The contract's `Offer`, in its order, for a run that starts at `start`."""
        squeeze = self.price if self.squeeze_price is None else self.squeeze_price
        return (
            _per_unit(self.price, token_decimals, cash_decimals),
            _per_unit(squeeze, token_decimals, cash_decimals),
            self.threshold_bps,
            _NEVER if self.drag_bps is None else self.drag_bps,
            start + self.ends_after_seconds,
        )


def _per_unit(price: object, token_decimals: int, cash_decimals: int) -> int:
    """Cash wei for 10**18 token wei."""
    return to_wei(str(price), cash_decimals) * 10**18 // int(10**token_decimals)
