"""`dexsim gauge`: stakes and rewards, to the wei."""

from __future__ import annotations

import json

import pytest

from dexsim.market.gauge import Gauge
from tests.cli.conftest import Dexsim, Exchange

ONE = 10**18


def gauge_of(exchange: Exchange) -> Gauge:
    """The exchange's gauge."""
    pool = exchange.market("main").pool
    return Gauge(exchange.at("gauge"), exchange.node, pool=pool, reward=exchange.token("DEX"))


def test_shares_are_staked_and_taken_back_to_the_wei(exchange: Exchange, dexsim: Dexsim) -> None:
    me, gauge, shares = exchange.who[0], gauge_of(exchange), exchange.token("main-LP")
    held = shares.balance(me)
    staked = dexsim("gauge", "deposit", "--share", "50%", *exchange.options)
    assert staked.code == 0, staked.err
    assert (gauge.staked(me), shares.balance(me)) == (held // 2, held - held // 2)
    assert shares.allowance(me, gauge.address) == 0
    taken = dexsim("gauge", "withdraw", "main", "--lp", "0.001 LP", *exchange.options)
    assert taken.code == 0, taken.err
    assert gauge.staked(me) == held // 2 - 10**15
    assert "got 0.001 LP back" in taken.out


def test_a_claim_pays_what_was_earned_and_tells_it_exactly(
    exchange: Exchange, dexsim: Dexsim
) -> None:
    me, gauge, dex = exchange.who[0], gauge_of(exchange), exchange.token("DEX")
    dexsim("gauge", "deposit", "--share", "100%", *exchange.options)
    begun = exchange.node.timestamp
    had = dex.balance(me)
    ended = dexsim("gauge", "claim", "--of", me, "--from", exchange.who[1], *exchange.options)
    assert ended.code == 0, ended.err
    got = dex.balance(me) - had
    seconds = exchange.node.timestamp - begun
    assert seconds * ONE // 2 - got in {0, 1}
    assert got == gauge.claimed(me) > 0
    assert f"got {got // ONE}.{got % ONE:018d}".rstrip("0").rstrip(".") in ended.out


def test_a_gauge_is_told_of(exchange: Exchange, dexsim: Dexsim) -> None:
    told = json.loads(dexsim("gauge", "info", "--json", *exchange.options).out)
    assert (told["name"], told["pool"], told["rate_per_second"]) == ("gauge", "main", "0.5")
    plain = dexsim("gauge", "info", exchange.at("gauge"), *exchange.options)
    assert "43,200 DEX a day" in plain.out


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (["info", "nope"], 2, "unknown gauge 'nope'; allowed: gauge, main"),
        (["deposit"], 2, "either --share 50% or --lp AMOUNT"),
        (["deposit", "--lp", "1"], 1, "LP of main, not 1"),
        (["deposit", "--lp", "1 USDC"], 2, "are no LP tokens"),
        (["withdraw", "--share", "100%"], 1, "has 0 LP in gauge"),
        (["claim"], 1, "has no stake in gauge and nothing to claim"),
    ],
)
def test_what_cannot_be_done_is_one_clear_line(
    exchange: Exchange, dexsim: Dexsim, words: list[str], code: int, told: str
) -> None:
    number = exchange.node.number
    ended = dexsim("gauge", *words, *exchange.options)
    assert (ended.code, told in ended.err) == (code, True), ended.err
    assert exchange.node.number == number
