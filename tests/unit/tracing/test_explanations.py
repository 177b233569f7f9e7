"""What `dexsim.explain` says, word for word, of refusals and of what went well."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

import dexsim as dx
from dexsim.errors import EngineError, Reverted
from dexsim.tracing import refusal_behind

ETHER = 10**18

VAULT_ABI: list[dict[str, Any]] = [
    {
        "type": "function",
        "name": "lock",
        "inputs": [{"name": "owner", "type": "address"}, {"name": "amount", "type": "uint256"}],
        "outputs": [],
        "stateMutability": "nonpayable",
    },
    {
        "type": "event",
        "name": "Locked",
        "inputs": [{"name": "amount", "type": "uint256", "indexed": False}],
    },
]


def vault_code(ending: str) -> bytes:
    """A contract as another compiler makes it: a mapping at slot 0 hashed key first, an event."""
    topic = dx.Contract(VAULT_ABI, "0x" + "11" * 20).interface.events
    (signature,) = topic
    return bytes.fromhex(
        "602435"  # the amount
        "6004355f525f602052"  # memory: owner, 0
        "60405f20"  # its slot
        "55"  # stored
        "6024355f52"  # memory: the amount
        f"7f{signature.hex()}60205fa1{ending}"
    )


def error_of(text: str) -> str:
    """Code that reverts with Error(string)."""
    data = bytes.fromhex("08c379a0") + (32).to_bytes(32, "big") + len(text).to_bytes(32, "big")
    data += text.encode().ljust(32, b"\x00")
    stores = "".join(
        f"7f{data[n : n + 32].ljust(32, bytes(1)).hex()}60{n:02x}52" for n in range(0, 100, 32)
    )
    return f"{stores}60645ffd"


def test_a_swap_without_allowance(stage, golden) -> None:
    pool = stage.pool
    swap = stage.router.swap(
        stage.bob, pool=pool, token_in=pool.base, amount_in=ETHER, min_amount_out=0
    )
    golden("no-allowance", dx.explain(stage.refused(swap)))


def test_a_swap_that_takes_too_much(stage, golden) -> None:
    pool = stage.pool
    with stage.chain.setup_block():
        stage.chain.send(pool.base.transfer(stage.alice, to=pool, amount=ETHER))
    outs = (0, 2_000 * 10**6) if pool.base_is_token0 else (2_000 * 10**6, 0)
    swap = pool.contract.write.swap(stage.alice, *outs, stage.bob, b"")
    golden("k", dx.explain(stage.refused(swap)))


def test_a_deposit_that_is_worth_no_share(stage, golden) -> None:
    mint = stage.pool.contract.write.mint(stage.alice, stage.alice)
    golden("mint-too-little", dx.explain(stage.refused(mint)))


def test_a_pool_whose_creation_runs_out_of_gas(stage, golden) -> None:
    create = stage.factory.create_pool(
        stage.alice, token_a=stage.pool.quote.address, token_b=stage.alice.address
    )
    refused = stage.refused(replace(create, gas_limit=300_000))
    golden("creation-out-of-gas", dx.explain(refused))


def test_a_foreign_contract_by_its_abi(stage, golden) -> None:
    address = "0x" + "7A" * 20
    stage.chain.engine.set_code(address, vault_code(error_of("Vault: closed")))
    vault = dx.Contract(VAULT_ABI, address, stage.chain, name="vault")
    refused = stage.refused(vault.write.lock(stage.alice, stage.bob, 5))
    assert refused.reason == "Vault: closed"
    golden("foreign-abi", dx.explain(refused))


def test_what_goes_well_shows_results_events_and_changes(stage, golden) -> None:
    pool = stage.pool
    swap = stage.router.swap(
        stage.alice, pool=pool, token_in=pool.base, amount_in=ETHER, min_amount_out=1
    )
    golden("swap", dx.explain(stage.chain.trace(swap, steps=True), stage.chain))


def test_a_foreign_contract_that_nobody_knows_is_shown_by_bytes(stage) -> None:
    address = "0x" + "7A" * 20
    stage.chain.engine.set_code(address, vault_code("00"))
    vault = dx.Contract(VAULT_ABI, address)  # without the chain: nobody enters it
    tx = vault.write.lock(stage.alice, stage.bob, 5)
    frame = stage.chain.trace(tx, steps=True)
    text = dx.explain(frame, stage.chain)
    selector = tx.data[:4].hex()
    assert f"alice → 0x7A7a7A…7a7A.0x{selector}(data=64 bytes)" in text
    assert "• an unknown event(data=32 bytes)" in text
    assert "◦ slot 0x" in text
    named = dx.explain(
        frame,
        stage.chain,
        names={vault.address: "the vault"},
        interfaces={vault.address: vault.interface},
    )
    assert "alice → the vault.lock(owner=bob, amount=5)" in named
    assert "• Locked(amount=5)" in named


def test_out_of_gas_says_how_much_there_was_and_where(stage) -> None:
    pool = stage.pool
    swap = stage.router.swap(
        stage.alice, pool=pool, token_in=pool.base, amount_in=ETHER, min_amount_out=1
    )
    text = dx.explain(stage.refused(replace(swap, gas_limit=60_000)))
    assert "reverted: out of gas" in text
    cause = text.rsplit("\n\n", 1)[-1]
    assert "was refused: out of gas: it had " in cause
    assert ".vy:" in cause


def test_a_transaction_with_the_usual_limit_that_runs_out_is_traced_with_that_limit(
    stage,
) -> None:
    address = "0x" + "7A" * 20
    stage.chain.engine.set_code(address, bytes.fromhex("5b5f56"))
    spin = dx.Transaction(sender=stage.alice.address, to=address)
    refused = stage.refused(spin)
    assert refused.frame.error == "out of gas"
    assert "was refused: out of gas: it had 979,000" in dx.explain(refused)


def test_a_read_that_is_refused_is_explained_too(stage) -> None:
    with pytest.raises(Reverted) as caught:
        stage.pool.contract.read.mint(stage.alice)
    assert "was refused: pool: insufficient liquidity minted" in dx.explain(caught.value)


def test_an_error_that_came_of_a_refusal_is_explained(stage) -> None:
    refused = stage.refused(stage.pool.contract.write.mint(stage.alice, stage.alice))
    try:
        try:
            raise refused
        except Reverted as error:
            raise AssertionError("not what was meant") from error
    except AssertionError as error:
        assert dx.explain(error) == dx.explain(refused)
        grouped = ExceptionGroup("several", [ValueError("x"), error])
    assert refusal_behind(grouped) is refused


def test_a_hidden_context_is_not_followed() -> None:
    try:
        try:
            raise Reverted("x")
        except Reverted:
            raise ValueError("y") from None
    except ValueError as error:
        assert refusal_behind(error) is None


def test_without_steps_there_are_no_changes_and_no_lines(stage) -> None:
    mint = stage.pool.contract.write.mint(stage.alice, stage.alice)
    text = dx.explain(stage.chain.trace(mint), stage.chain)
    assert text.endswith(".mint was refused: pool: insufficient liquidity minted")
    assert "◦" not in text
    assert ".vy:" not in text


def test_what_cannot_be_explained_is_told(stage) -> None:
    frame = stage.chain.trace(stage.pool.contract.write.sync(stage.alice))
    with pytest.raises(EngineError, match="needs the chain"):
        dx.explain(frame)
    with pytest.raises(EngineError, match="nothing reverted here: ValueError: x"):
        dx.explain(ValueError("x"))
    with pytest.raises(EngineError, match="there is no trace of this: reverted: node: no"):
        dx.explain(Reverted("node: no"), stage.chain)


@pytest.mark.parametrize("width", [60, 80, 120])
def test_lines_are_broken_where_they_can_be(stage, width: int) -> None:
    pool = stage.pool
    swap = stage.router.swap(
        stage.alice, pool=pool, token_in=pool.base, amount_in=ETHER, min_amount_out=1
    )
    frame = stage.chain.trace(swap, steps=True)
    broken = dx.explain(frame, stage.chain, width=width)
    whole = dx.explain(frame, stage.chain, width=1000)
    assert max(map(len, broken.splitlines())) <= max(width, 6 + 4 + 75)
    # No argument is torn apart, and nothing is lost.
    assert "amountOutMin=0.000001 USDC" in broken
    assert len(whole.splitlines()) < len(broken.splitlines())
    letters = broken.translate(str.maketrans("", "", " \n│├└─"))
    assert letters == whole.translate(str.maketrans("", "", " \n│├└─"))
