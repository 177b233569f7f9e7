"""`dexsim.cpmm` against the contracts on the EVM: equal to the wei, and refusing where they refuse."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
from hypothesis import HealthCheck, assume, event, given, settings
from hypothesis import strategies as st

from dexsim import cpmm
from dexsim.artifacts.library import shipped
from dexsim.chain.accounts import Account
from dexsim.chain.chain import Chain
from dexsim.chain.types import Transaction
from dexsim.cpmm import MAX_RESERVE
from dexsim.errors import Reverted, ScenarioError
from dexsim.market.contract import Contract, deploy
from dexsim.market.factory import deploy_factory

ALICE = Account.named("alice")
WETH = "0x" + "00" * 19 + "01"
EXAMPLES = 2_000


@dataclass
class Laboratory:
    """One chain with two tokens, and a pool and a router for every fee that was asked for."""

    lasting: Chain
    """Not named `chain`, because venues that one example has made are there for the next."""
    tokens: tuple[Contract, Contract]
    venues: dict[int, tuple[Contract, Contract]] = field(default_factory=dict)

    def venue(self, fee_bps: int) -> tuple[Contract, Contract]:
        """(pool, router) of a fee; the pool is empty."""
        if fee_bps not in self.venues:
            factory = deploy_factory(self.lasting, ALICE, fee_bps=fee_bps, fee_to_setter=ALICE)
            token0, token1 = self.tokens
            self.lasting.send(factory.create_pool(ALICE, token_a=token0, token_b=token1))
            address = factory.pool_address(token0.address, token1.address)
            pool = Contract(shipped("pool").abi, address, self.lasting, name="pool")
            router = deploy(self.lasting, shipped("router"), ALICE, factory, WETH)
            self.venues[fee_bps] = (pool, router)
        return self.venues[fee_bps]

    @contextmanager
    def pool_with(self, fee_bps: int, reserve0: int, reserve1: int) -> Iterator[Contract]:
        """A pool that holds exactly these reserves, gone afterwards."""
        pool, _ = self.venue(fee_bps)
        with self.lasting.anchor():
            self.give(pool, (reserve0, reserve1))
            self.send(pool.write.sync(ALICE))
            yield pool

    def give(self, pool: Contract, amounts: tuple[int, int]) -> None:
        for token, amount in zip(self.tokens, amounts, strict=True):
            self.send(token.write.mint(ALICE, pool, amount))

    def send(self, tx: Transaction) -> None:
        self.lasting.send(tx)


@pytest.fixture(scope="module")
def laboratory() -> Laboratory:
    chain = Chain(base_fee=0)
    both = [deploy(chain, shipped("token"), ALICE, name, name, 18, 0) for name in ("A", "B")]
    token0, token1 = sorted(both, key=lambda token: int(token.address, 16))
    return Laboratory(chain, (token0, token1))


def amounts(lowest: int = 0) -> st.SearchStrategy[int]:
    """Every magnitude from 1 wei to 2**112 - 1 equally often, powers of two and their neighbours too."""
    of_size = st.integers(0, 112).flatmap(lambda bits: st.integers(2**bits // 2, 2**bits - 1))
    edges = st.integers(0, 112).flatmap(lambda bits: st.sampled_from([2**bits - 1, 2**bits]))
    return st.one_of(of_size, of_size, edges).map(lambda n: min(max(n, lowest), MAX_RESERVE))


fees = st.one_of(st.sampled_from([0, 1, 5, 25, 30, 100, 300, 999, 1000]), st.integers(0, 1000))


def contract_or_reason(router: Contract, function: str, *args: int) -> int | str:
    try:
        return int(getattr(router.read, function)(*args))
    except Reverted as error:
        return error.reason


def twin_or_reason(function: object, *args: int) -> int | str:
    try:
        return int(function(*args))  # type: ignore[operator]
    except Reverted as error:
        return error.reason


@settings(
    max_examples=EXAMPLES, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)
@given(amount=amounts(), reserve_in=amounts(), reserve_out=amounts(), fee_bps=fees)
def test_quotes_of_the_twin_are_the_routers(
    laboratory: Laboratory, amount: int, reserve_in: int, reserve_out: int, fee_bps: int
) -> None:
    _, router = laboratory.venue(fee_bps)
    for name, twin in {"getAmountOut": cpmm.amount_out, "getAmountIn": cpmm.amount_in}.items():
        theirs = contract_or_reason(router, name, amount, reserve_in, reserve_out)
        ours = twin_or_reason(twin, amount, reserve_in, reserve_out, fee_bps)
        assert ours == theirs, name
    event("refused" if isinstance(theirs, str) else "answered")


@settings(
    max_examples=EXAMPLES, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)
@given(
    amount=amounts(1),
    reserve0=amounts(1),
    reserve1=amounts(1),
    fee_bps=fees,
    zero_for_one=st.booleans(),
)
def test_a_swap_of_the_twins_output_passes_and_one_more_wei_does_not(
    laboratory: Laboratory,
    amount: int,
    reserve0: int,
    reserve1: int,
    fee_bps: int,
    zero_for_one: bool,
) -> None:
    reserve_in, reserve_out = (reserve0, reserve1) if zero_for_one else (reserve1, reserve0)
    out = cpmm.amount_out(amount, reserve_in, reserve_out, fee_bps)
    paid = (amount, 0) if zero_for_one else (0, amount)
    with laboratory.pool_with(fee_bps, reserve0, reserve1) as pool:
        laboratory.give(pool, paid)
        assert swap(laboratory, pool, out + 1, zero_for_one) != ""
        refused = swap(laboratory, pool, out, zero_for_one)
        try:
            now_in, now_out = cpmm.swap(amount, reserve_in, reserve_out, fee_bps)
        except Reverted as error:
            assert refused == error.reason
            assert out == 0 or reserve_in + amount > MAX_RESERVE
            event(error.reason)
        else:
            assert refused == ""
            expected = (now_in, now_out) if zero_for_one else (now_out, now_in)
            assert tuple(pool.read.getReserves()[:2]) == expected
            event("swapped")


def swap(laboratory: Laboratory, pool: Contract, out: int, zero_for_one: bool) -> str:
    """Ask the pool for so much: "" when it pays, else why not."""
    outputs = (0, out) if zero_for_one else (out, 0)
    try:
        laboratory.send(pool.write.swap(ALICE, *outputs, ALICE, b""))
    except Reverted as error:
        return error.reason or "no reason given"
    return ""


@settings(
    max_examples=400, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)
@given(bought=amounts(1), reserve0=amounts(2), reserve1=amounts(2), fee_bps=fees)
def test_the_twins_input_buys_the_output_and_the_input_is_at_most_one_wei_too_much(
    laboratory: Laboratory, bought: int, reserve0: int, reserve1: int, fee_bps: int
) -> None:
    assume(bought < reserve1)
    needed = cpmm.amount_in(bought, reserve0, reserve1, fee_bps)
    assume(reserve0 + needed <= MAX_RESERVE)
    with laboratory.pool_with(fee_bps, reserve0, reserve1) as pool:
        laboratory.give(pool, (needed, 0))
        assert swap(laboratory, pool, bought, True) == ""
    if needed > 2:
        with laboratory.pool_with(fee_bps, reserve0, reserve1) as pool:
            laboratory.give(pool, (needed - 2, 0))
            assert swap(laboratory, pool, bought, True) == "pool: k"


@settings(
    max_examples=300, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)
@given(first=st.tuples(amounts(1), amounts(1)), second=st.tuples(amounts(1), amounts(1)))
def test_liquidity_of_the_twin_is_the_pools(
    laboratory: Laboratory, first: tuple[int, int], second: tuple[int, int]
) -> None:
    pool, _ = laboratory.venue(30)
    reserves, supply = (0, 0), 0
    with laboratory.lasting.anchor():
        for given_amounts in (first, second):
            assume(all(r + a <= MAX_RESERVE for r, a in zip(reserves, given_amounts, strict=True)))
            laboratory.give(pool, given_amounts)
            try:
                expected = cpmm.liquidity_minted(*given_amounts, *reserves, supply)
            except Reverted as error:
                with pytest.raises(Reverted) as caught:
                    laboratory.send(pool.write.mint(ALICE, ALICE))
                assert caught.value.reason == error.reason
                event("refused")
                return
            before = pool.read.balanceOf(ALICE)
            laboratory.send(pool.write.mint(ALICE, ALICE))
            assert pool.read.balanceOf(ALICE) - before == expected
            reserves, supply = tuple(pool.read.getReserves()[:2]), pool.read.totalSupply()
        event("minted twice")


def test_fees_that_no_factory_takes_are_refused_by_the_twin_too(laboratory: Laboratory) -> None:
    with pytest.raises(ScenarioError, match="1000"):
        cpmm.amount_out(1, 10, 10, 1001)
    with pytest.raises(Reverted, match="factory: fee too high"):
        deploy_factory(laboratory.lasting, ALICE, fee_bps=1001, fee_to_setter=ALICE)
