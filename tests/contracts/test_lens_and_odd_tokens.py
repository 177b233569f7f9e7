"""One bad token must not spoil the answer: what the lens makes of tokens that misbehave."""

from __future__ import annotations

import pytest

from dexsim.chain.types import Transaction
from dexsim.testing import reverts
from tests.looking import ALICE, Looking

E18 = 10**18
FLAGS = (
    "symbol_known",
    "decimals_known",
    "balance_known",
    "user_balance_known",
    "user_allowance_known",
)
SYMBOL, DECIMALS = bytes.fromhex("95d89b41"), bytes.fromhex("313ce567")
BALANCE, ALLOWANCE = bytes.fromhex("70a08231"), bytes.fromhex("dd62ed3e")


def word(number: int) -> bytes:
    return number.to_bytes(32, "big")


def text(what: str | bytes) -> bytes:
    """A string as contracts return it."""
    raw = what.encode() if isinstance(what, str) else what
    padding = b"\0" * (-len(raw) % 32)
    return word(32) + word(len(raw)) + raw + padding


class Odd:
    """A pool of a token that answers what it is told to, and a plain one; seen by the lens."""

    def __init__(self, dex):
        self.dex = dex
        self.lens = Looking(dex)
        self.token = dex.deploy("mocks/scripted")
        self.plain = dex.token0
        self.pool = dex.create_pool(self.plain, self.token)

    def answers(self, selector: bytes, answer: bytes) -> None:
        self.dex.send(self.token.write.set_answer(ALICE, selector, answer))

    def never_ends(self, selector: bytes) -> None:
        self.dex.send(self.token.write.set_endless(ALICE, selector))

    def sync(self) -> None:
        self.dex.send(self.pool.write.sync(ALICE))

    def told(self):
        """What the lens says of the odd token and of the plain one, and of the pool."""
        info = self.lens.at(self.pool)
        both = (info.token0, info.token1)
        return *(both if info.token0.token == self.token.address else both[::-1]), info


@pytest.fixture
def odd(dex):
    """Nothing is answered so far."""
    return Odd(dex)


def known(told) -> set[str]:
    return {flag for flag in FLAGS if getattr(told, flag)}


def test_a_token_that_answers_nothing_leaves_the_rest_as_it_is(odd):
    odd.dex.send(odd.plain.write.transfer(ALICE, odd.pool, 5))
    told, plain, info = odd.told()
    assert known(told) == set()
    assert (told.symbol, told.decimals, told.balance, told.user_balance) == ("", 0, 0, 0)
    assert known(plain) == set(FLAGS)
    assert (plain.symbol, plain.balance, plain.surplus) == (odd.plain.read.symbol(), 5, 5)
    assert info.pool == odd.pool.address


def test_a_token_without_code_is_told_as_unknown(dex):
    pool = dex.create_pool(dex.token0, "0x" + "77" * 20)
    info = Looking(dex).at(pool)
    assert sorted(len(known(each)) for each in (info.token0, info.token1)) == [0, 5]


@pytest.mark.parametrize("selector", [SYMBOL, DECIMALS, BALANCE, ALLOWANCE])
def test_a_token_that_burns_all_gas_spoils_only_its_own_answers(odd, selector):
    for each in (DECIMALS, BALANCE, ALLOWANCE):
        odd.answers(each, word(9))
    odd.answers(SYMBOL, text("ODD"))
    odd.never_ends(selector)
    told, plain, _ = odd.told()
    lost = {
        SYMBOL: {"symbol_known"},
        DECIMALS: {"decimals_known"},
        BALANCE: {"balance_known", "user_balance_known"},
        ALLOWANCE: {"user_allowance_known"},
    }
    assert known(told) == set(FLAGS) - lost[selector]
    assert known(plain) == set(FLAGS)


@pytest.mark.parametrize(
    ("answer", "symbol"),
    [
        (text("ODD"), "ODD"),
        (text(""), ""),
        (text("A" * 32), "A" * 32),
        (text("A" * 33), None),
        (text("USD₮0"), "USD₮0"),
        (text("\N{FIRE}é~ ߿ࠀ￿\U00010000\U0010ffff"), "\N{FIRE}é~ ߿ࠀ￿\U00010000\U0010ffff"),
        (b"MKR".ljust(32, b"\0"), "MKR"),
        (b"A" * 32, "A" * 32),
        (bytes(32), ""),
        (b"A\0B".ljust(32, b"\0"), None),
        (b"", None),
        (b"MKR", None),
        (b"A" * 31, None),
        (b"A" * 33, None),
        (word(32) + word(3), None),
        (word(32) + word(0), ""),
        (word(32) + word(2**256 - 1) + b"A" * 32, None),
        (word(0) + word(3) + b"ABC".ljust(32, b"\0"), None),
        (word(2**256 - 1) + word(3) + b"ABC".ljust(32, b"\0"), None),
        (text("A") + b"\xff" * 64, "A"),
    ],
)
def test_a_symbol_is_read_in_both_of_its_forms_or_called_unknown(odd, answer, symbol):
    odd.answers(SYMBOL, answer)
    told, _, _ = odd.told()
    assert (told.symbol, told.symbol_known) == (symbol or "", symbol is not None)


def is_shown(raw: bytes) -> bool:
    """Whether Python takes it for UTF-8 without control characters."""
    try:
        return not any(ord(c) < 32 or 127 <= ord(c) < 160 for c in raw.decode())
    except UnicodeDecodeError:
        return False


EDGES = [b"\x00", b"\x1f", b"\x20", b"\x7e", b"\x7f", b"\x80", b"\xbf"]
EDGES += [b"\xc0\x80", b"\xc1\xbf", b"\xc2\x80", b"\xc2\x9f", b"\xc2\xa0", b"\xdf\xbf", b"\xc3\x28"]
EDGES += [b"\xe0\x9f\xbf", b"\xe0\xa0\x80", b"\xed\x9f\xbf", b"\xed\xa0\x80", b"\xed\xbf\xbf"]
EDGES += [b"\xee\x80\x80", b"\xef\xbf\xbf", b"\xe2\x82", b"\xe2\x28\xa1", b"\xe2\x82\x28", b"\xc3"]
EDGES += [b"\xf0\x8f\xbf\xbf", b"\xf0\x90\x80\x80", b"\xf4\x8f\xbf\xbf", b"\xf4\x90\x80\x80"]
EDGES += [b"\xf5\x80\x80\x80", b"\xf7\xbf\xbf\xbf", b"\xf8\x88\x80\x80\x80", b"\xff", b"\xfe"]
EDGES += [b"\xf0\x9f\x94", b"\xf0\x9f\x94\xa5\x80", b"\xf0\x28\x8c\xbc", b"\xe2\x82\xac\xe2"]


def test_what_is_no_text_is_no_symbol(odd):
    shown = 0
    for edge in EDGES:
        for raw in (edge, b"A" + edge, edge + b"A", b"A" * (32 - len(edge)) + edge):
            odd.answers(SYMBOL, text(raw))
            told, _, _ = odd.told()
            assert told.symbol_known == is_shown(raw), raw
            assert told.symbol == (raw.decode() if is_shown(raw) else "")
            shown += is_shown(raw)
    assert shown == 4 * 10


@pytest.mark.parametrize(
    ("answer", "decimals"),
    [
        (word(0), 0),
        (word(77), 77),
        (word(255), 255),
        (word(256), None),
        (word(2**256 - 1), None),
        (word(6)[:31], None),
        (word(6) + b"more", 6),
        (word(6) + bytes(200), 6),
    ],
)
def test_decimals_are_a_uint8_or_unknown(odd, answer, decimals):
    odd.answers(DECIMALS, answer)
    told, _, _ = odd.told()
    assert (told.decimals, told.decimals_known) == (decimals or 0, decimals is not None)


def test_a_reverting_balance_keeps_reserves_and_prices_on_the_page(odd, dex):
    odd.answers(BALANCE, word(7 * E18))
    dex.send(odd.plain.write.transfer(ALICE, odd.pool, E18))
    odd.sync()
    before = odd.told()[0]
    odd.answers(BALANCE, b"")
    told, plain, _ = odd.told()
    assert (told.balance_known, told.balance, told.user_redeems) == (False, 0, 0)
    assert told.reserve == before.reserve == 7 * E18
    assert (told.spot_price, plain.spot_price) == (2**112 // 7, 7 * 2**112)


@pytest.mark.parametrize("claim", [2**112, 2**255, 2**256 - 1])
def test_no_balance_that_a_token_claims_can_make_the_lens_overflow(odd, dex, claim):
    odd.answers(BALANCE, word(E18))
    dex.send(odd.plain.write.transfer(ALICE, odd.pool, E18))
    dex.send(odd.pool.write.mint(ALICE, ALICE))
    odd.answers(BALANCE, word(claim))
    told, plain, info = odd.told()
    assert (told.balance, told.surplus, told.user_balance) == (claim, claim - E18, claim)
    liquidity = info.user_liquidity
    fits = liquidity * claim < 2**256
    paid = liquidity * claim // info.total_supply if fits else 0
    assert told.user_redeems == paid
    assert plain.user_redeems == (liquidity * E18 // info.total_supply if fits else 0)
    dex.send(odd.pool.write.transfer(ALICE, odd.pool, liquidity))
    if not fits:
        with reverts(""):
            dex.send(odd.pool.write.burn(ALICE, ALICE))


class TwoOdd:
    """A pool whose two balances are whatever the test says, and a receiver of the fee."""

    def __init__(self, dex):
        self.dex = dex
        self.lens = Looking(dex)
        self.tokens = [dex.deploy("mocks/scripted") for _ in range(2)]
        self.pool = dex.create_pool(*self.tokens)
        dex.send(dex.factory.write.setFeeTo(ALICE, ALICE))

    def hold(self, amount: int) -> None:
        """Of both tokens."""
        for token in self.tokens:
            self.dex.send(token.write.set_answer(ALICE, BALANCE, word(amount)))

    def sync(self, amount: int) -> None:
        self.hold(amount)
        self.dex.send(self.pool.write.sync(ALICE))

    def mint(self, amount: int) -> None:
        """As much more as makes the balances `amount`."""
        self.hold(amount)
        self.dex.send(self.pool.write.mint(ALICE, ALICE))

    def nearly_fill_the_supply(self) -> int:
        """2**256 - 2**100 units of liquidity, made by shrinking balances; their reserve."""
        self.mint(2**100)
        self.sync(1)
        self.mint(2**78 + 1)
        self.sync(1)
        self.mint(2**78 - 1)
        return 2**78 - 1


@pytest.mark.parametrize("growth", [0, 1, 2, 2**111])
def test_no_supply_that_tokens_can_bring_about_makes_the_lens_overflow(dex, growth):
    two = TwoOdd(dex)
    reserve = two.nearly_fill_the_supply() + growth
    two.sync(reserve)
    info = two.lens.at(two.pool)
    supply = info.total_supply
    assert supply == 2**256 - 2**100
    fits = {0: 0, 1: supply // (6 * reserve - 1)}
    assert info.pending_fee == fits.get(growth, 2**256 - 1)
    assert (info.token0.user_redeems, info.token1.user_redeems) == (0, 0)
    dex.send(two.pool.write.transfer(ALICE, two.pool, info.user_liquidity))
    with reverts(""):
        dex.send(two.pool.write.burn(ALICE, ALICE))


def test_a_page_with_a_bad_pool_in_it_is_told_to_its_end(odd, dex):
    for selector in (SYMBOL, DECIMALS, BALANCE, ALLOWANCE):
        odd.never_ends(selector)
    infos = odd.lens.page(dex.factory, 0, 32)
    assert [info.pool for info in infos] == [dex.pool.address, odd.pool.address]
    assert known(infos[0].token0) == known(infos[0].token1) == set(FLAGS)


def test_too_little_gas_is_refused_and_never_told_as_an_unknown(odd, dex):
    """Every gas limit gives the whole answer or a refusal; of those, one names the reason."""
    for selector in (DECIMALS, BALANCE, ALLOWANCE):
        odd.answers(selector, word(9))
    odd.answers(SYMBOL, text("ODD"))
    whole = odd.told()[2]
    function = odd.lens.contract.interface.function("pool_info", 3)
    data = function.encode([odd.pool.address, ALICE.address, dex.router.address])
    refused = set()
    for gas in range(40_000, 700_000, 3_001):
        tx = Transaction(
            sender=ALICE.address, to=odd.lens.contract.address, data=data, gas_limit=gas
        )
        result = dex.chain.engine.call(tx, dex.chain.env)
        if result.status:
            assert odd.lens.named(function.decode_output(result.output)) == whole
        else:
            refused.add(result.output[68:].rstrip(b"\0"))
    assert b"lens: not enough gas" in refused
    assert result.status


def test_where_the_fee_itself_would_overflow_the_supply_nobody_redeems_anything(dex, bob):
    two = TwoOdd(dex)
    two.sync(two.nearly_fill_the_supply() + 1)
    dex.send(two.pool.write.transfer(ALICE, bob, 2**140))
    info = two.lens.at(two.pool, bob)
    assert info.total_supply + info.pending_fee >= 2**256
    assert (info.user_liquidity, info.token0.user_redeems) == (2**140, 0)
