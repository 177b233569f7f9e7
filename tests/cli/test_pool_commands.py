"""`dexsim pool`: to the wei, within limits and in time, told in tokens."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dexsim import cpmm
from dexsim.chain.accounts import Account
from dexsim.chain.types import Transaction
from dexsim.devnet.server import Server
from dexsim.errors import Reverted
from dexsim.market.contract import Contract, created, creation
from dexsim.market.router import router_interface
from dexsim.market.working.acting import carry_out
from dexsim.market.working.swapping import plan_swap, swap_action
from dexsim.market.working.threats import ATTACK_GAS, threat_to
from tests.anvil import running
from tests.cli.conftest import Dexsim, Exchange, exchange_at
from tests.published import needs_published, published

ONE = 10**18
USDC = 10**6
KEPT = Account.named("keeps a key of their own")


def arguments(exchange: Exchange, who: str) -> tuple[str, dict[str, object]]:
    """The last transaction of somebody to the router: the function's name, its arguments by name."""
    tx = exchange.sent(who, since=exchange.node.nonce(who) - 1)[-1].transaction
    for name, functions in router_interface().functions.items():
        for function in functions:
            if function.selector == tx.data[:4]:
                values = function.decode_arguments(tx.data[4:])
                assert values is not None
                names = (part.name for part in function.inputs)
                return name, dict(zip(names, values, strict=True))
    raise AssertionError("no call of the router")


# --- swaps ----------------------------------------------------------------------------


def test_a_swap_sells_exactly_what_was_said_and_gets_what_was_quoted(
    exchange: Exchange, dexsim: Dexsim
) -> None:
    me, usdc, weth = exchange.who[0], exchange.token("USDC"), exchange.token("WETH")
    had = usdc.balance(me), weth.balance(me)
    quoted = cpmm.amount_out(2_000 * USDC, 200_000 * USDC, 100 * ONE)
    next_block = exchange.node.next_timestamp
    ended = dexsim("pool", "swap", "main", "--sell", "2,000 USDC", *exchange.options)
    assert ended.code == 0, ended.err
    assert (usdc.balance(me), weth.balance(me)) == (had[0] - 2_000 * USDC, had[1] + quoted)
    assert usdc.allowance(me, exchange.at("router")) == 0
    name, sent = arguments(exchange, me)
    assert name == "swapExactTokensForTokens"
    assert sent["amountOutMin"] == quoted * 9_950 // 10_000
    assert sent["deadline"] == next_block + 1_200
    assert "got 0.987158034397061298 WETH for 2,000 USDC: 2,026.02 USDC per WETH" in ended.out
    assert "2,000 USDC to the router" in ended.out
    assert "0x" + "0" * 8 not in ended.out


def test_what_is_allowed_already_is_not_allowed_again(exchange: Exchange, dexsim: Dexsim) -> None:
    me, usdc = exchange.who[0], exchange.token("USDC")
    exchange.node.send(usdc.approve(me, spender=exchange.at("router"), amount=150 * USDC))
    nonce = exchange.node.nonce(me)
    dexsim("pool", "swap", "main", "--sell", "100 USDC", *exchange.options)
    assert exchange.node.nonce(me) == nonce + 1
    assert usdc.allowance(me, exchange.at("router")) == 50 * USDC
    dexsim("pool", "swap", "main", "--sell", "51 USDC", *exchange.options)
    assert exchange.node.nonce(me) == nonce + 3
    assert usdc.allowance(me, exchange.at("router")) == 0


def test_a_purchase_gets_exactly_what_was_said_and_pays_at_most_its_limit(
    exchange: Exchange, dexsim: Dexsim
) -> None:
    me, dai, usdc = exchange.who[0], exchange.token("DAI"), exchange.token("USDC")
    had = dai.balance(me), usdc.balance(me)
    cost = cpmm.amount_in(500 * USDC, 1_000_000 * ONE, 1_000_000 * USDC)
    limit = -(-cost * 10_025 // 10_000)
    ended = dexsim(
        *("pool", "swap", "stable", "--buy", "500 USDC", "--slippage-bps", "25"), *exchange.options
    )
    assert ended.code == 0, ended.err
    assert (dai.balance(me), usdc.balance(me)) == (had[0] - cost, had[1] + 500 * USDC)
    assert arguments(exchange, me)[1]["amountInMax"] == limit
    assert dai.allowance(me, exchange.at("router")) == limit - cost
    assert "got 500 USDC for" in ended.out


@pytest.mark.parametrize(
    ("options", "function"),
    [
        (["--sell", "1 ETH"], "swapExactETHForTokens"),
        (["--sell", "ETH", "--buy", "1900 USDC"], "swapETHForExactTokens"),
        (["--sell", "2000 USDC", "--buy", "ETH"], "swapExactTokensForETH"),
        (["--buy", "0.5 eth"], "swapTokensForExactETH"),
    ],
)
def test_coins_are_paid_and_got_as_coins(
    exchange: Exchange, dexsim: Dexsim, options: list[str], function: str
) -> None:
    me, weth, usdc = exchange.who[0], exchange.token("WETH"), exchange.token("USDC")
    before = exchange.market("main").pool.reserves()
    had = exchange.node.balance(me), weth.balance(me), usdc.balance(me)
    nonce = exchange.node.nonce(me)
    ended = dexsim("pool", "swap", "main", *options, *exchange.options)
    assert ended.code == 0, ended.err
    fees = sum(receipt.fee for receipt in exchange.sent(me, since=nonce))
    after = exchange.market("main").pool.reserves()
    assert arguments(exchange, me)[0] == function
    assert exchange.node.balance(me) + fees - had[0] == before.base - after.base != 0
    assert usdc.balance(me) - had[2] == before.quote - after.quote != 0
    assert weth.balance(me) == had[1]
    assert "ETH" in ended.out.splitlines()[-1]


def test_a_dry_run_tells_all_and_sends_nothing(exchange: Exchange, dexsim: Dexsim) -> None:
    number = exchange.node.number
    ended = dexsim("pool", "swap", "main", "--sell", "1 ETH", "--dry-run", *exchange.options)
    assert ended.code == 0
    assert exchange.node.number == number
    for told in (
        "sell       1 ETH",
        "get about  1,974.316068 USDC",
        "at least   1,964.444487 USDC (slippage 0.5 %)",
        "1,974.32 USDC per WETH; the pool's is 2,000, afterwards 1,960.65",
        "0.99 %, besides the fee",
        "0.003 ETH (0.3 %)",
        "1,200 s from now",
        "nothing was sent",
    ):
        assert told in ended.out


def test_a_key_of_ones_own_signs(
    exchange: Exchange, dexsim: Dexsim, monkeypatch: pytest.MonkeyPatch
) -> None:
    rich = exchange.who[0]
    exchange.node.send(Transaction(sender=rich, to=KEPT.address, value=3 * ONE, gas_limit=21_000))
    monkeypatch.setenv("MY_KEY", KEPT.key.hex())
    command = ("pool", "swap", "main", "--sell", "1 ETH", *exchange.options)
    ended = dexsim(*command, "--key-env", "MY_KEY")
    assert ended.code == 0, ended.err
    assert exchange.token("USDC").balance(KEPT.address) == 1_974_316_068
    refused = dexsim(*command, "--from", KEPT.address)
    assert refused.code == 2
    assert "does not hold the key" in refused.err


# --- limits, deadlines, sandwiches ------------------------------------------------------


def other_swap(exchange: Exchange) -> None:
    """Somebody else sells first."""
    planned = plan_swap(exchange.market("main"), sell="2 ETH", buy=None, slippage_bps=50)
    carry_out(swap_action(planned, exchange.who[1], 2**40), exchange.node)


@pytest.mark.parametrize(
    ("sell", "buy", "words"),
    [
        ("1 ETH", None, r"less than 1,964\.444487 USDC now.*--slippage-bps.*insufficient output"),
        ("ETH", "1900 USDC", r"more than .* ETH now.*--slippage-bps.*excessive input"),
    ],
)
def test_a_price_that_moved_beyond_the_limit_is_told_in_words_and_costs_nothing(
    exchange: Exchange, sell: str, buy: str | None, words: str
) -> None:
    me = exchange.who[0]
    planned = plan_swap(exchange.market("main"), sell=sell, buy=buy, slippage_bps=50)
    other_swap(exchange)
    had = exchange.node.balance(me)
    with pytest.raises(Reverted, match=words):
        carry_out(swap_action(planned, me, 2**40), exchange.node)
    assert exchange.node.balance(me) == had


def test_a_deadline_that_passed_is_told_in_words(exchange: Exchange) -> None:
    planned = plan_swap(exchange.market("main"), sell="1 ETH", buy=None, slippage_bps=50)
    action = swap_action(planned, exchange.who[0], exchange.node.timestamp - 1)
    with pytest.raises(Reverted, match=r"deadline has passed.*--deadline-seconds.*router: expired"):
        carry_out(action, exchange.node)


@pytest.mark.parametrize(("sell", "buy"), [("1 ETH", None), (None, "1 WETH"), ("1000 USDC", None)])
def test_what_a_sandwich_could_take_is_what_the_best_one_takes(
    exchange: Exchange, sell: str | None, buy: str | None
) -> None:
    gas_price = 10**9
    market = exchange.market("main")
    planned = plan_swap(market, sell=sell, buy=buy, slippage_bps=200)
    threat = threat_to(planned, gas_price)
    assert threat is not None
    reserves = planned.reserves_in_out
    coins = ATTACK_GAS * gas_price
    cost = coins if planned.sells_base else coins * reserves[0] // reserves[1]
    best = cpmm.optimal_frontrun(planned.most_in, planned.least_out, *reserves, cost=cost)
    assert (threat.frontrun_in, threat.profit) == (best.frontrun_in, best.profit)
    moved = reserves[0] + best.frontrun_in, reserves[1] - best.frontrun_out
    if buy:
        assert threat.loss == cpmm.amount_in(planned.amount_out, *moved) - planned.amount_in
    else:
        assert threat.loss == planned.amount_out - cpmm.amount_out(planned.amount_in, *moved)
    safe = threat.safe_slippage_bps
    assert 0 < safe < 200
    assert threat_to(plan_swap(market, sell=sell, buy=buy, slippage_bps=safe), gas_price) is None
    assert threat_to(plan_swap(market, sell=sell, buy=buy, slippage_bps=safe + 2), gas_price)


def test_who_could_be_sandwiched_is_warned_and_who_could_not_is_not(
    exchange: Exchange, dexsim: Dexsim
) -> None:
    command = ("pool", "quote", "main", "--sell", "1 WETH", *exchange.options)
    warned = dexsim(*command)
    assert "a sandwich could leave 1,964.444487 USDC, 9.871581 USDC less (50 bps)" in warned.err
    assert "with --slippage-bps 2 none would pay" in warned.err
    calm = dexsim(*command, "--slippage-bps", "2")
    assert (calm.code, calm.err) == (0, "")


# --- looking --------------------------------------------------------------------------


def test_a_quote_for_programs_is_one_object_of_strings(exchange: Exchange, dexsim: Dexsim) -> None:
    ended = dexsim("pool", "quote", "USDC/WETH", "--buy", "1 ETH", "--json", *exchange.options)
    told = json.loads(ended.out)
    cost = cpmm.amount_in(ONE, 200_000 * USDC, 100 * ONE)
    assert told["amount_in"] == f"{cost // USDC}.{cost % USDC:06d}".rstrip("0")
    assert (told["pair"], told["token_out"], told["exact"]) == ("USDC/WETH", "ETH", "out")
    assert told["mid_price"] == "0.0005"
    assert told["sandwich"]["loss_token"] == "USDC"
    assert ended.err == ""


def test_pools_are_told_of_alone_and_together(exchange: Exchange, dexsim: Dexsim) -> None:
    everything = dexsim("pool", "info", *exchange.options)
    assert "100 WETH, 200,000 USDC" in everything.out
    assert "stable DAI/USDC" in everything.out
    one = dexsim("pool", "info", "WETH/USDC", "--json", *exchange.options)
    told = json.loads(one.out)
    assert told["base"] == {
        "symbol": "WETH",
        "decimals": 18,
        "address": exchange.at("WETH"),
        "reserve": "100",
    }
    assert (told["name"], told["price"], told["fee_bps"]) == ("main", "2000", 30)
    assert told["lp_balance"] == "0.004472135954998579"


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        (["mian", "--sell", "1 WETH"], 2, "unknown pool 'mian'; did you mean main?"),
        (["main", "--sell", "1 DAI"], 2, "main trades WETH and USDC (or ETH), not 'DAI'"),
        (["stable", "--sell", "1 ETH"], 2, "stable trades DAI and USDC, not 'ETH'"),
        (["main", "--sell", "1"], 2, "Say '1 WETH' or '1 USDC'"),
        (["main", "--sell", "0 WETH"], 2, "'0 WETH' is nothing"),
        (["main", "--sell", "-1 WETH"], 2, "'-1 WETH' is negative"),
        (["main", "--sell", "1,5 WETH"], 2, "a comma groups thousands"),
        (["main", "--sell", "0.0000001 USDC"], 2, "more fraction digits than the token's 6"),
        (["main", "--sell", "WETH"], 2, "one amount is wanted, and none is said"),
        (["main", "--sell", "1 WETH", "--buy", "1 USDC"], 2, "one amount is wanted, and both"),
        (["main", "--sell", "1 ETH", "--buy", "WETH"], 2, "no trade of main"),
        (["main", "--buy", "200000 USDC"], 2, "main holds 200,000 USDC"),
        (["main", "--sell", "1 WETH", "--slippage-bps", "10001"], 2, "from 0 to 10000"),
        (["main", "--sell", "1 ETH", "--deadline-seconds", "0"], 2, "--deadline-seconds: 0"),
        (["main", "--sell", "1 WETH"], 1, "has 0 WETH, and this takes 1 WETH; say ETH"),
        (["main", "--sell", "20000 ETH"], 1, "takes 20,000 ETH to send along"),
        (["0x12", "--sell", "1 WETH"], 2, "not an address"),
        (["0x" + "1" * 40, "--sell", "1 WETH"], 2, "no Uniswap-v2 pair at"),
        (["main", "--sell", "1 ETH", "--plan", "exchange"], 1, "there are: incentives"),
        (["main", "--sell", "1 ETH", "--chain-id", "5"], 1, "is on chain 1337, not on 5"),
    ],
)
def test_what_cannot_be_done_is_one_clear_line(
    exchange: Exchange, dexsim: Dexsim, options: list[str], code: int, words: str
) -> None:
    number = exchange.node.number
    ended = dexsim("pool", "swap", *options, *exchange.options)
    assert ended.code == code
    last = ended.err.splitlines()[-1]
    assert last.startswith("error: ")
    assert words in last
    assert exchange.node.number == number


def test_no_node_and_no_record_are_told(dexsim: Dexsim, exchange: Exchange, tmp_path: Path) -> None:
    silent = dexsim("pool", "info", "--rpc", "http://127.0.0.1:1")
    assert (silent.code, "http://127.0.0.1:1" in silent.err) == (1, True)
    unknown = dexsim("pool", "info", "main", "--rpc", exchange.url, "--dir", str(tmp_path / "no"))
    assert unknown.code == 2
    assert "nothing is recorded for chain 1337" in unknown.err
    assert "dexsim deploy exchange" in unknown.err


def test_a_restarted_chain_is_told_with_what_to_do(exchange: Exchange, dexsim: Dexsim) -> None:
    with Server(port=0).running() as url:
        options = ("--rpc", url, "--dir", str(exchange.folder))
        for command in (["info"], ["quote", "main", "--sell", "1 WETH"]):
            ended = dexsim("pool", *command, *options)
            assert ended.code == 1
            assert "chain 1337 was restarted" in ended.err
            assert "dexsim deploy incentives --rpc URL --apply --fresh" in ended.err


def test_a_name_of_two_plans_needs_the_plan(dexsim: Dexsim, tmp_path: Path) -> None:
    with (
        Server(port=0).running() as url,
        exchange_at(url, tmp_path) as both,
        exchange_at(url, tmp_path, "exchange"),
    ):
        command = ("pool", "quote", "main", "--sell", "1 WETH", *both.options)
        unclear = dexsim(*command)
        assert unclear.code == 2
        assert "main of exchange (0x" in unclear.err
        assert "main of incentives (0x" in unclear.err
        assert "--plan NAME" in unclear.err
        assert dexsim(*command, "--plan", "exchange").code == 0


# --- liquidity ----------------------------------------------------------------------------


def test_what_is_said_of_a_deposit_goes_in_to_the_wei_and_the_other_side_follows(
    exchange: Exchange, dexsim: Dexsim
) -> None:
    me, dai, usdc = exchange.who[0], exchange.token("DAI"), exchange.token("USDC")
    dexsim("pool", "swap", "stable", "--sell", "12345.678 DAI", *exchange.options)
    for said, exact, follows in (("333.333333 USDC", usdc, dai), ("77.7 DAI", dai, usdc)):
        had = exact.balance(me), follows.balance(me)
        pool = exchange.market("stable").pool
        shares, supply, held = pool.lp_balance(me), pool.lp_supply(), pool.sides(exact)
        amount = exact.amount(said.split()[0])
        paired = cpmm.quote(amount, *held)
        ended = dexsim("pool", "add", "stable", "--with", said, *exchange.options)
        assert ended.code == 0, ended.err
        assert (exact.balance(me), follows.balance(me)) == (had[0] - amount, had[1] - paired)
        minted = cpmm.liquidity_minted(amount, paired, *held, supply)
        assert pool.lp_balance(me) - shares == minted
        assert dai.allowance(me, exchange.at("router")) == 0
        assert usdc.allowance(me, exchange.at("router")) == 0


def test_coins_said_of_a_deposit_go_in_to_the_wei(exchange: Exchange, dexsim: Dexsim) -> None:
    me = exchange.who[0]
    dexsim("pool", "swap", "main", "--sell", "1.234567 ETH", *exchange.options)
    before = exchange.market("main").pool.reserves()
    ended = dexsim("pool", "add", "main", "--with", "0.777777777 ETH", *exchange.options)
    assert ended.code == 0, ended.err
    after = exchange.market("main").pool.reserves()
    assert after.base - before.base == 777_777_777 * 10**9
    assert arguments(exchange, me)[0] == "addLiquidityETH"


def test_of_two_amounts_neither_is_exceeded(exchange: Exchange, dexsim: Dexsim) -> None:
    command = ("pool", "add", "main", "--with", "1 ETH", *exchange.options)
    assert dexsim(*command, "--and", "1000 USDC").code == 0
    held = exchange.market("main").pool.reserves()
    assert (held.base, held.quote) == (100 * ONE + ONE // 2, 201_000 * USDC)
    assert dexsim(*command, "--and", "5000 USDC").code == 0
    held = exchange.market("main").pool.reserves()
    assert (held.base, held.quote) == (101 * ONE + ONE // 2, 203_000 * USDC)
    wrong = dexsim(*command, "--and", "1 WETH")
    assert (wrong.code, "it is for the other side" in wrong.err) == (2, True)


@pytest.mark.parametrize("coins", [True, False])
def test_a_share_is_taken_out_as_promised(exchange: Exchange, dexsim: Dexsim, coins: bool) -> None:
    me, weth, usdc = exchange.who[0], exchange.token("WETH"), exchange.token("USDC")
    pool = exchange.market("main").pool
    held, supply = pool.lp_balance(me), pool.lp_supply()
    base, quote = cpmm.liquidity_burned(held // 4, 100 * ONE, 200_000 * USDC, supply)
    had = exchange.node.balance(me), weth.balance(me), usdc.balance(me)
    nonce = exchange.node.nonce(me)
    how = ["--eth"] if coins else []
    ended = dexsim("pool", "remove", "main", "--share", "25%", *how, *exchange.options)
    assert ended.code == 0, ended.err
    fees = sum(receipt.fee for receipt in exchange.sent(me, since=nonce))
    assert pool.lp_balance(me) == held - held // 4
    assert usdc.balance(me) == had[2] + quote
    assert exchange.node.balance(me) + fees - had[0] == (base if coins else 0)
    assert weth.balance(me) - had[1] == (0 if coins else base)
    sent = arguments(exchange, me)[1]
    least = base * 9_950 // 10_000, quote * 9_950 // 10_000
    names = ("amountETHMin", "amountTokenMin") if coins else ("amountAMin", "amountBMin")
    assert (sent[names[0]], sent[names[1]]) == least


def test_no_more_is_taken_out_than_there_is(exchange: Exchange, dexsim: Dexsim) -> None:
    command = ("pool", "remove", "main", *exchange.options)
    too_much = dexsim(*command, "--lp", "1")
    assert (too_much.code, "LP of main, not 1" in too_much.err) == (1, True)
    nothing = dexsim(*command, "--share", "50%", "--from", exchange.who[1])
    assert (nothing.code, "nothing to take out" in nothing.err) == (1, True)
    for wrong in (["--share", "0%"], ["--share", "101%"], [], ["--share", "1%", "--lp", "1"]):
        assert dexsim(*command, *wrong).code == 2


# --- other people's pools -------------------------------------------------------------------


@needs_published
def test_a_published_pair_is_worked_by_its_address(exchange: Exchange, dexsim: Dexsim) -> None:
    me, node = exchange.who[0], exchange.node
    usdc, weth = exchange.token("USDC"), exchange.token("WETH")
    made = [published("UniswapV2Factory"), published("UniswapV2Router02")]
    factory = Contract(
        made[0].interface, created(node.send(creation(made[0], me, me))), node, name="factory"
    )
    router = created(node.send(creation(made[1], me, factory.address, weth.address)))
    node.send(factory.write.createPair(me, usdc, weth, gas_limit=4_000_000))
    pair = factory.read.getPair(usdc, weth)
    add = ("pool", "add", pair, "--with", "10 ETH", "--and", "30000 USDC", *exchange.options)
    unknown = dexsim(*add[:5], "--and", "30000 USDC", *exchange.options)
    assert (unknown.code, "--router" in unknown.err) == (2, True)
    strange = dexsim(*add, "--router", exchange.at("router"))
    assert (strange.code, "does not work the pool" in strange.err) == (2, True)
    opened = dexsim(*add, "--router", router)
    assert opened.code == 0, opened.err
    assert "these amounts set it" in opened.out
    had = usdc.balance(me)
    swapped = dexsim(
        *("pool", "swap", pair, "--sell", "1 ETH", "--router", router), *exchange.options
    )
    assert swapped.code == 0, swapped.err
    assert usdc.balance(me) - had == cpmm.amount_out(ONE, 10 * ONE, 30_000 * USDC, 30)


def test_everything_works_on_anvil(dexsim: Dexsim, tmp_path: Path) -> None:
    with running("--timestamp", "1800000000") as url, exchange_at(url, tmp_path) as there:
        options = ("--rpc", url, "--dir", str(tmp_path))
        friend = there.who[3]
        assert dexsim("token", "fund", friend, *options).code == 0
        for words in (
            ["pool", "swap", "main", "--sell", "100 USDC", "--buy", "ETH"],
            ["pool", "swap", "main", "--buy", "0.1 ETH"],
            ["pool", "swap", "WETH/USDC", "--sell", "0.1 ETH"],
            ["pool", "add", "main", "--with", "0.5 ETH"],
            ["gauge", "deposit", "--share", "50%"],
            ["gauge", "claim"],
            ["gauge", "withdraw", "--share", "100%"],
            ["pool", "remove", "main", "--share", "100%", "--eth"],
            ["token", "transfer", "5 DAI", there.who[4]],
            ["token", "unwrap", "1"],
        ):
            ended = dexsim(*words, "--from", friend, *options)
            assert ended.code == 0, ended.err
        pool = there.market("main").pool
        assert pool.lp_balance(friend) == 0
        assert there.token("DAI").balance(there.who[4]) == 5 * ONE
        assert there.token("WETH").balance(friend) == 9 * ONE
