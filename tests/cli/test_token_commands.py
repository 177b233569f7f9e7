"""`dexsim token`: balances to the wei, words as people type them, accounts with something to try."""

from __future__ import annotations

import json

import pytest

from dexsim.market.working.giving import plan_gifts
from tests.cli.conftest import Dexsim, Exchange

ONE = 10**18
USDC = 10**6
STRANGER = "0x00000000000000000000000000000000000000AA"


def test_a_new_account_is_given_something_of_everything(exchange: Exchange, dexsim: Dexsim) -> None:
    supply = exchange.token("USDC").total_supply()
    ended = dexsim("token", "fund", STRANGER.lower(), *exchange.options)
    assert ended.code == 0, ended.err
    assert exchange.node.balance(STRANGER) == 10 * ONE
    has = {
        symbol: exchange.token(symbol).balance(STRANGER)
        for symbol in ("WETH", "USDC", "DAI", "DEX")
    }
    assert has == {
        "WETH": 10 * ONE,
        "USDC": 10_000 * USDC,
        "DAI": 10_000 * ONE,
        "DEX": 10_000 * ONE,
    }
    assert exchange.token("USDC").total_supply() == supply
    assert "10 WETH (wrapped)" in ended.out


def test_who_has_coins_is_given_none(exchange: Exchange, dexsim: Dexsim) -> None:
    rich = exchange.who[1]
    had = exchange.node.balance(rich)
    assert dexsim("token", "fund", rich, *exchange.options).code == 0
    assert exchange.node.balance(rich) == had


def test_what_the_deployer_lacks_is_minted_and_what_nobody_can_mint_is_told(
    exchange: Exchange, dexsim: Dexsim
) -> None:
    usdc, supply = exchange.token("USDC"), exchange.token("USDC").total_supply()
    minted = dexsim("token", "fund", STRANGER, "--amount", "2,000,000,000 USDC", *exchange.options)
    assert minted.code == 0, minted.err
    assert usdc.balance(STRANGER) == 2_000_000_000 * USDC
    assert usdc.total_supply() == supply + 2_000_000_000 * USDC
    command = ("token", "fund", STRANGER, "--amount", "2000000 DEX", *exchange.options)
    lacking = dexsim(*command)
    assert (lacking.code, "has 1,000,000 DEX and cannot mint any" in lacking.err) == (1, True)
    some = dexsim(*command, "--amount", "5 USDC")
    assert (some.code, "cannot mint any" in some.err) == (0, True)


def test_gifts_are_those_that_were_named(exchange: Exchange) -> None:
    giver = exchange.who[0]
    gifts = plan_gifts(exchange.book(), exchange.node, giver, STRANGER, ["5 USDC", "1 ETH"])
    assert [gift.told for gift in gifts] == ["5 USDC", "1 ETH"]


def test_a_transfer_moves_to_the_wei(exchange: Exchange, dexsim: Dexsim) -> None:
    me, usdc = exchange.who[0], exchange.token("USDC")
    had = usdc.balance(me)
    for words in (
        ["0.000001 USDC"],
        ["0.000001", "USDC"],
        ["usdc", "0.000001"],
        [f"1e-6 {usdc.address}"],
    ):
        ended = dexsim("token", "transfer", *words, STRANGER, *exchange.options)
        assert ended.code == 0, ended.err
        assert f"sent 0.000001 USDC to {STRANGER}" in ended.out
    assert (usdc.balance(me), usdc.balance(STRANGER)) == (had - 4, 4)


def test_shares_are_sent_by_the_name_of_their_pool(exchange: Exchange, dexsim: Dexsim) -> None:
    assert dexsim("token", "transfer", "0.001 main-LP", STRANGER, *exchange.options).code == 0
    assert exchange.market("main").pool.lp_balance(STRANGER) == 10**15


def test_an_approval_replaces_the_one_before(exchange: Exchange, dexsim: Dexsim) -> None:
    me, usdc, router = exchange.who[0], exchange.token("USDC"), exchange.at("router")
    for words, left in (("10 USDC", 10 * USDC), ("7 USDC", 7 * USDC), ("0 USDC", 0)):
        assert dexsim("token", "approve", words, "router", *exchange.options).code == 0
        assert usdc.allowance(me, router) == left


def test_coins_are_wrapped_one_for_one_and_back(exchange: Exchange, dexsim: Dexsim) -> None:
    me, weth = exchange.who[0], exchange.token("WETH")
    had, nonce = exchange.node.balance(me), exchange.node.nonce(me)
    wrapped = dexsim("token", "wrap", "1.5", *exchange.options)
    assert wrapped.code == 0, wrapped.err
    assert "got 1.5 WETH" in wrapped.out
    assert weth.balance(me) == 3 * ONE // 2
    unwrapped = dexsim("token", "unwrap", "0.5", "WETH", *exchange.options)
    assert "got 0.5 ETH" in unwrapped.out
    fees = sum(receipt.fee for receipt in exchange.sent(me, since=nonce))
    assert (weth.balance(me), exchange.node.balance(me)) == (ONE, had - ONE - fees)


def test_balances_are_told_of_whom_and_what_was_asked(exchange: Exchange, dexsim: Dexsim) -> None:
    first, second = exchange.who[:2]
    everything = dexsim("token", "balance", *exchange.options)
    assert first in everything.out
    assert "main-LP    0.004472135954998579" in everything.out
    ended = dexsim("token", "balance", second, "USDC", "ETH", "--json", *exchange.options)
    assert json.loads(ended.out) == {
        "balances": [
            {
                "account": second,
                "held": [
                    {"token": "ETH", "address": None, "amount": "10000"},
                    {"token": "USDC", "address": exchange.at("USDC"), "amount": "0"},
                ],
            }
        ]
    }


def test_tokens_are_told_of(exchange: Exchange, dexsim: Dexsim) -> None:
    assert "1,000,000,000 USDC" in dexsim("token", "info", *exchange.options).out
    told = json.loads(dexsim("token", "info", "dai", "--json", *exchange.options).out)
    assert (told["symbol"], told["decimals"], told["address"]) == ("DAI", 18, exchange.at("DAI"))
    named = dexsim("token", "info", "USD Coin (test)", *exchange.options)
    assert exchange.at("USDC") in named.out


def test_who_sends_tokens_to_a_contract_is_warned(exchange: Exchange, dexsim: Dexsim) -> None:
    command = ("token", "transfer", "1 USDC", exchange.at("main"), "--dry-run", *exchange.options)
    assert "is the contract main: what is sent there is lost" in dexsim(*command).err


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (["transfer", "10 XYZ", STRANGER], 2, "unknown token 'XYZ'; allowed: WETH, USDC, DAI, DEX"),
        (["transfer", "10", STRANGER], 2, "'10' of which token?"),
        (["transfer", "10 USDC"], 2, "an amount and an address"),
        (["transfer", "10 USDC", "0x12"], 2, "not an address"),
        (["transfer", "0 USDC", STRANGER], 2, "is nothing"),
        (["transfer", "1 ETH", STRANGER], 2, "ETH is no token"),
        (["transfer", "1 " + STRANGER, STRANGER], 2, "there is no token at"),
        (["transfer", "2000000000 USDC", STRANGER], 1, "and this takes 2,000,000,000 USDC"),
        (["unwrap", "1"], 1, "has 0 WETH, and this takes 1 WETH"),
        (["wrap", "1 USDC"], 2, "USDC is neither ETH nor WETH"),
        (["wrap", "100000"], 1, "takes 100,000 ETH to send along"),
        (["approve", "1 USDC", "rooter"], 2, "did you mean router"),
        (["fund", STRANGER, "--amount", "1 BLA"], 2, "the tokens here are WETH, USDC, DAI, DEX"),
        (["balance", "0x12"], 2, "not an address"),
    ],
)
def test_what_cannot_be_done_is_one_clear_line(
    exchange: Exchange, dexsim: Dexsim, words: list[str], code: int, told: str
) -> None:
    number = exchange.node.number
    ended = dexsim("token", *words, *exchange.options)
    assert ended.code == code
    assert ended.err.splitlines()[-1].startswith("error: ")
    assert told in ended.err
    assert exchange.node.number == number
