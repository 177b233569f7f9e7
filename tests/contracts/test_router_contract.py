"""The router: limits, deadlines, paths, and the answers of the published one."""

from __future__ import annotations

import pytest

from dexsim.chain.types import Transaction
from dexsim.errors import Reverted
from dexsim.testing import reverts

E18 = 10**18
FOREVER = 2**256 - 1
NOBODY = "0x" + "00" * 20

OUR_REASON = {
    "UniswapV2Library: INSUFFICIENT_AMOUNT": "router: insufficient amount",
    "UniswapV2Library: INSUFFICIENT_LIQUIDITY": "router: insufficient liquidity",
    "UniswapV2Library: INSUFFICIENT_INPUT_AMOUNT": "router: insufficient input",
    "UniswapV2Library: INSUFFICIENT_OUTPUT_AMOUNT": "router: insufficient output",
    "UniswapV2Library: INVALID_PATH": "router: invalid path",
    "ds-math-mul-overflow": "",
    # More is asked for than the pool has.
    "ds-math-sub-underflow": "router: insufficient liquidity",
}


@pytest.fixture
def ready(dex, alice):
    """Reserves of 5 and 10, and a router that may take Alice's tokens."""
    approve(dex, alice)
    dex.add(5 * E18, 10 * E18)
    return dex


@pytest.fixture
def three(ready, alice):
    """A third token behind token1: (exchange, token2, its pool)."""
    token2 = ready.deploy("token", "C", "C", 18, 10_000 * E18)
    pool = ready.create_pool(ready.token1, token2)
    ready.send(token2.write.transfer(alice, pool, 30 * E18))
    ready.send(ready.token1.write.transfer(alice, pool, 10 * E18))
    ready.send(pool.write.mint(alice, alice))
    return ready, token2, pool


def approve(dex, owner):
    for token in (dex.token0, dex.token1, dex.pool):
        dex.send(token.write.approve(owner, dex.router, FOREVER))


def sell(dex, alice, amount, least=0, *, path=None, deadline=FOREVER):
    path = path or [dex.token0, dex.token1]
    write = dex.router.write.swapExactTokensForTokens
    return dex.send(write(alice, amount, least, path, alice, deadline))


def buy(dex, alice, amount, most=FOREVER, *, path=None, deadline=FOREVER):
    path = path or [dex.token0, dex.token1]
    write = dex.router.write.swapTokensForExactTokens
    return dex.send(write(alice, amount, most, path, alice, deadline))


def add(dex, alice, desired, mins=(0, 0), deadline=FOREVER):
    write = dex.router.write.addLiquidity
    tokens = (dex.token0, dex.token1)
    return dex.send(write(alice, *tokens, *desired, *mins, alice, deadline, gas_limit=5_000_000))


def remove(dex, alice, liquidity, *, mins=(0, 0), deadline=FOREVER, tokens=None):
    tokens = tokens or (dex.token0, dex.token1)
    write = dex.router.write.removeLiquidity
    return dex.send(write(alice, *tokens, liquidity, *mins, alice, deadline))


def answer(dex, name, receipt):
    return dex.router.interface.functions[name][0].decode_output(receipt.output)


def ask(dex, name, *args):
    """The router's answer, or the reason that it gives."""
    try:
        return getattr(dex.router.read, name)(*args)
    except Reverted as error:
        return error.reason


def test_router_names_its_factory_and_its_weth(dex):
    assert dex.router.read.factory() == dex.factory.address
    assert dex.router.read.WETH() == dex.weth.address


def test_the_150_recorded_answers_are_the_same(dex, vector):
    rows = vector("univ2_router_math_table")["rows"]
    assert len(rows) == 150
    for name, *numbers, result in rows:
        reason = result.removeprefix("revert:")
        wanted = OUR_REASON[reason] if reason != result else int(result)
        assert ask(dex, name, *map(int, numbers)) == wanted, (name, numbers)


def test_amounts_overflow_exactly_where_those_of_the_original_do(dex):
    most_in = (2**256 - 1 - 1000) // 997
    assert ask(dex, "getAmountOut", most_in, 1, 1) == 0
    assert ask(dex, "getAmountOut", most_in + 1, 1, 1) == ""
    most_reserve = (2**256 - 1) // 1000
    assert ask(dex, "getAmountIn", 1, most_reserve, 2) == most_reserve * 1000 // 997 + 1
    assert ask(dex, "getAmountIn", 1, most_reserve + 1, 2) == ""


def test_an_input_is_one_above_the_floor_also_where_the_division_is_exact(dex):
    """No recorded row divides exactly, so that they take an input that is merely rounded up for right."""
    assert 997 * 1 * 1000 % ((2 - 1) * 997) == 0
    assert ask(dex, "getAmountIn", 1, 997, 2) == 1001


@pytest.mark.parametrize("name", ["quote", "getAmountOut", "getAmountIn"])
def test_the_answers_of_the_published_specification(name, dex, vector):
    for case in vector("univ2_periphery_router")[name]:
        numbers = [int(each) for key, each in case.items() if key not in ("expect", "reverts")]
        wanted = int(case["expect"]) if "expect" in case else OUR_REASON[case["reverts"]]
        assert ask(dex, name, *numbers) == wanted, case


def test_amounts_along_a_path_of_two(dex, alice, vector):
    spec = vector("univ2_periphery_router")
    dex.add(10_000, 10_000)
    path = [dex.token0, dex.token1]
    assert dex.router.read.getAmountsOut(2, path) == (2, 1)
    assert dex.router.read.getAmountsIn(1, path) == (2, 1)
    for name in ("getAmountsOut", "getAmountsIn"):
        wanted = OUR_REASON[spec[name]["path_len_1_reverts"]]
        assert ask(dex, name, 2, path[:1]) == ask(dex, name, 2, []) == wanted


def test_a_path_may_name_eight_tokens(dex):
    hops = [dex.token0, dex.token1] * 4
    dex.add(10**12, 10**12)
    assert len(dex.router.read.getAmountsOut(10**6, hops)) == 8
    assert len(dex.router.read.getAmountsIn(10**6, hops)) == 8
    assert ask(dex, "getAmountsOut", 10**6, [*hops, dex.token0]) == ""


def test_a_path_is_looked_at_before_the_amount_and_the_pools(ready):
    nowhere = [ready.token0, ready.weth]
    for path, reason in (([*nowhere, NOBODY], "zero address"), (nowhere[:1], "invalid path")):
        for name in ("getAmountsOut", "getAmountsIn"):
            assert ask(ready, name, 0, path) == f"router: {reason}"
    assert ask(ready, "getAmountsOut", 0, nowhere) == ""


def test_whole_reserves_are_refused_for_liquidity_however_great_the_amounts(dex):
    for numbers in ((5, 7, 5), (6, 7, 5), (2**255, 2**255, 2)):
        assert ask(dex, "getAmountIn", *numbers) == "router: insufficient liquidity"


def test_coins_sent_to_the_router_are_refused(dex, alice):
    for data in (b"", b"\1\2\3\4"):
        tx = Transaction(sender=alice.address, to=dex.router.address, value=1, data=data)
        with reverts("router: not for coins"):
            dex.send(tx)


def test_a_path_of_one_token_twice_or_of_none_is_refused(ready, alice):
    with reverts("router: identical addresses"):
        sell(ready, alice, 1, path=[ready.token0, ready.token0])
    with reverts("router: zero address"):
        sell(ready, alice, 1, path=[ready.token0, NOBODY])
    with reverts("router: invalid path"):
        sell(ready, alice, 1, path=[ready.token0])


def test_exact_input_gives_the_specified_output_and_events(ready, alice, vector):
    spec = vector("univ2_periphery_router")["swapExactTokensForTokens"]
    amount, out = map(int, spec["amounts"])
    receipt = sell(ready, alice, amount, out)
    assert answer(ready, "swapExactTokensForTokens", receipt) == (amount, out)
    assert ready.told(receipt) == [
        ("token0.Transfer", "alice", "pool", amount),
        ("token1.Transfer", "pool", "alice", out),
        ("pool.Sync", 6 * E18, 10 * E18 - out),
        ("pool.Swap", "router", amount, 0, 0, out, "alice"),
    ]


def test_exact_output_takes_the_specified_input_and_tells_so(ready, alice, vector):
    spec = vector("univ2_periphery_router")["swapTokensForExactTokens"]
    amount, out = map(int, spec["amounts"])
    receipt = buy(ready, alice, out, amount)
    assert answer(ready, "swapTokensForExactTokens", receipt) == (amount, out)
    assert ready.told(receipt)[-1] == ("pool.Swap", "router", amount, 0, 0, out, "alice")


def test_swap_at_its_limit_passes_and_one_beyond_is_refused(ready, alice):
    out = ready.router.read.getAmountOut(E18, 5 * E18, 10 * E18)
    before = ready.reserves()
    with reverts("router: insufficient output"):
        sell(ready, alice, E18, out + 1)
    assert ready.reserves() == before
    sell(ready, alice, E18, out)


def test_purchase_at_its_limit_passes_and_one_below_is_refused(ready, alice):
    due = ready.router.read.getAmountIn(E18, 5 * E18, 10 * E18)
    before = ready.reserves()
    with reverts("router: excessive input"):
        buy(ready, alice, E18, due - 1)
    assert ready.reserves() == before
    buy(ready, alice, E18, due)


def test_amounts_of_zero_are_refused(ready, alice):
    with reverts("router: insufficient input"):
        sell(ready, alice, 0)
    with reverts("router: insufficient output"):
        buy(ready, alice, 0)


def test_the_last_unit_of_a_reserve_cannot_be_bought(ready, alice):
    with reverts("router: insufficient liquidity"):
        buy(ready, alice, 10 * E18)


def test_two_hops_pay_from_pool_to_pool(three, alice):
    dex, token2, second = three
    path = [dex.token0, dex.token1, token2]
    before = token2.read.balanceOf(alice)
    amounts = dex.router.read.getAmountsOut(E18, path)
    receipt = sell(dex, alice, *[E18, amounts[2]], path=path)
    assert answer(dex, "swapExactTokensForTokens", receipt) == amounts
    assert token2.read.balanceOf(alice) - before == amounts[2]
    swap = next(event for event in dex.pool.events(receipt) if event.name == "Swap")
    assert swap.fields["to"] == second.address
    for token in (dex.token0, dex.token1, token2):
        assert token.read.balanceOf(dex.router) == 0


def test_every_amount_along_a_path_follows_from_its_neighbour(three):
    """A router that quoted every pool for the first amount kept its own promises, and gave too little."""
    dex, token2, _ = three
    read, path = dex.router.read, [dex.token0, dex.token1, token2]
    middle = read.getAmountOut(E18, 5 * E18, 10 * E18)
    last = read.getAmountOut(middle, 10 * E18, 30 * E18)
    assert read.getAmountsOut(E18, path) == (E18, middle, last)
    middle = read.getAmountIn(E18, 10 * E18, 30 * E18)
    first = read.getAmountIn(middle, 5 * E18, 10 * E18)
    assert read.getAmountsIn(E18, path) == (first, middle, E18)


def test_two_hops_for_an_exact_output_take_what_was_quoted(three, alice):
    dex, token2, _ = three
    path = [dex.token0, dex.token1, token2]
    amounts = dex.router.read.getAmountsIn(E18, path)
    assert amounts[0] == dex.router.read.getAmountIn(amounts[1], 5 * E18, 10 * E18)
    before = dex.token0.read.balanceOf(alice)
    with reverts("router: excessive input"):
        buy(dex, alice, E18, amounts[0] - 1, path=path)
    receipt = buy(dex, alice, E18, amounts[0], path=path)
    assert answer(dex, "swapTokensForExactTokens", receipt) == amounts
    assert before - dex.token0.read.balanceOf(alice) == amounts[0]


def test_the_way_back_goes_through_the_same_pools(three, alice):
    dex, token2, _ = three
    dex.send(token2.write.approve(alice, dex.router, FOREVER))
    path = [token2, dex.token1, dex.token0]
    amounts = dex.router.read.getAmountsOut(E18, path)
    sell(dex, alice, E18, amounts[2], path=path)


@pytest.mark.parametrize("call", ["sell", "buy", "add", "remove"])
def test_a_deadline_passes_in_its_second_and_not_in_the_next(call, ready, alice):
    do = {
        "sell": lambda deadline: sell(ready, alice, E18, deadline=deadline),
        "buy": lambda deadline: buy(ready, alice, E18, deadline=deadline),
        "add": lambda deadline: add(ready, alice, (E18, 2 * E18), deadline=deadline),
        "remove": lambda deadline: remove(ready, alice, E18, deadline=deadline),
    }[call]
    with reverts("router: expired"):
        do(ready.now() - 1)
    do(ready.now())


def test_expired_permit_removal_is_refused_by_the_pool_after_the_tokens(ready, alice):
    call = ready.router.write.removeLiquidityWithPermit

    def remove_late(*tokens):
        late = ready.now() - 1
        nothing = (False, 27, b"\0" * 32, b"\0" * 32)
        return ready.send(call(alice, *tokens, E18, 0, 0, alice, late, *nothing))

    with reverts("pool: expired"):
        remove_late(ready.token0, ready.token1)
    with reverts("router: identical addresses"):
        remove_late(ready.token0, ready.token0)
    with reverts("router: zero address"):
        remove_late(ready.token0, NOBODY)
    with reverts(""):
        remove_late(ready.token0, ready.weth)


def test_tokens_that_cannot_be_taken_are_refused(dex, alice, bob):
    dex.add(5 * E18, 10 * E18)
    with reverts("router: transfer failed"):
        sell(dex, alice, E18)
    approve(dex, bob)
    with reverts("router: transfer failed"):
        sell(dex, bob, E18)


def test_first_liquidity_is_taken_as_desired(dex, alice, vector):
    approve(dex, alice)
    spec = vector("univ2_periphery_router")["addLiquidity"]
    amounts = int(spec["amount0"]), int(spec["amount1"])
    receipt = add(dex, alice, amounts)
    liquidity = int(spec["expect"]["lp_wallet"])
    assert answer(dex, "addLiquidity", receipt) == (*amounts, liquidity)
    assert dex.told(receipt) == [
        ("token0.Transfer", "alice", "pool", amounts[0]),
        ("token1.Transfer", "alice", "pool", amounts[1]),
        ("pool.Transfer", "zero", "zero", 1000),
        ("pool.Transfer", "zero", "alice", liquidity),
        ("pool.Sync", *amounts),
        ("pool.Mint", "router", *amounts),
    ]


def test_liquidity_of_a_pair_without_pool_creates_the_pool(dex, alice):
    token2 = dex.deploy("token", "C", "C", 18, E18)
    for token in (dex.token0, token2):
        dex.send(token.write.approve(alice, dex.router, FOREVER))
    write = dex.router.write.addLiquidity
    dex.send(
        write(alice, dex.token0, token2, 10**6, 10**6, 0, 0, alice, FOREVER, gas_limit=5_000_000)
    )
    assert dex.factory.read.allPairsLength() == 2
    pool = dex.contract("pool", dex.factory.read.getPair(dex.token0, token2))
    assert pool.read.balanceOf(alice) == 10**6 - 1000


def test_later_liquidity_follows_the_pools_ratio(ready, alice):
    receipt = add(ready, alice, (E18, 9 * E18))
    assert answer(ready, "addLiquidity", receipt)[:2] == (E18, 2 * E18)
    receipt = add(ready, alice, (9 * E18, 2 * E18))
    assert answer(ready, "addLiquidity", receipt)[:2] == (E18, 2 * E18)


def test_minimum_of_the_fitted_amount_passes_exactly_and_not_one_above(ready, alice):
    with reverts("router: insufficient b amount"):
        add(ready, alice, (E18, 9 * E18), mins=(0, 2 * E18 + 1))
    add(ready, alice, (E18, 9 * E18), mins=(E18, 2 * E18))
    with reverts("router: insufficient a amount"):
        add(ready, alice, (9 * E18, 2 * E18), mins=(E18 + 1, 0))
    add(ready, alice, (9 * E18, 2 * E18), mins=(E18, 2 * E18))


def test_removal_pays_and_tells_what_the_spec_says(dex, alice, vector):
    approve(dex, alice)
    spec = vector("univ2_periphery_router")["removeLiquidity"]
    dex.add(*map(int, spec["pool"]))
    liquidity = int(spec["liquidity"])
    out0, out1 = int(spec["expect"]["out0"]), int(spec["expect"]["out1"])
    receipt = remove(dex, alice, liquidity, mins=(out0, out1))
    assert answer(dex, "removeLiquidity", receipt) == (out0, out1)
    assert dex.told(receipt) == [
        ("pool.Transfer", "alice", "pool", liquidity),
        ("pool.Transfer", "pool", "zero", liquidity),
        ("token0.Transfer", "pool", "alice", out0),
        ("token1.Transfer", "pool", "alice", out1),
        ("pool.Sync", 500, 2000),
        ("pool.Burn", "router", out0, out1, "alice"),
    ]
    assert dex.token0.read.balanceOf(alice) == int(spec["expect"]["wallet_token0"])
    assert dex.token1.read.balanceOf(alice) == int(spec["expect"]["wallet_token1"])


def test_removal_at_its_minimum_passes_and_one_above_is_refused(ready, alice):
    supply = ready.pool.read.totalSupply()
    out0, out1 = E18 * 5 * E18 // supply, E18 * 10 * E18 // supply
    with reverts("router: insufficient a amount"):
        remove(ready, alice, E18, mins=(out0 + 1, out1))
    with reverts("router: insufficient b amount"):
        remove(ready, alice, E18, mins=(out0, out1 + 1))
    receipt = remove(ready, alice, E18, mins=(out1, out0), tokens=(ready.token1, ready.token0))
    assert answer(ready, "removeLiquidity", receipt) == (out1, out0)


def test_removal_without_approval_is_refused_by_the_liquidity_token(dex, alice):
    dex.add(5 * E18, 10 * E18)
    with reverts("pool: insufficient allowance"):
        remove(dex, alice, E18)


def test_a_pool_is_quoted_at_its_venues_fee(dex, alice):
    factory = dex.venue(100)
    router = dex.deploy("router", factory, dex.weth)
    own = dex.on(dex.create_pool(dex.token0, dex.token1, factory))
    own.add(5 * E18, 10 * E18)
    out = router.read.getAmountsOut(E18, [dex.token0, dex.token1])[1]
    assert out == E18 * 99 * 10 * E18 // (5 * E18 * 100 + E18 * 99)
    dex.send(dex.token0.write.approve(alice, router, FOREVER))
    dex.send(
        router.write.swapExactTokensForTokens(
            alice, E18, out, [dex.token0, dex.token1], alice, FOREVER
        )
    )
    assert own.reserves() == (6 * E18, 10 * E18 - out)
