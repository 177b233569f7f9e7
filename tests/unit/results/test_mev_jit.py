"""Liquidity just in time, in blocks made by hand."""

from __future__ import annotations

from dexsim.results.mev import detect
from dexsim.results.mev_records import Detected
from tests.unit.results.mev_tables import E18, Blocks


def just_in_time(blocks: Blocks) -> list[Detected]:
    """What the detector calls liquidity just in time."""
    return [each for each in detect(blocks.swaps, blocks.liquidity) if each.kind == "jit"]


def around(
    *, mint: int, burn: int, by: tuple[str, str] = ("eve", "eve"), part: int = 100
) -> Blocks:
    """Swaps at 1 and 2, and liquidity that comes and goes."""
    blocks = Blocks()
    blocks.swap(1, "X", 10 * E18, by="ann")
    blocks.swap(2, "Y", 10 * E18, by="bob")
    blocks.step(mint, "mint", by[0], 1000 * E18)
    blocks.step(burn, "burn", by[1], 10 * part * E18)
    return blocks


def test_liquidity_around_swaps_of_others_is_just_in_time() -> None:
    assert just_in_time(around(mint=0, burn=3)) == [
        Detected(
            kind="jit",
            block=1,
            markets=("pool XY",),
            actor="eve",
            fronts=(0,),
            victims=(1, 2),
            backs=(3,),
            token="Y",
            gross_profit=400 * E18 - 200 * E18 * 7 // 4,
        )
    ]


def test_swaps_outside_the_liquidity_s_time_are_no_victims() -> None:
    (found,) = just_in_time(around(mint=0, burn=2))
    assert found.victims == (1,)


def test_liquidity_without_swaps_between_is_none() -> None:
    assert not just_in_time(around(mint=3, burn=4))


def test_liquidity_that_goes_before_it_comes_is_none() -> None:
    assert not just_in_time(around(mint=3, burn=0))


def test_two_providers_are_none() -> None:
    assert not just_in_time(around(mint=0, burn=3, by=("eve", "lea")))


def test_a_provider_who_takes_out_older_liquidity_is_none() -> None:
    assert not just_in_time(around(mint=0, burn=3, part=200))
    assert just_in_time(around(mint=0, burn=3, part=90))


def test_a_provider_s_own_swaps_are_no_victims() -> None:
    blocks = Blocks()
    blocks.swap(1, "X", 10 * E18, by="eve")
    blocks.step(0, "mint", "eve", E18)
    blocks.step(2, "burn", "eve", E18)
    assert not just_in_time(blocks)


def test_another_pool_s_swaps_are_no_victims() -> None:
    blocks = Blocks()
    blocks.swap(1, "X", 10 * E18, by="ann", pool="pool XZ")
    blocks.step(0, "mint", "eve", E18)
    blocks.step(2, "burn", "eve", E18)
    assert not just_in_time(blocks)


def test_one_burn_takes_out_one_mint() -> None:
    blocks = around(mint=0, burn=3)
    blocks.step(0, "mint", "eve", 900 * E18)
    assert [each.legs for each in just_in_time(blocks)] == [(0, 3)]
