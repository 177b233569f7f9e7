"""What attacks do to everybody, by executing blocks without them."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import pytest

from dexsim.agents import Sandwicher
from dexsim.results.arm import Arm
from dexsim.results.attacks import open_effects
from dexsim.scenario.run import run
from tests.scenarios import small


@pytest.fixture(scope="module")
def hunted() -> Arm:
    return run(small.scenario(blocks=20), seed=3).arms[0]


def summed(arm: Arm, *by: str) -> dict[tuple[Any, ...], int]:
    """Effects by these columns, in wei."""
    sums: dict[tuple[Any, ...], int] = defaultdict(int)
    for row in arm.rows("effects"):
        sums[tuple(row[name] for name in by)] += int(row["amount"])
    return dict(sums)


def test_what_the_attacker_gains_others_lose_to_the_wei(hunted: Arm) -> None:
    sums = summed(hunted, "attack", "token")
    assert {bundle for bundle, _ in sums} == {row["attack"] for row in hunted.rows("sandwiches")}
    assert len(sums) > 9
    assert set(sums.values()) == {0}
    assert {row["part"] for row in hunted.rows("effects")} >= {
        *("attacker", "victim", "liquidity", "builder", "burnt"),
    }


def alone(arm: Arm) -> list[dict[str, Any]]:
    """Sandwiches in blocks with no other bundle, of victims with nothing else in them."""
    bundles = [row["block"] for row in arm.rows("bundles")]
    senders = {row["tx_hash"]: row["sender"] for row in arm.rows("transactions")}
    sent = [(row["block"], row["sender"]) for row in arm.rows("transactions")]
    found = [
        row
        for row in arm.rows("sandwiches")
        if bundles.count(row["block"]) == 1
        and row["victim_counterfactual_out"] is not None
        and sent.count((row["block"], senders[row["victim_tx_hash"]])) == 1
    ]
    assert len(found) > 2
    return found


def test_the_attackers_part_is_its_profit_and_what_it_paid(hunted: Arm) -> None:
    sums = summed(hunted, "attack", "part", "token")
    for row in alone(hunted):
        attacker = (row["attack"], "attacker")
        assert sums[*attacker, row["token"]] == int(row["gross_profit"])
        assert sums[*attacker, "ETH"] == -int(row["gas_cost"])


def test_a_victim_lost_what_it_would_have_got(hunted: Arm) -> None:
    sums = summed(hunted, "attack", "part", "token")
    for row in alone(hunted):
        lost = int(row["victim_counterfactual_out"]) - int(row["victim_out"])
        assert -sums[row["attack"], "victim", row["token_out"]] == lost > 0


def test_of_several_attacks_in_a_block_each_is_left_out_alone() -> None:
    rivals = {
        "retail": small.retail(trades_per_block="0.6"),
        "left": Sandwicher(capital=small.CAPITAL, tip_gwei="3"),
        "right": Sandwicher(capital=small.CAPITAL, tip_gwei="3"),
    }
    arm = run(small.scenario(agents=rivals, blocks=15), seed=4).arms[0]
    landed = [row["block"] for row in arm.rows("sandwiches")]
    assert any(landed.count(block) > 1 for block in landed)
    sums = summed(arm, "attack", "token")
    assert {bundle for bundle, _ in sums} == {row["attack"] for row in arm.rows("sandwiches")}
    assert set(sums.values()) == {0}


def test_an_effect_that_is_nobodys_is_told_and_keeps_accounts_open(
    hunted: Arm, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert open_effects(hunted) == []
    rows = [dict(row) for row in hunted.rows("effects")]
    rows[0]["amount"] = int(rows[0]["amount"]) + 1
    monkeypatch.setattr(hunted, "rows", lambda name: rows)
    (told,) = open_effects(hunted)
    assert f"effects of attack {rows[0]['attack']} in block {rows[0]['block']}: 1 wei" in told
