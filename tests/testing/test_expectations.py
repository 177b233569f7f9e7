"""`reverts`, `expect_events` and `deal`, and what they say when they are not met."""

from __future__ import annotations

from typing import Any

import pytest

from dexsim.chain.accounts import Account
from dexsim.chain.chain import Chain
from dexsim.errors import EngineError, Reverted
from dexsim.market.deployment import Deployment
from dexsim.market.erc20 import Erc20
from dexsim.market.pool import Pool
from dexsim.market.router import Router
from dexsim.testing import Refusal, deal, expect_events, reverts


def too_much(pool: Pool, alice: Account) -> Any:
    return pool.base.transfer(alice, to=pool, amount=10**30)


def test_reverts_gives_the_error(chain: Chain, pool: Pool, alice: Account) -> None:
    with reverts("weth: insufficient balance") as refusal:
        chain.send(too_much(pool, alice))
    assert refusal.error.reason == "weth: insufficient balance"
    assert refusal.error.receipt is not None
    assert refusal.error.receipt.gas_used > 21_000


def test_reverts_wants_the_reason_whole(chain: Chain, pool: Pool, alice: Account) -> None:
    for wrong in ("", "insufficient balance", "weth: insufficient"):
        complaint = pytest.raises(AssertionError, match="got 'weth: insufficient balance'")
        with complaint as found, reverts(wrong):
            chain.send(too_much(pool, alice))
        assert isinstance(found.value.__cause__, Reverted)


def test_reverts_wants_a_refusal() -> None:
    with pytest.raises(AssertionError, match="with 'x', but nothing reverted"), reverts("x"):
        pass


def test_reverts_wants_a_reason() -> None:
    with pytest.raises(TypeError):
        reverts()  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="reverts takes the reason as text"):
        reverts(None).__enter__()  # type: ignore[arg-type]


def test_a_refusal_has_no_error_before_there_is_one() -> None:
    with pytest.raises(AssertionError, match="ask after the `with`"):
        Refusal().error  # noqa: B018


def swap(chain: Chain, router: Router, pool: Pool, alice: Account) -> Any:
    return chain.send(
        router.swap(alice, pool=pool, token_in=pool.base, amount_in=10**18, min_amount_out=1)
    )


def all_events(pool: Pool, alice: Account, out: int) -> list[Any]:
    before = pool.reserves()
    after = [before.base, before.quote]
    ins, outs = [10**18, 0], [0, out]
    order = 1 if pool.base_is_token0 else -1
    return [
        (pool.base, "Transfer", alice, pool, 10**18),
        (pool.quote, "Transfer", pool, alice, out),
        (pool, "Sync", *after[::order]),
        (pool, "Swap", alice, *ins[::order], *outs[::order], alice),
    ]


def test_events_are_expected_all_and_in_order(
    chain: Chain, router: Router, pool: Pool, alice: Account
) -> None:
    out = pool.amount_out(token_in=pool.base, amount_in=10**18)
    receipt = swap(chain, router, pool, alice)
    expected = all_events(pool, alice, out)
    expected[3] = (pool, "Swap", router, *expected[3][3:])
    expect_events(receipt, *expected)
    expect_events(pool.base, receipt, expected[0][1:])
    expect_events(pool, receipt, *(each[1:] for each in expected[2:]))
    for wrong in (expected[:3], expected[1:], [*expected, expected[0]], expected[::-1], []):
        with pytest.raises(AssertionError, match="the events are not those expected"):
            expect_events(receipt, *wrong)


def test_the_difference_of_events_can_be_read(
    chain: Chain, router: Router, pool: Pool, alice: Account
) -> None:
    receipt = chain.send(pool.quote.transfer(alice, to=pool, amount=5))
    with pytest.raises(AssertionError) as found:
        expect_events(receipt, (pool, "Sync", 1, 2), (pool.quote, "Transfer", alice, pool, 6))
    assert str(found.value).splitlines() == [
        "the events are not those expected (- expected, + emitted):",
        "  - main.Sync(reserve0=1, reserve1=2)",
        "  - USDC.Transfer(sender=alice, receiver=main, value=6)",
        "  + USDC.Transfer(sender=alice, receiver=main, value=5)",
    ]
    with pytest.raises(AssertionError, match=r"an event\(topics=\['0xddf252ad"):
        expect_events(receipt)


def test_events_by_name_of_their_fields(chain: Chain, pool: Pool, alice: Account) -> None:
    receipt = chain.send(pool.quote.transfer(alice, to=pool, amount=5))
    fields = {"sender": alice, "receiver": pool, "value": 5}
    expect_events(pool.quote, receipt, ("Transfer", fields))
    with pytest.raises(TypeError, match="Transfer has the fields sender, receiver, value, not to"):
        expect_events(pool.quote, receipt, ("Transfer", {"to": pool}))


def test_an_event_that_the_abi_does_not_have_is_told(
    chain: Chain, pool: Pool, alice: Account
) -> None:
    receipt = chain.send(pool.quote.transfer(alice, to=pool, amount=5))
    with pytest.raises(TypeError, match="no event 'Tranfer'; its events are: Approval, .*Transfer"):
        expect_events(receipt, (pool.quote, "Tranfer", alice, pool, 5))
    with pytest.raises(TypeError, match=r"Transfer has 3 fields .*, not 1"):
        expect_events(receipt, (pool.quote, "Transfer", 5))
    with pytest.raises(TypeError, match="the receipt is missing"):
        expect_events(pool.quote, ("Transfer", alice, pool, 5))
    with pytest.raises(TypeError, match="of a contract's handle, not of 'USDC'"):
        expect_events(receipt, ("USDC", "Transfer", alice, pool, 5))


@pytest.mark.parametrize("symbol", ["WETH", "USDC"])
@pytest.mark.parametrize("amount", [0, 7, 2**128])
def test_a_balance_by_decree_changes_the_supply_with_it(
    deployment: Deployment, chain: Chain, bob: Account, symbol: str, amount: int
) -> None:
    token = deployment.tokens[symbol]
    before, supply = token.balance(bob), token.total_supply()
    deal(chain, token, bob, amount)
    assert token.balance(bob) == amount
    assert token.total_supply() - supply == amount - before
    deal(chain, token, bob, before)
    assert (token.balance(bob), token.total_supply()) == (before, supply)


def test_liquidity_by_decree_can_be_taken_out(
    deployment: Deployment, chain: Chain, pool: Pool, router: Router, bob: Account
) -> None:
    lp = Erc20(pool.address, chain, symbol="LP")
    deal(chain, lp, bob, 10**6)
    chain.send(lp.approve(bob, spender=router))
    chain.send(router.remove_liquidity(bob, pool=pool, lp_amount=10**6))
    assert pool.lp_balance(bob) == 0


STRANGE = """# pragma version ~=0.4.3
struct Holder:
    wei_held: uint256

holders: HashMap[address, Holder]
supply: uint256

@external
@view
def balanceOf(who: address) -> uint256:
    return self.holders[who].wei_held + 1

@external
@view
def totalSupply() -> uint256:
    return 1
"""


def test_a_token_of_unknown_layout_is_refused_and_stays(
    chain: Chain, deploy: Any, bob: Account
) -> None:
    token = deploy(STRANGE)
    root = chain.state_root()
    with pytest.raises(EngineError, match="keeps its balances where nobody here can tell"):
        deal(chain, token, bob, 5)
    assert chain.state_root() == root
    hidden = STRANGE.replace("HashMap[address, Holder]", "HashMap[address, uint256]")
    token = deploy(hidden.replace(".wei_held + 1", ""))
    root = chain.state_root()
    with pytest.raises(EngineError, match="keeps its supply where nobody here can tell"):
        deal(chain, token, bob, 5)
    assert (chain.state_root(), token.read.balanceOf(bob)) == (root, 0)


def test_a_supply_beyond_all_numbers_is_refused(
    deployment: Deployment, chain: Chain, bob: Account
) -> None:
    with pytest.raises(EngineError, match="beyond 2"):
        deal(chain, deployment.tokens["USDC"], bob, 2**256 - 1)


def test_a_contract_can_be_impersonated(chain: Chain, pool: Pool, bob: Account) -> None:
    before = pool.base.balance(bob)
    with chain.impersonating(pool) as sender:
        assert sender.address == pool.address
        receipt = chain.send(pool.base.transfer(sender, to=bob, amount=5))
        assert receipt.fee == 0
    assert pool.base.balance(bob) == before + 5
    assert (chain.balance(pool), chain.base_fee) == (0, 10**9)
    with pytest.raises(Exception, match="cannot send"):
        chain.mine([pool.base.transfer(pool, to=bob, amount=5)])


def test_time_can_be_travelled_forwards_alone(chain: Chain) -> None:
    chain.travel(timestamp=2_000_000_000)
    assert chain.env.timestamp == 2_000_000_000
    with pytest.raises(EngineError, match="cannot follow"):
        chain.travel(timestamp=1_999_999_999)


def test_a_wrong_guess_of_the_layout_leaves_nothing(
    chain: Chain, deploy: Any, alice: Account, bob: Account
) -> None:
    decoys = """# pragma version ~=0.4.3
points: public(HashMap[address, uint256])
limit: public(uint256)
balanceOf: public(HashMap[address, uint256])
totalSupply: public(uint256)
"""
    token = deploy(decoys)
    deal(chain, token, bob, 7)
    assert (token.read.balanceOf(bob), token.read.totalSupply()) == (7, 7)
    assert (token.read.points(bob), token.read.limit()) == (0, 0)
