"""Boundaries of a factory: who may do what, and pools of pairs that are none."""

from __future__ import annotations

from dexsim.conformance.keeping import equal
from dexsim.conformance.xyk.bench import ALICE, BOB, CAROL, NOBODY, OWNER, Bench
from dexsim.conformance.xyk.cases import CaseMachine, case
from dexsim.conformance.xyk.stage import interface_has
from dexsim.market.contract import Contract, deploy

_FORBIDDEN = "factory: forbidden"


@case("P15")
def the_setter_alone_chooses_receiver_and_setter(m: CaseMachine) -> None:
    """Until that right is handed on; then the other one alone."""
    with m.beside() as bench:
        write, read = bench.factory.write, bench.factory.read
        for who in (ALICE, BOB):
            bench.refuses("P15", _FORBIDDEN, write.setFeeTo(who, who))
            bench.refuses("P15", _FORBIDDEN, write.setFeeToSetter(who, who))
        bench.send("P15", write.setFeeToSetter(bench.setter, ALICE))
        equal(read.feeToSetter(), ALICE.address, "P15: the setter")
        bench.refuses("P15", _FORBIDDEN, write.setFeeTo(bench.setter, BOB))
        bench.refuses("P15", _FORBIDDEN, write.setFeeToSetter(bench.setter, BOB))
        bench.send("P15", write.setFeeTo(ALICE, BOB))
        equal(read.feeTo(), BOB.address, "P15: the receiver")


@case("P26")
def pools_are_found_in_either_order_and_numbered(m: CaseMachine) -> None:
    """And told with the tokens in their order, and how many there are."""
    with m.beside() as bench:
        read, before = bench.factory.read, bench.factory.read.allPairsLength()
        one, two, three, four = (bench.token("no_return") for _ in range(4))
        for number, (a, b) in enumerate([(one, two), (three, four)]):
            first, second = sorted((a, b), key=lambda token: int(token.address, 16))
            given = (second, first) if number else (first, second)
            receipt = bench.send("P26", bench.factory.write.createPair(ALICE, *given))
            pool = read.getPair(a, b)
            equal(read.getPair(b, a), pool, "P26: the pool in the other order")
            equal(read.allPairs(before + number), pool, "P26: the last pool of the list")
            (event,) = bench.factory.events(receipt)
            wanted = [first.address, second.address, pool, before + number + 1]
            equal(list(event.fields.values()), wanted, "P26: what is logged")
            contract = Contract(bench.subject.pool.interface, pool, bench.chain)
            ends = [contract.read.token0(), contract.read.token1(), contract.read.factory()]
            wanted = [first.address, second.address, bench.factory.address]
            equal(ends, wanted, "P26: tokens and factory of the pool")
        equal(read.allPairsLength(), before + 2, "P26: pools")


@case("P26")
def a_token_has_no_pool_with_itself_nor_with_nothing(m: CaseMachine) -> None:
    """Nor two with another one, in whichever order."""
    with m.beside() as bench:
        a, b = bench.tokens
        create = bench.factory.write.createPair
        bench.refuses("P26", "factory: identical addresses", create(ALICE, a, a))
        bench.refuses("P26", "factory: zero address", create(ALICE, a, NOBODY))
        bench.refuses("P26", "factory: zero address", create(ALICE, NOBODY, a))
        for pair in ((a, b), (b, a)):
            bench.refuses("P26", "factory: pool exists", create(ALICE, *pair))


@case("P26")
def nobody_makes_a_pool_another_one(m: CaseMachine) -> None:
    """A pool that exists keeps its tokens."""
    with m.beside() as bench:
        pool = bench.pool_of(*bench.tokens)
        if interface_has(pool, "initialize"):
            for who in (ALICE, bench.setter):
                reason = "pool: forbidden"
                bench.refuses("P26", reason, pool.write.initialize(who, CAROL, BOB))


@case("P26")
def a_factory_tells_parameters_only_while_it_makes_a_pool(m: CaseMachine) -> None:
    """Where pools ask their factory for them, as dexsim's do."""
    with m.beside() as bench:
        if not interface_has(bench.factory, "parameters"):
            return
        fee = bench.subject.fee_bps
        equal(list(bench.factory.read.parameters()), [NOBODY, NOBODY, fee], "P26: parameters")
        callee, factory = bench.mock("flash_callee"), bench.factory
        a, b = bench.token("no_return"), bench.token("no_return")
        create = factory.write.createPair(ALICE, a, b).data
        bench.send("P26", callee.write.add_call(ALICE, factory, create))
        ask = factory.write.parameters(ALICE).data
        bench.send("P26", callee.write.add_call(ALICE, factory, ask))
        bench.send("P26", callee.write.run_calls(ALICE))
        answer = callee.read.answers(1)
        equal(answer[:64], bytes(64), "P26: parameters after it, in one transaction")


_FEES = (0, 1, 100, 333, 1000)
_RESERVES = (10**18, 4 * 10**18)


def _venue(bench: Bench, fee: int) -> tuple[Contract, Contract]:
    """A factory of another fee, and its pool of A and B with liquidity."""
    factory = bench.subject.factory_of(bench.chain, OWNER, fee)
    a, b = bench.tokens
    bench.send("P26", factory.write.createPair(ALICE, a, b))
    address = factory.read.getPair(a, b)
    pool = bench.known(Contract(bench.subject.pool.interface, address, bench.chain), "pool")
    bench.filled(pool, (a, _RESERVES[0]), (b, _RESERVES[1]))
    return factory, pool


def _bought(paid: int, fee: int) -> int:
    kept = paid * (10_000 - fee)
    return kept * _RESERVES[1] // (_RESERVES[0] * 10_000 + kept)


@case("P02", *_FEES)
def the_pools_of_a_venue_charge_its_fee(m: CaseMachine, value: int) -> None:
    """Where a factory fixes it, as dexsim's does: the output after it, and not a unit more."""
    with m.beside() as bench:
        if bench.subject.own_factory_makes_it:
            return
        _, pool = _venue(bench, value)
        (a, b), paid = bench.tokens, 10**17 + 7
        out = _bought(paid, value)
        bench.send("P02", a.write.transfer(ALICE, pool, paid))
        had = b.read.balanceOf(BOB)
        first = pool.read.token0() == b.address
        more, exact = ((o, 0) if first else (0, o) for o in (out + 1, out))
        bench.refuses("P02", "pool: k", pool.write.swap(ALICE, *more, BOB, b""))
        bench.send("P02", pool.write.swap(ALICE, *exact, BOB, b""))
        equal(b.read.balanceOf(BOB), had + out, "P02: what bob got")


@case("P23", *_FEES)
def the_router_of_a_venue_quotes_its_fee(m: CaseMachine, value: int) -> None:
    """As its pools charge it."""
    with m.beside() as bench:
        if bench.subject.own_factory_makes_it:
            return
        factory, _ = _venue(bench, value)
        weth = deploy(bench.chain, bench.subject.weth, OWNER)
        router = deploy(bench.chain, bench.subject.router, OWNER, factory, weth)
        for paid in (1, 10**17 + 7):
            quoted = router.read.getAmountsOut(paid, list(bench.tokens))[1]
            equal(quoted, _bought(paid, value), "P23: the quote")


@case("P30")
def a_factory_says_why(m: CaseMachine) -> None:
    """Who asks for what it may not, and for which pair there can be no pool."""
    with m.beside() as bench:
        a, b = bench.tokens
        write = bench.factory.write
        bench.refuses("P30", "factory: pool exists", write.createPair(ALICE, b, a))
        bench.refuses("P30", "factory: identical addresses", write.createPair(ALICE, a, a))
        bench.refuses("P30", "factory: zero address", write.createPair(ALICE, a, NOBODY))
        bench.refuses("P30", _FORBIDDEN, write.setFeeTo(ALICE, ALICE))


@case("P26")
def a_fee_of_ten_percent_is_the_most(m: CaseMachine) -> None:
    """Of dexsim's factory."""
    with m.beside() as bench:
        if bench.subject.own_factory_makes_it:
            return
        equal(
            bench.subject.factory_of(bench.chain, OWNER, 1000).read.fee_bps(), 1000, "P26: the fee"
        )
        bench.fails("P26", lambda: bench.subject.factory_of(bench.chain, OWNER, 1001))


@case("P26")
def a_wrong_init_code_hash_is_noticed(m: CaseMachine) -> None:
    """By dexsim's factory, before anybody's tokens go to an address without a pool."""
    with m.beside() as bench:
        if bench.subject.own_factory_makes_it:
            return
        factory = bench.subject.factory_of(bench.chain, OWNER, 30, init_code_hash=b"\1" * 32)
        create = factory.write.createPair(ALICE, *bench.tokens)
        bench.refuses("P26", "factory: wrong init code hash", create)
