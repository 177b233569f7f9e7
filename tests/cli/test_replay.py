"""`dexsim replay`: recorded swaps on the pool contract."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from dexsim import cpmm
from tests.cli.conftest import Dexsim
from tests.recorded_data import recorded

HEADER = (
    "block,tx,txi,trace,pair,token0,token1,r0,r1,a0in,a1in,a0out,a1out,r0_post,r1_post,sender,tx_to"
)
WETH = "0xc02aaa39b223fe8d0a0e5c4f27ead9083c756cc2"
TOKEN, PAIR, BOT, ROUTER = (
    "0x1111111111111111111111111111111111111111",
    "0x2222222222222222222222222222222222222222",
    "0x3333333333333333333333333333333333333333",
    "0x7a250d5630b4cf539739df2c5dacb4c659f2488d",
)
R0, R1 = 5 * 10**21 + 7, 3 * 10**20 + 1
E18 = 10**18


def row(
    paid_in: tuple[int, int],
    paid_out: tuple[int, int],
    *,
    txi: int = 0,
    who: str = ROUTER,
    held: tuple[int, int] = (R0, R1),
    off: int = 0,
) -> str:
    """A line; `off`: what the recorded reserve of token1 is wrong by."""
    after = held[0] + paid_in[0] - paid_out[0], held[1] + paid_in[1] - paid_out[1] + off
    amounts = ",".join(map(str, (*held, *paid_in, *paid_out, *after)))
    return f"7,0x{txi:064x},{txi},0.{txi},{PAIR},{TOKEN},{WETH},{amounts},{who},{who}"


EXACT_OUTPUT = cpmm.amount_out(E18, R0, R1)
CHEAPER = cpmm.amount_out(E18, R0, R1, 20)
DEARER = cpmm.amount_out(E18, R0, R1, 100)
LEAST_INPUT = cpmm.amount_in(E18, R0, R1)

ROWS = {
    "exact": [
        row((E18, 0), (0, EXACT_OUTPUT)),
        row((LEAST_INPUT, 0), (0, E18)),
        row((0, E18), (cpmm.amount_out(E18, R1, R0), 0)),
    ],
    "flash": [
        row((E18 + E18 // 100, 0), (E18, 0)),
        row((E18 + E18 // 100, 1), (E18, 1)),
        row((3 * E18, E18), (E18, E18)),
    ],
    "transfer tax": [row((E18, E18 // 10**4), (0, EXACT_OUTPUT))],
    "other fee": [row((E18, 0), (0, CHEAPER)), row((E18, 0), (0, DEARER))],
    "asked for less": [row((E18, 0), (0, EXACT_OUTPUT - 12345))],
    "MISMATCH": [
        row((E18, 0), (0, EXACT_OUTPUT + 1)),
        row((E18, 0), (0, EXACT_OUTPUT), off=1),
        row((E18, 0), (0, 0)),
        row((0, 0), (0, E18)),
        row((E18, 0), (0, R1)),
        row((E18, 0), (0, E18), held=(0, R1)),
    ],
}


def write(here: Path, *lines: str, header: str = HEADER) -> str:
    """A file of these rows."""
    (here / "swaps.csv").write_text("\n".join([header, *lines, ""]))
    return "swaps.csv"


def found(dexsim: Dexsim, file: str, code: int = 0) -> dict[str, Any]:
    """What `--json` says."""
    ended = dexsim("replay", file, "--json")
    assert ended.code == code, ended.err
    said: dict[str, Any] = json.loads(ended.out)
    return said


@pytest.mark.parametrize("verdict", ROWS)
def test_every_kind_of_row_is_told_by_name(dexsim: Dexsim, here: Path, verdict: str) -> None:
    said = found(dexsim, write(here, *ROWS[verdict]), code=int(verdict == "MISMATCH"))
    assert [each["verdict"] for each in said["swaps"]] == [verdict] * len(ROWS[verdict])
    assert said["counts"][verdict] == said["rows"] == sum(said["counts"].values())


def test_a_mismatch_says_what_the_pool_does_instead(dexsim: Dexsim, here: Path) -> None:
    swaps = found(dexsim, write(here, *ROWS["MISMATCH"]), code=1)["swaps"]
    assert swaps[0]["says"] == "the pool refuses: pool: k"
    left, held = R1 - EXACT_OUTPUT, R0 + E18
    assert swaps[1]["says"] == (
        f"the pool is left with {held} and {left} wei, recorded is {held} and {left + 1} wei"
    )
    ended = dexsim("replay", "swaps.csv")
    assert ended.code == 1
    assert "6 of 6 rows" in ended.err
    assert "line 2, block 7:0" in ended.out


def test_the_fee_and_what_was_not_asked_for_are_told(dexsim: Dexsim, here: Path) -> None:
    rows = ROWS["other fee"] + ROWS["asked for less"]
    says = [each["says"] for each in found(dexsim, write(here, *rows))["swaps"]]
    assert says == [
        "a fee of 20 bps",
        "a fee of 100 bps",
        "12345 wei less than the pool would have paid",
    ]


def sandwich() -> list[str]:
    """A bot around a user, in reverse order and with blank ends: the chain's order counts."""
    bought = cpmm.amount_out(E18, R1, R0)
    one = (R0 - bought, R1 + E18)
    victims = cpmm.amount_out(2 * E18, one[1], one[0])
    two = (one[0] - victims, one[1] + 2 * E18)
    back = cpmm.amount_out(bought, *two)
    return [
        row((bought, 0), (0, back), txi=10, who=BOT, held=two),
        row((0, 2 * E18), (victims, 0), txi=9, held=one),
        row((0, E18), (bought, 0), txi=2, who=BOT),
    ]


def test_rows_are_in_the_order_of_the_chain_and_attacks_stand_below(
    dexsim: Dexsim, here: Path
) -> None:
    file = write(here, *sandwich(), sandwich()[0])
    said = found(dexsim, file)
    assert [each["txi"] for each in said["swaps"]] == [2, 9, 10, 10]
    (attack,) = said["attacks"]
    assert (attack["fronts"], attack["victims"], attack["backs"]) == ([2], [9], [10])
    assert attack["actor"] == BOT
    assert attack["token"] == WETH
    out = dexsim("replay", file).out
    gain = attack["gross_profit"]
    assert f"gains 0.{gain:018d} WETH" in out
    assert "sandwich in block 7 by 0x3333…3333: 0x1111…1111/WETH 0x2222…2222" in out


BAD = {
    "no such file": (None, "swaps.csv: there is no such file"),
    "nothing in it": ("", "swaps.csv: line 1: is empty"),
    "no swaps": (HEADER, "swaps.csv: line 2: has no swaps"),
    "a column less": (
        HEADER.replace(",a1in", "") + "\n" + ROWS["exact"][0],
        "swaps.csv: line 1, column 'a1in': is missing",
    ),
    "a word for a number": (
        f"{HEADER}\n{ROWS['exact'][0].replace(str(R0), 'many', 1)}",
        "swaps.csv: line 2, column 'r0': 'many' is no whole number from 0 to 2**112 - 1",
    ),
    "below zero": (
        f"{HEADER}\n{ROWS['exact'][0]}\n{ROWS['exact'][0].replace(str(R0), '-1', 1)}",
        "swaps.csv: line 3, column 'r0': '-1' is no whole number",
    ),
    "more than a pool holds": (
        f"{HEADER}\n{ROWS['exact'][0].replace(str(R1), str(2**112), 1)}",
        "swaps.csv: line 2, column 'r1'",
    ),
    "a trace of letters": (
        f"{HEADER}\n{ROWS['exact'][0].replace('0.0', '0.x', 1)}",
        "swaps.csv: line 2, column 'trace': '0.x' is no place of a call",
    ),
    "a short row": (
        f"{HEADER}\n{ROWS['exact'][0].rsplit(',', 1)[0]}",
        "swaps.csv: line 2, column 'tx_to': is empty",
    ),
    "a long row": (f"{HEADER}\n{ROWS['exact'][0]},1", "swaps.csv: line 2: has more cells"),
    "an open quote": (f'{HEADER}\n"{ROWS["exact"][0]}', "swaps.csv: line 2: not CSV"),
    "no text": (b"\xff\xfe\x00", "swaps.csv: is not UTF-8 text"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_told_with_its_place(dexsim: Dexsim, here: Path, case: str) -> None:
    content, says = BAD[case]
    if content is not None:
        raw = content if isinstance(content, bytes) else content.encode()
        (here / "swaps.csv").write_bytes(raw)
    ended = dexsim("replay", "swaps.csv", "--json")
    assert ended.code == 2
    assert says in ended.err
    assert ended.out == ""


def test_a_folder_is_no_file(dexsim: Dexsim) -> None:
    ended = dexsim("replay", ".")
    assert ended.code == 2
    assert "cannot be read" in ended.err


def test_every_recorded_swap_of_mainnet_is_exact_or_explained(dexsim: Dexsim) -> None:
    said = found(dexsim, str(recorded("mainnet_v2_swaps.csv")))
    assert said["counts"] == {
        "exact": 247,
        "flash": 0,
        "transfer tax": 22,
        "other fee": 0,
        "asked for less": 2,
        "MISMATCH": 0,
    }
    places = [(each["block"], each["txi"]) for each in said["swaps"]]
    assert places == sorted(places)
    sandwiches = [each for each in said["attacks"] if each["kind"] == "sandwich"]
    assert [
        (each["block"], each["fronts"], each["victims"], each["backs"]) for each in sandwiches
    ] == [(13666363, [193], [210], [220])]
