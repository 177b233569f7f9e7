"""The searchers' arithmetic against recorded attackers: from the same reserves it gains no less."""

from __future__ import annotations

from dexsim import cpmm
from dexsim.conformance.recorded_swaps import RecordedSwap, read, swap_records
from dexsim.results.mev import detect
from dexsim.results.mev_records import Detected
from tests.recorded_data import recorded


def gains(attack: Detected, rows: list[RecordedSwap]) -> tuple[int, int]:
    """(what the solver's sandwich gains, what the recorded one did), in wei of the same token.

    A victim's limit is what it really got: that it surely accepted.
    """
    pool = [row for row in rows if (row.block, row.pair) == (attack.block, *attack.markets)]
    front = next(row for row in pool if row.txi == attack.fronts[0])
    sells = front.sells
    x, y = front.before[sells], front.before[1 - sells]
    middle = [row for row in pool if row.txi in attack.victims]
    victims = [(row.paid_in[sells], row.paid_out[1 - sells]) for row in middle]
    best = cpmm.optimal_frontrun_many(victims, x, y)
    if attack.token == (front.token0, front.token1)[sells]:
        return best.profit, attack.gross_profit
    # It sold what it had and bought that back: the gain is what is left of the token bought.
    x_end = x + best.frontrun_in + sum(amount for amount, _ in victims)
    y_end = y - best.frontrun_out - best.victim_out
    return best.frontrun_out - cpmm.amount_in(best.frontrun_in, y_end, x_end), attack.gross_profit


def test_the_solver_gains_no_less_than_recorded_attackers_did() -> None:
    rows = read(recorded("mainnet_v2_swaps.csv"))
    found = [each for each in detect(swap_records(rows)) if each.kind == "sandwich"]
    assert found
    for attack in found:
        ours, theirs = gains(attack, rows)
        assert ours >= theirs > 0, attack
