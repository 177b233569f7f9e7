"""Values in words: amounts in the right token, exactly enough; addresses by name."""

from __future__ import annotations

import pytest

import dexsim as dx
from dexsim.artifacts.abi import Parameter
from dexsim.artifacts.library import shipped
from dexsim.tracing import Witness, decode_tree
from dexsim.tracing.amounts import Speaker, amount
from dexsim.tracing.checks import words_of_check
from dexsim.tracing.storage_names import name_of_slot, variables
from dexsim.tracing.units_of_values import units_of_value

ETHER = 10**18
POOL, TOKEN_A, TOKEN_B = ("0x" + digit * 40 for digit in "123")


@pytest.mark.parametrize(
    ("wei", "decimals", "told"),
    [
        (0, 18, "0"),
        (ETHER, 18, "1"),
        (1_234_567 * ETHER + ETHER // 2, 18, "1,234,567.5"),
        (ETHER + 10**12, 18, "1.000001"),
        (2 * ETHER // 3, 18, "0.666667"),
        (ETHER - 1, 18, "1.000000"),  # rounded, and says so by its zeros
        (1, 18, "0.000000000000000001"),
        (499_999_999_999, 18, "0.000000499999999999"),
        (500_000_000_001, 18, "0.000001"),
        (1, 6, "0.000001"),
        (1_500_000, 6, "1.5"),
        (120, 2, "1.2"),
        (100, 0, "100"),
        (10**49, 18, hex(10**49)),
    ],
)
def test_amounts_are_as_exact_as_six_digits_say_or_wholly(wei, decimals, told) -> None:
    assert amount(wei, decimals) == told


@pytest.mark.parametrize(
    ("name", "known", "units"),
    [
        ("amount0In", {}, [TOKEN_A]),
        ("reserve1", {}, [TOKEN_B]),
        ("price0CumulativeLast", {}, []),
        ("value", {}, [POOL]),
        ("wad", {}, [POOL]),
        ("deadline", {}, []),
        ("amountIn", {"path": (TOKEN_B, POOL, TOKEN_A)}, [TOKEN_B]),
        ("amountOutMin", {"path": (TOKEN_B, TOKEN_A)}, [TOKEN_A]),
        ("amountIn", {}, []),
        ("amounts", {"path": (TOKEN_B, TOKEN_A)}, [TOKEN_B, TOKEN_A]),
        ("amountADesired", {"tokenA": TOKEN_A, "tokenB": TOKEN_B}, [TOKEN_A]),
        ("amountBMin", {"tokenA": TOKEN_A, "tokenB": TOKEN_B}, [TOKEN_B]),
        ("amountTokenMin", {"token": TOKEN_B}, [TOKEN_B]),
        ("amountETHMin", {"token": TOKEN_B}, ["native"]),
    ],
)
def test_a_name_tells_the_token(name, known, units) -> None:
    assert units_of_value(name, known, POOL, lambda pool: (TOKEN_A, TOKEN_B)) == units


def test_a_contract_without_tokens_has_no_amounts_by_side() -> None:
    assert units_of_value("amount0In", {}, POOL, lambda pool: ()) == []


@pytest.fixture
def witness(stage) -> Witness:
    return Witness(stage.chain)


@pytest.mark.parametrize(
    ("kind", "value", "told"),
    [
        ("uint256", 2**256 - 1, "max"),
        ("uint256", 10**30, "1_000_000_000_000_000_000_000_000_000_000"),
        ("uint256", 10**30 + 1, hex(10**30 + 1)),
        ("int256", -5, "-5"),
        ("bool", True, "True"),
        ("bytes", b"", "0x"),
        ("bytes", b"\xab" * 32, "0x" + "ab" * 32),
        ("bytes", b"\xab" * 33, "0x" + "ab" * 32 + "… (33 bytes)"),
        ("string", "hi", "'hi'"),
        ("address", "0x" + "0" * 40, "0x0"),
        ("address[]", ("0x" + "0" * 40,), "[0x0]"),
        ("(address,uint256)", ("0x" + "0" * 40, 7), "[0x0, 7]"),
    ],
)
def test_values_of_every_type_have_words(witness, kind, value, told) -> None:
    assert Speaker(witness, POOL).show(kind, value) == told


def test_storage_words_are_read_by_type_and_variable(stage, witness) -> None:
    weth = Speaker(witness, stage.pool.base.address)
    assert weth.word("uint256", ETHER, "erc20.balanceOf[bob]") == "1 WETH"
    assert weth.word("uint256", ETHER, "erc20.totalSupply") == "1 WETH"
    assert weth.word("uint256", 2**256 - 1, "erc20.allowance[bob][alice]") == "max"
    assert weth.word("uint256", 5, "erc20.nonces[bob]") == "5"
    assert weth.word("address", int(stage.bob.address, 16)) == "bob"
    assert weth.word("bool", 1) == "True"
    assert weth.word("int256", 2**256 - 2) == "-2"
    assert weth.word("bytes32", 7) == f"0x{7:064x}"


def test_people_and_contracts_have_names(stage, witness) -> None:
    pool = f"pool {'/'.join(('WETH', 'USDC') if stage.pool.base_is_token0 else ('USDC', 'WETH'))}"
    assert witness.name(stage.bob.address) == "bob"
    assert witness.name(stage.pool.base.address) == "WETH"
    assert witness.name(stage.pool.address) == pool
    assert witness.name(stage.router.contract.address) == "router"
    assert witness.name("0x" + "AB" * 20) == "0xABABAB…ABAB"
    named = Witness(stage.chain, names={stage.pool.address: "the pool"})
    assert named.name(stage.pool.address) == "the pool"


def test_a_contract_that_nobody_entered_is_named_by_its_code(stage, witness) -> None:
    stage.chain.directory.names.clear()
    assert Witness(stage.chain).name(stage.factory.address) == "factory"


def test_results_are_counted_in_their_tokens(stage, witness) -> None:
    alice, pool = stage.alice, stage.pool

    def result(tx) -> str:
        return decode_tree(stage.chain.trace(tx), witness).result

    assert result(pool.base.contract.write.balanceOf(alice, alice)) == "10 WETH"
    assert result(pool.quote.contract.write.totalSupply(alice)) == "2,010,000 USDC"
    assert result(pool.base.contract.write.allowance(alice, alice, stage.router)) == "max"
    path = [pool.quote.address, pool.base.address]
    quote = result(stage.router.contract.write.getAmountsOut(alice, 10**6, path))
    out = pool.amount_out(token_in=pool.quote, amount_in=10**6)
    assert quote == f"[1 USDC, {amount(out, 18)} WETH]"
    reserves = result(pool.contract.write.getReserves(alice)).rpartition(", ")[0]
    assert sorted(reserves.split(", ", 1)) == sorted(["1,000 WETH", "2,000,000 USDC"])


def test_liquidity_is_told_by_side(stage, witness) -> None:
    chain, pool = stage.chain, stage.pool
    add = stage.router.contract.write.addLiquidity(
        stage.alice, pool.base, pool.quote, ETHER, 2_000 * 10**6, 1, 1, stage.bob, 2**256 - 1
    )
    call = decode_tree(chain.trace(add, steps=True), witness)
    assert call.arguments["amountADesired"] == "1 WETH"
    assert call.arguments["amountBMin"] == "0.000001 USDC"
    assert call.result.startswith("1 WETH, 2,000 USDC, ")


def test_coins_sent_along_are_told(stage) -> None:
    deposit = dx.Contract(shipped("weth").abi, stage.pool.base.address).write.deposit(
        stage.alice, value=ETHER // 2
    )
    text = dx.explain(stage.chain.trace(deposit, steps=True), stage.chain)
    assert text.startswith("alice → WETH.deposit() with 0.5 ETH  [")
    assert "◦ erc20.balanceOf[alice]: 10 WETH → 10.5 WETH" in text


def test_gas_of_a_call_is_its_own_and_what_is_below(stage, witness) -> None:
    swap = stage.router.swap(
        stage.alice,
        pool=stage.pool,
        token_in=stage.pool.base,
        amount_in=ETHER,
        min_amount_out=1,
    )
    call = decode_tree(stage.chain.trace(swap), witness)
    assert call.gas_used == call.own_gas + sum(inner.gas_used for inner in call.calls)
    assert 0 < call.own_gas < call.gas_used == call.frame.gas_used


def test_changes_are_net_and_a_slot_that_ends_as_it_began_is_none(stage, witness) -> None:
    swap = stage.router.swap(
        stage.alice,
        pool=stage.pool,
        token_in=stage.pool.base,
        amount_in=ETHER,
        min_amount_out=1,
    )
    frame = stage.chain.trace(swap, steps=True)
    pool_call = decode_tree(frame, witness).calls[-1]
    assert [change.name for change in pool_call.changes] == ["_packed"]
    to_herself = stage.pool.base.transfer(stage.alice, to=stage.alice, amount=ETHER)
    frame = stage.chain.trace(to_herself, steps=True)
    assert len(frame.steps.writes) == 2
    assert decode_tree(frame, witness).changes == ()


LAYOUT = {
    "storage_layout": {
        "total": {"type": "uint256", "n_slots": 1, "slot": 0},
        "erc20": {
            "allowance": {
                "type": "HashMap[address, HashMap[address, uint256]]",
                "n_slots": 1,
                "slot": 1,
            }
        },
        "list": {"type": "DynArray[uint256, 3]", "n_slots": 4, "slot": 2},
        "few": {"type": "uint256[3]", "n_slots": 3, "slot": 6},
    }
}


def test_slots_have_the_names_of_their_variables() -> None:
    known = variables(LAYOUT)
    words = [n.to_bytes(32, "big") for n in (1, 0xA, 0xB, 900)]
    hashes = {900: words[0] + words[1], 901: words[3] + words[2], 902: words[1] + words[2]}

    def named(slot: int) -> tuple[str, str]:
        return name_of_slot(slot, known, hashes, lambda kind, key: f"{kind} {key:x}")

    assert named(0) == ("total", "uint256")
    assert named(901) == ("erc20.allowance[address a][address b]", "uint256")
    assert named(2) == ("len(list)", "DynArray[uint256, 3]")
    assert named(4)[0] == "list[1]"
    assert named(8)[0] == "few +2"
    assert named(902) == ("slot 0x386", "")
    assert named(77) == ("slot 0x4d", "")


def test_a_check_that_is_unknown_is_told_as_it_is(stage) -> None:
    frame = stage.chain.trace(stage.pool.contract.write.sync(stage.alice))
    assert words_of_check("clamp lt 9", frame) == "clamp lt 9"
    assert words_of_check("user revert with reason", frame) == ""
    assert words_of_check("String[5] bounds check", frame) == "more than 5 bytes in a String[5]"


def test_values_without_names_are_told_by_position(witness) -> None:
    told = Speaker(witness, POOL).values([Parameter("", "uint256"), Parameter("b", "bool")], [1, 0])
    assert told == {"0": "1", "b": "0"}
