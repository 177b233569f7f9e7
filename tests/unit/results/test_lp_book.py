"""One market's liquidity, step by step, against numbers worked out by hand.

The pool holds 1000 base and 2000 quote; 75 of 100 LP tokens are Alice's, 25 Bob's. A wei of
base is worth 2, later 3; a wei of quote 1.
"""

from __future__ import annotations

from dataclasses import asdict
from fractions import Fraction
from typing import Any

import pytest

from dexsim.results.lp_book import GRAINS, Book

ONE = Fraction(1)


def step(kind: str, **about: Any) -> dict[str, Any]:
    nothing = {"lp": 0, "base": 0, "quote": 0, "source": "", "target": "", "agent": "x", "role": ""}
    flows = dict.fromkeys(("base_in", "quote_in", "base_out", "quote_out"), 0)
    return {**nothing, **flows, "kind": kind, **about}


@pytest.fixture
def book() -> Book:
    made = Book("main", {"alice": 75, "bob": 25}, (1000, 2000), 30)
    assert made.open(2 * ONE, ONE) == {"alice": 3000 * GRAINS, "bob": 1000 * GRAINS}
    return made


def sums(book: Book, holder: str) -> dict[str, Fraction]:
    """What is not zero, in the numeraire."""
    values = asdict(book.sums[holder]).items()
    return {name: Fraction(grains, GRAINS) for name, grains in values if grains}


# 400 quote buy floor(997*400*1000 / (2000*1000 + 997*400)) = floor(166.25) = 166 base.
SWAP = step("swap", base=-166, quote=400, quote_in=400, base_out=166)


def test_a_price_move_is_exposure_on_what_the_pool_holds(book: Book) -> None:
    book.reprice(3 * ONE, ONE)
    assert sums(book, "alice") == {"exposure": Fraction(3, 4) * 1000}
    assert sums(book, "bob") == {"exposure": Fraction(1, 4) * 1000}


def test_a_swap_leaves_its_fee_and_takes_the_rest_of_what_the_pool_loses(book: Book) -> None:
    book.reprice(3 * ONE, ONE)
    book.play([SWAP])
    # At 3 the pool gives 498 and gets 400; 30 bps of the 400 are its fee: 1.2, LVR 99.2.
    fees, lvr = Fraction(12, 10), Fraction(992, 10)
    assert sums(book, "alice") == {"exposure": 750, "fees": fees * 3 / 4, "lvr": lvr * 3 / 4}
    assert sums(book, "bob") == {"exposure": 250, "fees": fees / 4, "lvr": lvr / 4}
    assert book.volume == 400 * GRAINS


def test_who_trades_at_a_worse_price_than_the_outside_one_pays_a_negative_lvr(book: Book) -> None:
    book.play([SWAP])  # at 2: 332 for 400
    assert sums(book, "alice")["lvr"] == Fraction(3, 4) * (Fraction(12, 10) - 68)


def test_what_arbitrageurs_took_is_told_apart(book: Book) -> None:
    book.play([SWAP])
    book.reprice(3 * ONE, ONE)
    before = sums(book, "alice")["lvr"]
    book.play([SWAP | {"role": "arbitrageur", "base": -100, "base_out": 100}])
    # Against an arbitrageur: 300 out, 400 in, fee 1.2.
    taken = Fraction(3, 4) * (300 - 400 + Fraction(12, 10))
    assert sums(book, "alice")["lvr_to_arbitrage"] == taken
    assert sums(book, "alice")["lvr"] == before + taken


def test_a_deposit_in_proportion_is_flow_and_nothing_else(book: Book) -> None:
    mint = step("mint", base=500, quote=1000, base_in=500, quote_in=1000)
    book.play([step("created", target="carol", lp=50), mint])
    assert sums(book, "carol") == {"flow": 2000}
    assert sums(book, "alice") == sums(book, "bob") == {}


def test_what_a_deposit_out_of_proportion_gives_away_is_other(book: Book) -> None:
    mint = step("mint", base=500, quote=1600, base_in=500, quote_in=1600)
    book.play([step("created", target="carol", lp=50), mint])
    # The pool is worth 6600: a third of it is Carol's, who put in 2600.
    assert sums(book, "carol") == {"flow": 2600, "other": -400}
    assert sums(book, "alice") == {"other": 300}
    assert sums(book, "bob") == {"other": 100}


def test_the_protocols_liquidity_is_paid_by_all_and_got_by_its_receiver(book: Book) -> None:
    mint = step("mint", base=625, quote=1250, base_in=625, quote_in=1250)
    created = [step("created", target=who, lp=lp) for who, lp in (("protocol", 25), ("carol", 75))]
    book.play([*created, mint])
    # 6500 for 200 LP tokens; before it were 4000 for 100. Carol put in 2500 and has 2437.5.
    assert sums(book, "protocol") == {"other": Fraction(6500, 8)}
    assert sums(book, "alice") == {"other": Fraction(3 * 6500, 8) - 3000}
    assert sums(book, "carol") == {"flow": 2500, "other": Fraction(3 * 6500, 8) - 2500}


def test_burnt_liquidity_is_still_its_senders_while_it_lies_in_the_pool(book: Book) -> None:
    book.play(
        [
            step("transfer", source="alice", target="pool main", lp=50),
            step("destroyed", source="pool main", lp=50),
            step("burn", base=-500, quote=-1000, base_out=500, quote_out=1000),
        ]
    )
    assert sums(book, "alice") == {"flow": -2000}
    assert sums(book, "bob") == sums(book, "pool main") == {}
    assert (book.lp["alice"], book.supply) == (25, 50)


def test_rounding_of_a_burn_stays_with_those_who_stay(book: Book) -> None:
    book.play(
        [
            step("transfer", source="alice", target="pool main", lp=50),
            step("destroyed", source="pool main", lp=50),
            step("burn", base=-499, quote=-1000, base_out=499, quote_out=1000),
        ]
    )
    assert sums(book, "alice") == {"flow": -1998, "other": -1}
    assert sums(book, "bob") == {"other": 1}


def test_liquidity_left_in_the_pool_is_the_pools_and_whoever_burns_takes_it(book: Book) -> None:
    book.play([step("transfer", source="alice", target="pool main", lp=50)])
    assert sums(book, "alice") == {"flow": -2000}
    assert sums(book, "pool main") == {"flow": 2000}
    burn = step("burn", base=-750, quote=-1500, base_out=750, quote_out=1500)
    sent = step("transfer", source="bob", target="pool main", lp=25)
    book.play([sent, step("destroyed", source="pool main", lp=75), burn])
    assert sums(book, "bob") == {"flow": -1000}
    assert sums(book, "pool main") == {}
    assert (dict(book.lp)["alice"], book.supply) == (25, 25)


def test_of_liquidity_sent_to_the_pool_what_is_not_burnt_is_the_pools() -> None:
    book = Book("main", {"alice": 75, "bob": 25}, (1000, 2000), 30)
    book.open(2 * ONE, ONE)
    book.play(
        [
            step("transfer", source="alice", target="pool main", lp=75),
            step("destroyed", source="pool main", lp=50),
            step("burn", base=-500, quote=-1000, base_out=500, quote_out=1000),
        ]
    )
    assert sums(book, "alice") == {"flow": -3000}
    assert sums(book, "pool main") == {"flow": 1000}
    assert (book.lp["alice"], book.lp["pool main"]) == (0, 25)


def test_liquidity_that_changes_hands_is_flow_of_both(book: Book) -> None:
    book.play([step("stake", source="alice", target="carol", lp=15)])
    assert sums(book, "alice") == {"flow": -600}
    assert sums(book, "carol") == {"flow": 600}


def test_a_donation_is_other(book: Book) -> None:
    book.play([step("sync", base=10, quote=20)])
    assert sums(book, "alice") == {"other": 30}
    assert sums(book, "bob") == {"other": 10}


def test_liquidity_from_nowhere_is_paid_by_those_who_are_there(book: Book) -> None:
    book.play([step("created", target="carol", lp=100)])
    assert sums(book, "carol") == {"other": 2000}
    assert sums(book, "alice") == {"other": -1500}


def test_shares_change_within_a_block_and_each_swap_finds_those_of_its_moment(book: Book) -> None:
    mint = step("mint", base=1000, quote=2000, base_in=1000, quote_in=2000)
    book.play([SWAP])
    book.play([step("created", target="carol", lp=100), mint])
    book.play([SWAP])
    # The fee of 1.2 is Alice's by three quarters, and by three eighths once Carol is there.
    assert sums(book, "alice")["fees"] == Fraction(12, 10) * (Fraction(3, 4) + Fraction(3, 8))
    assert sums(book, "carol")["fees"] == Fraction(12, 10) / 2


def test_volume_with_oneself_counts_by_the_share_that_one_has(book: Book) -> None:
    book.play([SWAP | {"agent": "bob"}])
    book.play([SWAP | {"agent": "stranger"}])
    assert (book.volume, book.own_volume) == (800 * GRAINS, 100 * GRAINS)


def test_where_steps_are_not_known_all_but_flow_is_trading() -> None:
    book = Book("main", {"alice": 75, "bob": 25}, (1000, 2000), None)
    book.open(2 * ONE, ONE)
    book.reprice(3 * ONE, ONE)
    book.adopt({"alice": 75, "bob": 75}, (1300, 3600))
    # 7500 for 150 shares: 50 each. Before them 5000 for 100 at the new price: as much.
    assert sums(book, "alice") == {"exposure": 750}
    assert sums(book, "bob") == {"exposure": 250, "flow": 2500}
    book.adopt({"alice": 75, "bob": 75}, (1400, 3600))
    assert sums(book, "alice") == {"exposure": 750, "trading": 150}
    book.adopt({}, (0, 0))
    assert sums(book, "alice") == {"exposure": 750, "trading": 150, "flow": -3900}


def test_a_pool_whose_liquidity_all_goes_is_worth_nothing_and_can_be_opened_again() -> None:
    book = Book("main", {"alice": 100}, (1000, 2000), 30)
    book.open(2 * ONE, ONE)
    burn = step("burn", base=-1000, quote=-2000, base_out=1000, quote_out=2000)
    book.play([step("destroyed", source="alice", lp=100), burn])
    assert sums(book, "alice") == {"flow": -4000}
    mint = step("mint", base=10, quote=20, base_in=10, quote_in=20)
    created = [step("created", target=who, lp=lp) for who, lp in (("locked", 1), ("bob", 3))]
    book.play([*created, mint])
    assert sums(book, "bob") == {"flow": 40, "other": -10}
    assert sums(book, "locked") == {"other": 10}
