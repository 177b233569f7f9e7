"""What the pool's arithmetic must keep for any numbers: properties of `dexsim.cpmm`, each with its id.

None repeats the formula that it checks: rounding is compared with exact fractions, written as products.
"""

from __future__ import annotations

from math import isqrt

from dexsim import cpmm
from dexsim.conformance.keeping import expect, keeps
from dexsim.conformance.xyk.state import Pair
from dexsim.errors import Reverted

LOCKED = 1000


def _out(amount: int, reserves: Pair, fee_bps: int) -> int:
    return cpmm.amount_out(amount, *reserves, fee_bps)


def _of_the_pools_size(amount: int, reserves: Pair) -> int:
    """Nothing beyond a few reserves, where every output is the same."""
    return 1 + amount % (4 * reserves[0])


@keeps("P06")
def an_output_is_rounded_down(amount: int, reserves: Pair, fee_bps: int) -> None:
    """The pool pays out <= the exact quotient, by less than one unit."""
    kept, base = cpmm.fee_fraction(fee_bps)
    out = _out(amount, reserves, fee_bps)
    exact, whole = amount * kept * reserves[1], reserves[0] * base + amount * kept
    expect(
        out * whole <= exact < (out + 1) * whole, f"P06: {exact}/{whole} rounded down, not {out}"
    )


@keeps("P06")
def an_input_is_rounded_up(amount: int, reserves: Pair, fee_bps: int) -> None:
    """The pool asks for more than the exact quotient, by one unit at most."""
    kept, base = cpmm.fee_fraction(fee_bps)
    wanted = 1 + amount % (reserves[1] - 1)
    paid = cpmm.amount_in(wanted, *reserves, fee_bps)
    exact, whole = reserves[0] * wanted * base, (reserves[1] - wanted) * kept
    expect((paid - 1) * whole <= exact < paid * whole, f"P06: above {exact}/{whole}, not {paid}")


@keeps("P06")
def what_an_input_buys_is_enough(amount: int, reserves: Pair, fee_bps: int) -> None:
    """out(in(y)) >= y. And in(out(x)) <= x, but where out(x) needed no rounding: there x + 1."""
    kept, base = cpmm.fee_fraction(fee_bps)
    wanted = 1 + amount % (reserves[1] - 1)
    paid = cpmm.amount_in(wanted, *reserves, fee_bps)
    if paid <= cpmm.MAX_RESERVE:  # no pool can be paid more
        expect(_out(paid, reserves, fee_bps) >= wanted, f"P06: {paid} to buy at least {wanted}")
    out = _out(amount, reserves, fee_bps)
    if out > 0:
        rest = amount * kept * reserves[1] % (reserves[0] * base + amount * kept)
        most = amount if rest else amount + 1
        back = cpmm.amount_in(out, *reserves, fee_bps)
        expect(back <= most, f"P06: at most {most} for what {amount} buys, not {back}")


@keeps("P06", "P20")
def shares_are_rounded_down(amounts: Pair, reserves: Pair, supply: int) -> None:
    """A deposit mints the smaller of both proportions, rounded down; more never mints less."""
    shares = _shares(amounts, reserves, supply)
    fits = all(shares * r <= a * supply for a, r in zip(amounts, reserves, strict=True))
    one_more = all((shares + 1) * r <= a * supply for a, r in zip(amounts, reserves, strict=True))
    expect(fits and not one_more, f"P20: the most shares that {amounts} pay, not {shares}")
    more = _shares((amounts[0] + 1, amounts[1] + 1), reserves, supply)
    expect(more >= shares, f"P20: at least {shares} for more, not {more}")


def _shares(amounts: Pair, reserves: Pair, supply: int) -> int:
    try:
        return cpmm.liquidity_minted(*amounts, *reserves, supply)
    except Reverted as refused:
        expect(refused.reason == "pool: insufficient liquidity minted", f"P20: {refused.reason!r}")
        return 0


@keeps("P06", "P20")
def a_burn_is_rounded_down(part: int, balances: Pair, supply: int) -> None:
    """A burn pays the part of the balances, rounded down; burning all pays all."""
    shares = 1 + part % supply
    try:
        paid = cpmm.liquidity_burned(shares, *balances, supply)
    except Reverted:
        nothing = min(shares * held // supply for held in balances)
        expect(nothing == 0, f"P20: {shares} of {supply} to be paid out of {balances}")
        return
    for got, held in zip(paid, balances, strict=True):
        exact = shares * held
        expect(
            got * supply <= exact < (got + 1) * supply,
            f"P20: {exact}/{supply} rounded down, not {got}",
        )
    whole = cpmm.liquidity_burned(supply, *balances, supply)
    expect(whole == balances, f"P20: {balances} for all shares, not {whole}")


@keeps("P05", "P20")
def in_and_out_gains_nothing(amounts: Pair, reserves: Pair, supply: int) -> None:
    """What a deposit's shares pay back is at most the deposit, of both tokens."""
    shares = _shares(amounts, reserves, supply)
    after = [r + a for r, a in zip(reserves, amounts, strict=True)]
    for a, held in zip(amounts, after, strict=True):
        back = shares * held // (supply + shares)
        expect(back <= a, f"P05: at most {a} back, not {back}")


@keeps("P05")
def there_and_back_gains_nothing(amount: int, reserves: Pair, fee_bps: int) -> None:
    """Swapped and swapped back, an amount is at most what it was."""
    out = _out(amount, reserves, fee_bps)
    if out > 0:
        back = _out(out, (reserves[1] - out, reserves[0] + amount), fee_bps)
        expect(back <= amount, f"P05: at most {amount} back, not {back}")


@keeps("P08")
def parts_buy_no_more_than_the_whole(parts: list[int], reserves: Pair, fee_bps: int) -> None:
    """One swap of a sum is as good as swaps of its parts, or better."""
    parts = [_of_the_pools_size(part, reserves) for part in parts]
    whole = _out(sum(parts), reserves, fee_bps)
    total, (reserve_in, reserve_out) = 0, reserves
    for part in parts:
        out = _out(part, (reserve_in, reserve_out), fee_bps)
        total, reserve_in, reserve_out = total + out, reserve_in + part, reserve_out - out
    expect(total <= whole, f"P08: at most {whole} for the parts, not {total}")


@keeps("P08")
def more_buys_more_at_a_falling_price(amount: int, step: int, reserves: Pair, fee_bps: int) -> None:
    """The output grows with the input, and each step adds no more than the one before, but for rounding."""
    amount, step = _of_the_pools_size(amount, reserves), _of_the_pools_size(step, reserves)
    first, second, third = (_out(amount + n * step, reserves, fee_bps) for n in range(3))
    expect(first <= second <= third, f"P08: outputs that grow, not {first}, {second}, {third}")
    expect(first + third <= 2 * second + 1, f"P08: a falling price: {first}, {second}, {third}")


@keeps("P15")
def the_protocol_gets_a_sixth_of_the_growth(k_last: int, growth: Pair, supply: int) -> None:
    """Its part of all shares afterwards is (r - l) / 6r of the roots, rounded down to a share."""
    reserves = (isqrt(k_last) + growth[0], isqrt(k_last) + growth[1])
    share = cpmm.protocol_fee(*reserves, k_last, supply)
    root, last = isqrt(reserves[0] * reserves[1]), isqrt(k_last)
    if k_last == 0 or root <= last:
        expect(share == 0, f"P15: nothing without growth, not {share}")
        return
    enough = share * 6 * root <= (root - last) * (supply + share)
    one_more = (share + 1) * 6 * root <= (root - last) * (supply + share + 1)
    expect(
        enough and not one_more, f"P15: a sixth of the growth from {last} to {root}, not {share}"
    )


@keeps("P19")
def what_is_bought_becomes_dearer(amount: int, reserves: Pair, fee_bps: int) -> None:
    """After a swap the token that was paid is cheaper, strictly."""
    try:
        after = cpmm.swap(amount, *reserves, fee_bps)
    except Reverted:
        return
    dearer = after[0] * reserves[1] > reserves[0] * after[1]
    expect(
        dearer, f"P19: a higher price than {reserves[0]}:{reserves[1]}, not {after[0]}:{after[1]}"
    )


@keeps("P22")
def making_shares_dear_costs_a_thousand_times_as_much(first: Pair, gift: Pair) -> None:
    """Who makes one share worth X by a first deposit and a gift has lost a thousand X for good."""
    own, held = _first(first), _after(first, gift)
    supply = own + cpmm.MINIMUM_LIQUIDITY
    for balance in held:
        lost = balance - own * balance // supply
        worth = balance // supply
        expect(lost >= LOCKED * worth, f"P22: a loss of at least {LOCKED * worth}, not {lost}")


@keeps("P22")
def an_inflated_share_takes_nothing_from_the_next(first: Pair, gift: Pair, next_: Pair) -> None:
    """First deposit, gift, somebody's deposit that gives shares: the first gets no more than was put in.

    Except for what the second gave in excess of the ratio, which is a gift to all holders in any pool.
    """
    own, held = _first(first), _after(first, gift)
    supply = own + cpmm.MINIMUM_LIQUIDITY
    shares = _shares(next_, held, supply)
    if shares == 0:
        return
    for balance, added in zip(held, next_, strict=True):
        excess = max(added - (shares + 1) * balance // supply, 0)
        back = own * (balance + added) // (supply + shares)
        expect(back <= balance + excess, f"P22: at most {balance} and {excess}, not {back}")
    wasted = [a * supply >= (shares + 1) * b for a, b in zip(next_, held, strict=True)]
    expect(not all(wasted), "P22: the second to lose less than a share of one token at least")


def _first(deposit: Pair) -> int:
    return _shares(deposit, (0, 0), 0)


def _after(first: Pair, gift: Pair) -> Pair:
    return first[0] + gift[0], first[1] + gift[1]
