"""The recorded numbers of the published router tests that have coins or taxed tokens in them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from dexsim.testing import reverts
from tests.contracts.test_lp_token_and_permit import sign

E18 = 10**18
FOREVER = 2**256 - 1
SUPPLY = 10_000 * E18
TAX_BPS = 100


@dataclass(frozen=True)
class Till:
    """Alice at a pool of one token and the wrapped coin, with all approvals."""

    dex: Any
    alice: Any
    token: Any
    pool: Any

    def do(self, function, *args, coins=0):
        """(answer, receipt) of a call of the router by Alice; the router keeps nothing of it."""
        router = self.dex.router
        write = getattr(router.write, function)
        receipt = self.dex.send(write(self.alice, *args, value=coins, gas_limit=5_000_000))
        for token in (self.token, self.dex.weth):
            assert token.read.balanceOf(router) == 0
        assert self.dex.chain.balance(router.address) == 0
        return router.interface.functions[function][0].decode_output(receipt.output), receipt

    def told(self, receipt):
        """Events of the pool: ("Sync", 500, 2000), in the order of token and coin."""
        names = {
            self.dex.router.address: "router",
            self.alice.address: "alice",
            self.pool.address: "pool",
            "0x" + "00" * 20: "zero",
        }
        return [
            (event.name, *(names.get(value, value) for value in event.fields.values()))
            for event in self.pool.events(receipt)
        ]

    def pair(self, of_token, of_coin):
        """Both in the order of the pool."""
        first = self.pool.read.token0() == self.token.address
        return (of_token, of_coin) if first else (of_coin, of_token)

    def reserves(self):
        """(token, coin)."""
        return self.pair(*self.pool.read.getReserves()[:2])

    @property
    def selling(self):
        return [self.token, self.dex.weth]

    @property
    def buying(self):
        return [self.dex.weth, self.token]


def till(dex, alice, token):
    dex.send(token.write.approve(alice, dex.router, FOREVER))
    pool = dex.create_pool(token, dex.weth)
    dex.send(pool.write.approve(alice, dex.router, FOREVER))
    dex.send(dex.weth.write.approve(alice, dex.router, FOREVER))
    return Till(dex, alice, token, pool)


@pytest.fixture
def plain(dex, alice):
    """With a plain token."""
    return till(dex, alice, dex.token0)


def taxed_token(dex, alice):
    token = dex.deploy("mocks/fee_on_transfer", TAX_BPS)
    dex.send(token.write.mint(alice, alice, SUPPLY))
    return token


@pytest.fixture
def taxed(dex, alice):
    """With a token that burns a hundredth of every transfer."""
    return till(dex, alice, taxed_token(dex, alice))


def opened(desk, tokens, coins):
    """Liquidity put in through the router."""
    args = (desk.token, tokens, 0, 0, desk.alice, FOREVER)
    return desk.do("addLiquidityETH", *args, coins=coins)


@pytest.fixture
def spec(vector):
    """The recorded file."""
    return vector("univ2_periphery_router")


def test_first_liquidity_in_coins(plain, spec):
    case = spec["addLiquidityETH"]
    token, coins, lp = int(case["token"]), int(case["eth"]), int(case["expect"]["lp_wallet"])
    answer, receipt = opened(plain, token, coins)
    assert answer == (token, coins, lp)
    assert plain.told(receipt) == [
        ("Transfer", "zero", "zero", 1000),
        ("Transfer", "zero", "alice", lp),
        ("Sync", *plain.pair(token, coins)),
        ("Mint", "router", *plain.pair(token, coins)),
    ]
    assert case["expect"]["router_refunds_dust"]
    before = plain.dex.chain.balance(plain.alice)
    opened(plain, token, coins + 5)
    assert plain.dex.chain.balance(plain.alice) == before - coins


@pytest.mark.parametrize("signed", [False, True])
def test_liquidity_taken_out_in_coins(plain, spec, signed):
    case = spec["removeLiquidityETHWithPermit" if signed else "removeLiquidityETH"]
    expect = spec["removeLiquidityETH"]["expect"]
    liquidity = int(case["liquidity"])
    opened(plain, int(case["pool_token"]), int(case["pool_weth"]))
    outs = int(expect["token_to_router_then_wallet"]), int(expect["weth_to_router"])
    args = (plain.token, liquidity, *outs, plain.alice, FOREVER)
    if signed:
        plain.dex.send(plain.pool.write.approve(plain.alice, plain.dex.router, 0))
        signature = permit(plain, liquidity)
        answer, receipt = plain.do("removeLiquidityETHWithPermit", *args, False, *signature)
        assert (case["deadline"], case["approveMax"]) == (str(FOREVER), False)
        assert plain.pool.read.nonces(plain.alice) == 1
    else:
        answer, receipt = plain.do("removeLiquidityETH", *args)
    assert answer == outs
    assert plain.reserves() == tuple(map(int, expect["reserves_token_weth"]))
    assert plain.told(receipt)[-2:] == [
        ("Sync", *plain.pair(500, 2000)),
        ("Burn", "router", *plain.pair(*outs), expect["burn_to"]),
    ]
    assert plain.token.read.balanceOf(plain.alice) == SUPPLY - 500
    assert plain.dex.weth.read.totalSupply() == int(expect["weth_totalSupply_left"])


def permit(desk, amount):
    return sign(desk.dex, desk.alice, desk.dex.router, amount, token=desk.pool, name="dexsim LP")


SWAPS = {
    "swapExactETHForTokens": ("buying", "alice"),
    "swapETHForExactTokens": ("buying", "alice"),
    "swapExactTokensForETH": ("selling", "router"),
    "swapTokensForExactETH": ("selling", "router"),
}


@pytest.mark.parametrize("function", SWAPS)
def test_swaps_of_coins_move_the_specified_amounts(plain, spec, function):
    case = spec[function]
    side, receiver = SWAPS[function]
    opened(plain, int(case["pool_token"]), int(case["pool_weth"]))
    paid, out = map(int, case["amounts"])
    assert case.get("swap_to", "alice") == receiver
    limits = {
        "swapExactETHForTokens": (out,),
        "swapETHForExactTokens": (out,),
        "swapExactTokensForETH": (paid, out),
        "swapTokensForExactETH": (out, paid),
    }[function]
    coins = int(case.get("value", 0))
    assert coins in (0, paid)
    tail = (getattr(plain, side), plain.alice, FOREVER)
    answer, receipt = plain.do(function, *limits, *tail, coins=coins)
    assert answer == (paid, out)
    ins, outs = ((0, paid), (out, 0)) if side == "buying" else ((paid, 0), (0, out))
    moved = ("Swap", "router", *plain.pair(*ins), *plain.pair(*outs), receiver)
    assert plain.told(receipt)[-1] == moved


# --- tokens that take a fee of transfers --------------------------------------


def after_tax(amount):
    return amount - amount // 100


def best_output(paid, reserve_in, reserve_out):
    return paid * 997 * reserve_out // (reserve_in * 1000 + paid * 997)


def case_of(spec, function, number=0):
    cases = [each for each in spec["fee_on_transfer"]["cases"] if each["fn"] == function]
    return cases[number]


@pytest.mark.parametrize("signed", [False, True])
def test_taxed_liquidity_comes_out_pro_rata_of_the_balances(taxed, spec, signed):
    function = "removeLiquidityETHSupportingFeeOnTransferTokens"
    if signed:
        function = "removeLiquidityETHWithPermitSupportingFeeOnTransferTokens"
    case = case_of(spec, function)
    opened(taxed, int(case["dtt"]), int(case["eth"]))
    liquidity, supply = taxed.pool.read.balanceOf(taxed.alice), taxed.pool.read.totalSupply()
    shares = [each * liquidity // supply for each in taxed.reserves()]
    args = (taxed.token, liquidity, *shares, taxed.alice, FOREVER)
    if signed:
        assert liquidity == int(case["permit_value"])
        args = (*args, False, *permit(taxed, liquidity))
    before = taxed.token.read.balanceOf(taxed.alice)
    answer, _ = taxed.do(function, *args)
    assert answer == shares[1]
    got = taxed.token.read.balanceOf(taxed.alice) - before
    assert got == after_tax(after_tax(shares[0]))


@pytest.mark.parametrize("side", ["selling", "buying"])
def test_taxed_tokens_are_swapped_for_wrapped_coins_and_back(taxed, spec, side, alice):
    function = "swapExactTokensForTokensSupportingFeeOnTransferTokens"
    case = case_of(spec, function)
    assert case["paths"] == ["DTT->WETH", "WETH->DTT"]
    opened(taxed, int(case["dtt"]), int(case["eth"]))
    amount, (tokens, coins) = int(case["amountIn"]), taxed.reserves()
    taxed.dex.send(taxed.dex.weth.write.deposit(alice, value=amount))
    if side == "selling":
        token, due = taxed.dex.weth, best_output(after_tax(amount), tokens, coins)
    else:
        token, due = taxed.token, after_tax(best_output(amount, coins, tokens))
    before = token.read.balanceOf(alice)
    tail = (getattr(taxed, side), alice, FOREVER)
    with reverts("router: insufficient output"):
        taxed.do(function, amount, due + 1, *tail)
    taxed.do(function, amount, due, *tail)
    assert token.read.balanceOf(alice) - before == due


def test_coins_buy_taxed_tokens(taxed, spec, alice):
    function = "swapExactETHForTokensSupportingFeeOnTransferTokens"
    case = case_of(spec, function)
    opened(taxed, int(case["dtt"]), int(case["eth"]))
    value, (tokens, coins) = int(case["value"]), taxed.reserves()
    due = after_tax(best_output(value, coins, tokens))
    before = taxed.token.read.balanceOf(alice)
    with reverts("router: insufficient output"):
        taxed.do(function, due + 1, taxed.buying, alice, FOREVER, coins=value)
    taxed.do(function, due, taxed.buying, alice, FOREVER, coins=value)
    assert taxed.token.read.balanceOf(alice) - before == due


def test_taxed_tokens_are_sold_for_coins(taxed, spec, alice, bob):
    function = "swapExactTokensForETHSupportingFeeOnTransferTokens"
    case = case_of(spec, function)
    opened(taxed, int(case["dtt"]), int(case["eth"]))
    amount, (tokens, coins) = int(case["amountIn"]), taxed.reserves()
    due, before = best_output(after_tax(amount), tokens, coins), taxed.dex.chain.balance(bob)
    with reverts("router: insufficient output"):
        taxed.do(function, amount, due + 1, taxed.selling, bob, FOREVER)
    taxed.do(function, amount, due, taxed.selling, bob, FOREVER)
    assert taxed.dex.chain.balance(bob) - before == due


def test_one_taxed_token_is_swapped_for_another(dex, alice, spec):
    function = "swapExactTokensForTokensSupportingFeeOnTransferTokens"
    case = case_of(spec, function, 1)
    assert case["paths"] == ["DTT->DTT2"]
    pair = [taxed_token(dex, alice) for _ in range(2)]
    pool = dex.create_pool(*pair)
    held = []
    for token, name in zip(pair, ("dtt", "dtt2"), strict=True):
        dex.send(token.write.approve(alice, dex.router, FOREVER))
        dex.send(token.write.transfer(alice, pool, int(case[name])))
        held.append(after_tax(int(case[name])))
    dex.send(pool.write.mint(alice, alice))
    amount, before = int(case["amountIn"]), pair[1].read.balanceOf(alice)
    due = after_tax(best_output(after_tax(amount), *held))
    call = getattr(dex.router.write, function)
    dex.send(call(alice, amount, due, pair, alice, FOREVER))
    assert pair[1].read.balanceOf(alice) - before == due
    assert [token.read.balanceOf(dex.router) for token in pair] == [0, 0]
