"""What must hold after every step, whatever the step was: one function a promise, each with its id.

They look at the chain's states before and after, and at what was logged; they know nothing of the model.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import isqrt
from typing import Any

from dexsim.conformance.keeping import Broken, expect, keeps
from dexsim.conformance.xyk.state import ZERO, Pair, PoolState, State

MINIMUM_LIQUIDITY = 1000
UINT112, UINT256, UINT32 = 2**112, 2**256, 2**32


@dataclass(frozen=True)
class Step:
    """What one step did to one pool. A swap keeps fee / base of what it is paid."""

    pool: str
    states: tuple[State, State]
    told: tuple[tuple[Any, ...], ...]
    did: str
    fee: int
    base: int

    @property
    def before(self) -> PoolState:
        """The pool before the step."""
        return self.states[0].pools[self.pool]

    @property
    def after(self) -> PoolState:
        """The pool after it."""
        return self.states[1].pools[self.pool]

    @property
    def held(self) -> Pair:
        """The pool's balances when the last call began: before the step, and what it was paid in it."""
        before = self.states[0].balances(self.before)
        paid = [0, 0]
        for event, *fields in self.told:
            for side, token in enumerate(self.before.tokens):
                if event == f"{token}.Transfer" and fields[1] == self.pool:
                    paid[side] += fields[2]
        return before[0] + paid[0], before[1] + paid[1]

    def logged(self, event: str) -> list[tuple[Any, ...]]:
        """The fields of the pool's own events of this name."""
        return [tuple(rest) for name, *rest in self.told if name == f"{self.pool}.{event}"]

    @property
    def has_liquidity_event(self) -> bool:
        """Whether it was a mint or a burn."""
        return bool(self.logged("Mint") or self.logged("Burn"))

    @property
    def protocol_share(self) -> int:
        """The liquidity minted to the receiver of the protocol fee."""
        receiver = self.states[0].fee_to
        minted = [v for who, to, v in self.logged("Transfer") if (who, to) == (ZERO, receiver)]
        return sum(minted) if receiver != ZERO else 0

    @property
    def minted(self) -> int:
        """The liquidity minted to everybody else, without what is locked for ever."""
        receivers = (self.states[0].fee_to, ZERO)
        return sum(
            v for who, to, v in self.logged("Transfer") if who == ZERO and to not in receivers
        )

    @property
    def burned(self) -> int:
        """The liquidity burned."""
        gone = (self.pool, ZERO)
        return sum(v for who, to, v in self.logged("Transfer") if (who, to) == gone)


Check = Callable[[Step], None]
Condition = Callable[[Step], bool]


@dataclass(frozen=True)
class Promise:
    """One promise. when: for which steps it says something."""

    id: str
    check: Check
    when: Condition

    def hold(self, step: Step) -> bool:
        """Check it; whether it had anything to say. Raises Broken with the id and what was expected."""
        if not self.when(step):
            return False
        try:
            self.check(step)
        except Broken as broken:
            name = self.check.__name__.replace("_", " ")
            raise Broken(
                f"{self.id}, {name} ({step.pool}, {step.did}): expected {broken}"
            ) from None
        return True


PROMISES: list[Promise] = []


def promise(id_: str, when: Condition = lambda step: True) -> Callable[[Check], Check]:
    """Add a promise of every step."""

    def add(check: Check) -> Check:
        PROMISES.append(Promise(id_, keeps(id_)(check), when))
        return check

    return add


def steps(
    states: tuple[State, State], told: tuple[tuple[Any, ...], ...], did: str, fee: int, base: int
) -> Iterator[Step]:
    """One step as each of the pools saw it."""
    for pool in states[0].pools:
        yield Step(pool, states, told, did, fee, base)


def one_swap(step: Step) -> bool:
    """Whether the step swapped once in this pool."""
    return len(step.logged("Swap")) == 1


def one_sided(step: Step) -> bool:
    """Whether it swapped one token for the other."""
    if not one_swap(step):
        return False
    _, in0, in1, out0, out1, _ = step.logged("Swap")[0]
    return (in0 > 0, in1 > 0, out0 > 0, out1 > 0) in {
        (True, False, False, True),
        (False, True, True, False),
    }


@promise("P01")
def balances_cover_the_reserves(step: Step) -> None:
    """Both balances are at least the reserves."""
    balances = step.states[1].balances(step.after)
    for balance, reserve in zip(balances, step.after.reserves, strict=True):
        expect(balance >= reserve, f"a balance of at least {reserve}, it is {balance}")


@promise("P02", one_swap)
def every_swap_pays_for_k(step: Step) -> None:
    """The balances less the fee of each input have a product of at least the old k."""
    _, *ins, _, _, _ = step.logged("Swap")[0]
    kept = [b * step.base - i * step.fee for b, i in zip(step.after.reserves, ins, strict=True)]
    least = step.before.k * step.base**2
    expect(kept[0] * kept[1] >= least, f"{kept[0]} * {kept[1]} of at least {least}")


@promise("P03", lambda step: not step.logged("Burn"))
def k_falls_only_in_a_burn(step: Step) -> None:
    """The product of the reserves does not fall in any other call."""
    expect(step.after.k >= step.before.k, f"k of at least {step.before.k}, it is {step.after.k}")


@promise("P04", lambda step: step.before.supply > 0 and bool(step.logged("Sync")))
def a_share_is_never_worth_less(step: Step) -> None:
    """k by the square of the supply does not fall, but for the protocol's share."""
    supply = step.before.supply + step.protocol_share
    now, then = step.after.k * supply**2, step.before.k * step.after.supply**2
    expect(now >= then, f"k by share squared not to fall: {now} is below {then}")


@promise("P09")
def shares_add_up_to_the_supply(step: Step) -> None:
    """All shares are the supply, which is nothing or at least what is locked."""
    total, supply = sum(step.after.shares.values()), step.after.supply
    expect(total == supply, f"shares of {supply} in all, they are {total}")
    expect(supply == 0 or supply >= MINIMUM_LIQUIDITY, f"no supply of {supply}")


@promise("P10", lambda step: step.pool == next(iter(step.states[0].pools)))
def tokens_are_neither_made_nor_lost(step: Step) -> None:
    """The sum over all holders of a plain token stays."""
    for token, holders in step.states[0].tokens.items():
        if token != "T":  # it burns a part of every transfer
            before, after = sum(holders.values()), sum(step.states[1].tokens[token].values())
            expect(after == before, f"{before} of {token} in all, there are {after}")


@promise("P11", lambda step: step.before.supply > 0)
def the_first_shares_stay_locked(step: Step) -> None:
    """Once there is a supply there is one for ever, and nobody's shares stay nobody's."""
    expect(step.after.supply > 0, "a supply")
    locked, there = step.before.shares[ZERO], step.after.shares[ZERO]
    expect(MINIMUM_LIQUIDITY <= locked <= there, f"{locked} shares locked still, there are {there}")


@promise("P12")
def reserves_fit_112_bits(step: Step) -> None:
    """Both reserves are below 2**112."""
    expect(max(step.after.reserves) < UINT112, f"less than 2**112, not {step.after.reserves}")


@promise("P13")
def prices_add_up_over_time(step: Step) -> None:
    """The sums grow by the price before the call, times the seconds since the last one."""
    wanted = step.before.sums
    since = step.before.since
    if step.logged("Sync"):
        elapsed = (step.states[1].now - since) % UINT32
        since = step.states[1].now % UINT32
        r0, r1 = step.before.reserves
        if r0 and r1:
            wanted = (
                (wanted[0] + r1 * UINT112 // r0 * elapsed) % UINT256,
                (wanted[1] + r0 * UINT112 // r1 * elapsed) % UINT256,
            )
    expect(step.after.sums == wanted, f"sums of prices {wanted}, they are {step.after.sums}")
    expect(step.after.since == since, f"the time {since}, it is {step.after.since}")


@promise(
    "P14",
    lambda step: bool(step.logged("Sync")) and step.states[1].now % UINT32 == step.before.since,
)
def one_second_counts_once(step: Step) -> None:
    """Where no second has passed, the sums stay."""
    expect(step.after.sums == step.before.sums, f"{step.before.sums} still, not {step.after.sums}")


@promise("P15", lambda step: step.has_liquidity_event)
def the_protocol_gets_its_share_and_no_more(step: Step) -> None:
    """A sixth of the growth of the root of k, or nothing while it is off."""
    pool, receiver = step.before, step.states[0].fee_to
    root, last = isqrt(pool.k), isqrt(pool.k_last)
    due = 0
    if receiver != ZERO and pool.k_last > 0 and root > last:
        due = pool.supply * (root - last) // (5 * root + last)
    first = MINIMUM_LIQUIDITY if pool.supply == 0 else 0
    share = step.after.supply - pool.supply - step.minted + step.burned - first
    expect(share == due, f"{due} shares for {receiver}, there are {share}")
    expect(step.protocol_share == due, f"{due} shares logged for it, not {step.protocol_share}")
    k_last = 0 if receiver == ZERO else step.after.k
    expect(step.after.k_last == k_last, f"a last k of {k_last}, it is {step.after.k_last}")


@promise("P16", lambda step: not step.has_liquidity_event)
def the_last_k_changes_with_liquidity_only(step: Step) -> None:
    """In every other call it stays."""
    before, after = step.before.k_last, step.after.k_last
    expect(after == before, f"a last k of {before} still, it is {after}")


@promise("P18", lambda step: step.did in {"sync", "skim"} and step.pool == "pool")
def after_sync_and_skim_nothing_is_left_over(step: Step) -> None:
    """Balances are reserves; skim has left the reserves as they were."""
    balances = step.states[1].balances(step.after)
    expect(
        balances == step.after.reserves, f"reserves of {balances}, they are {step.after.reserves}"
    )
    if step.did == "skim":
        expect(step.after.reserves == step.before.reserves, "the reserves untouched")


@promise("P19", one_sided)
def what_is_bought_becomes_dearer(step: Step) -> None:
    """The price moves with the buyer, strictly."""
    bought_first = step.logged("Swap")[0][3] > 0
    r0, r1 = step.before.reserves
    s0, s1 = step.after.reserves
    rises = s1 * r0 > r1 * s0 if bought_first else s0 * r1 > r0 * s1
    expect(rises, f"the price to move with the buyer: from {r0}:{r1} to {s0}:{s1}")


@promise("P19", lambda step: bool(step.logged("Burn")))
def a_burn_leaves_the_price_but_for_rounding(step: Step) -> None:
    """The ratio of the balances stays, to less than one unit."""
    b0, b1 = step.held
    s0, s1 = step.after.reserves
    apart = abs(s0 * b1 - s1 * b0)
    expect(apart < max(b0, b1), f"a price of {b0}:{b1} but for rounding, it is {s0}:{s1}")


@promise("P19", lambda step: step.did == "provide" and bool(step.logged("Mint")))
def liquidity_in_proportion_leaves_the_price_but_for_rounding(step: Step) -> None:
    """Liquidity through the router leaves the ratio, to less than one unit."""
    r0, r1 = step.before.reserves
    s0, s1 = step.after.reserves
    extra0, extra1 = step.states[0].surplus(step.before)
    apart = abs((s0 - extra0) * r1 - (s1 - extra1) * r0)
    expect(apart < max(r0, r1), f"a price of {r0}:{r1} but for rounding, it is {s0}:{s1}")


@promise("P20", lambda step: bool(step.logged("Mint")))
def a_mint_gives_the_smaller_proportion(step: Step) -> None:
    """Rounded down; the first mint gives the root of the product, less what is locked."""
    pool = step.before
    (_, *amounts), supply = step.logged("Mint")[0], pool.supply + step.protocol_share
    if pool.supply == 0:
        wanted = isqrt(amounts[0] * amounts[1]) - MINIMUM_LIQUIDITY
    else:
        wanted = min(a * supply // r for a, r in zip(amounts, pool.reserves, strict=True))
    expect(step.minted == wanted > 0, f"{wanted} shares for {amounts}, they are {step.minted}")


@promise("P20", lambda step: bool(step.logged("Burn")))
def a_burn_pays_its_proportion(step: Step) -> None:
    """Of both balances, rounded down."""
    _, *paid, _ = step.logged("Burn")[0]
    supply = step.before.supply + step.protocol_share
    wanted = [step.burned * held // supply for held in step.held]
    expect(paid == wanted, f"{wanted} for {step.burned} shares, it was {paid}")


@promise("P27", lambda step: bool(step.logged("Swap")) and not step.has_liquidity_event)
def a_swap_moves_no_liquidity(step: Step) -> None:
    """Supply and shares stay in a swap."""
    expect(step.after.supply == step.before.supply, f"a supply of {step.before.supply} still")
    expect(step.after.shares == step.before.shares, f"shares of {step.before.shares} still")


@promise("P28")
def the_last_sync_tells_the_reserves(step: Step) -> None:
    """The last Sync of a step, or the reserves before it where there is none."""
    syncs = step.logged("Sync")
    told = syncs[-1] if syncs else step.before.reserves
    expect(told == step.after.reserves, f"reserves of {told}, they are {step.after.reserves}")


@promise("P28", one_swap)
def a_swap_tells_what_changed(step: Step) -> None:
    """Inputs less outputs are what the reserves changed by."""
    _, *amounts, _ = step.logged("Swap")[0]
    moved = [s - r for s, r in zip(step.after.reserves, step.before.reserves, strict=True)]
    told = [amounts[0] - amounts[2], amounts[1] - amounts[3]]
    expect(moved == told, f"reserves to change by {told}, they did by {moved}")


@promise("P28", lambda step: bool(step.logged("Mint")))
def a_mint_tells_what_was_added(step: Step) -> None:
    """The amounts of Mint are what the reserves grew by."""
    _, *added = step.logged("Mint")[0]
    moved = [s - r for s, r in zip(step.after.reserves, step.before.reserves, strict=True)]
    expect(moved == added, f"reserves to grow by {added}, they did by {moved}")


@promise("P28", lambda step: bool(step.logged("Burn")))
def a_burn_tells_what_was_paid(step: Step) -> None:
    """The amounts of Burn are what left the balances."""
    _, *paid, _ = step.logged("Burn")[0]
    left = [held - p for held, p in zip(step.held, paid, strict=True)]
    balances = list(step.states[1].balances(step.after))
    expect(balances == left, f"balances of {left}, they are {balances}")
