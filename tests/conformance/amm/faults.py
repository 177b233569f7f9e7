"""Faults made on purpose in the small pools, and the property that each of them breaks."""

from __future__ import annotations

from dataclasses import dataclass

from tests.conformance.amm.judged import Edit


@dataclass(frozen=True)
class Fault:
    """One fault. name: as a sentence. edits: texts of the pool and what stands there instead."""

    name: str
    pool: str
    breaks: str
    edits: tuple[Edit, ...]


def _fault(name: str, pool: str, breaks: str, *edits: Edit) -> Fault:
    return Fault(name, pool, breaks, edits)


_QUOTE = "    return self._out(side, amount)\n"
_OUT = "    out: uint256 = self._out(side, amount)\n"
_TAKEN = "        taken = [self._up(minted, held[0], total), self._up(minted, held[1], total)]\n"
_PULLED = "extcall IERC20(TOKENS[side]).transferFrom(msg.sender, self, amount)"
_BASE_OUT, _QUOTE_OUT = "held[0] * shares // total", "held[1] * shares // total"
_TOTAL = "    total: uint256 = self.total_shares\n"
_BALANCE = "staticcall IERC20(TOKENS[{0}]).balanceOf(self)"
_SYNC = (
    "@internal\ndef _pull(",
    "@internal\ndef _sync():\n    self.reserves = "
    f"[{_BALANCE.format(0)}, {_BALANCE.format(1)}]\n\n\n@internal\ndef _pull(",
)

FAULTS = (
    _fault("the quote is one unit too high", "dynamic_pool", "A01",
           (_QUOTE, "    return self._out(side, amount) + 1\n")),
    _fault("the quote is one unit too low", "sum_pool", "A01",
           (_QUOTE, "    return self._out(side, amount) - 1\n")),
    _fault("the quote leaves the fee out one way", "one_sided_pool", "A01",
           (_QUOTE, "    return self._out(side, amount) + side * amount // 1000\n")),
    _fault("the limit is not looked at", "dynamic_pool", "A01", ("out >= least", "True")),
    _fault("the limit is missed by one", "sum_pool", "A01", ("out >= least", "out + 1 >= least")),
    _fault("a refused payment counts as paid", "dynamic_pool", "A01",
           (f"    assert {_PULLED}", "    paid: bool = raw_call(TOKENS[side], "
            "abi_encode(msg.sender, self, amount, "
            'method_id=method_id("transferFrom(address,address,uint256)")), revert_on_failure=False)')),
    _fault("a unit less is taken than is sold", "sum_pool", "A01",
           ("    self._pull(side, amount)\n", "    self._pull(side, amount - 1)\n")),
    _fault("selling quote pays the seller two per cent", "dynamic_pool", "A02",
           ("amount - self._up(amount, fee, 10_000)",
            "amount - self._up(amount, fee, 10_000) * (1 - side) + amount * side // 50")),
    _fault("outputs round up", "one_sided_pool", "A02",
           ("(held[side] * 10_000 + paid)\n", "(held[side] * 10_000 + paid) + 1\n")),
    _fault("outputs of a few units round up", "one_sided_pool", "A04",
           ("(held[side] * 10_000 + paid)\n", "(held[side] * 10_000 + paid) + 1\n")),
    _fault("a unit is given on top, and the fee of a few units is nothing", "sum_pool", "A04",
           ("amount - self._up(amount, FEE_BPS, 10_000)",
            "amount - amount * FEE_BPS // 10_000 + 1")),
    _fault("what is added is counted too low", "dynamic_pool", "A02",
           (_TAKEN, "        taken = [minted * held[0] // total // 2, minted * held[1] // total // 2]\n")),
    _fault("adding pays for shares with amounts rounded down", "dynamic_pool", "A02",
           (_TAKEN, "        taken = [minted * held[0] // total, minted * held[1] // total]\n")),
    _fault("one token alone gets shares as if it were both", "one_sided_pool", "A02",
           ("total * (grown - root) // root",
            "max(most[0] * total // held[0], most[1] * total // held[1])")),
    _fault("the last one cannot leave", "dynamic_pool", "A03",
           ("assert shares > 0,", "assert shares > 0 and total_shares_left > 0,"),
           ("def remove(shares: uint256):\n",
            "def remove(shares: uint256):\n"
            "    total_shares_left: uint256 = self.total_shares - shares - MINIMUM\n")),
    _fault("nobody can leave a lopsided pool", "one_sided_pool", "A03",
           ("assert shares > 0,", "assert shares > 0 and self.reserves[0] < 50 * self.reserves[1],")),
    _fault("whoever leaves gets nothing", "sum_pool", "A03",
           (_BASE_OUT, "0"), (_QUOTE_OUT, "0")),
    _fault("removing rounds up", "dynamic_pool", "A04",
           (_BASE_OUT, "self._up(held[0], shares, total)"),
           (_QUOTE_OUT, "self._up(held[1], shares, total)")),
    _fault("removing pays one per mille more", "sum_pool", "A04",
           (_BASE_OUT, "min(held[0] * shares // total * 1001 // 1000, held[0])"),
           (_QUOTE_OUT, "min(held[1] * shares // total * 1001 // 1000, held[1])")),
    _fault("selling nothing gives a unit", "dynamic_pool", "A04",
           ("    held: uint256[2] = self.reserves\n    fee", "    if amount == 0:\n        return 1\n"
            "    held: uint256[2] = self.reserves\n    fee")),
    _fault("every swap makes new shares of nobody", "dynamic_pool", "A04",
           (_OUT, _OUT + "    self.total_shares += self.total_shares // 10\n")),
    _fault("a present is paid to the next who swaps", "dynamic_pool", "A05",
           (_OUT, "    out: uint256 = self._out(side, amount + staticcall "
            "IERC20(TOKENS[side]).balanceOf(self) - self.reserves[side])\n")),
    _fault("nobody can leave after a present", "sum_pool", "A05",
           ("assert shares > 0,", f"assert shares > 0 and {_BALANCE.format(0)} == self.reserves[0],")),
    _fault("a present makes shares worth less", "sum_pool", "A05",
           ("    held: uint256[2] = self.reserves\n", "    held: uint256[2] = self.reserves\n"
            "    for side: uint256 in range(2):\n        held[side] -= min(held[side], "
            "staticcall IERC20(TOKENS[side]).balanceOf(self) - held[side])\n")),
    _fault("a first deposit of a unit and a present round the next one's shares away",
           "dynamic_pool", "A05",
           ("MINIMUM: constant(uint256) = 1000", "MINIMUM: constant(uint256) = 0"),
           (_TOTAL, "    self._sync()\n" + _TOTAL), _SYNC, (_TAKEN, "")),
    _fault("anybody can remove what he does not have", "sum_pool", "A06",
           ("self.shares[msg.sender] -= shares",
            "self.shares[msg.sender] -= min(shares, self.shares[msg.sender])")),
    _fault("removing takes half of the shares", "dynamic_pool", "A06",
           ("self.shares[msg.sender] -= shares", "self.shares[msg.sender] -= shares // 2")),
    _fault("adding takes a unit more than was offered", "sum_pool", "A06",
           ("self._pull(0, taken[0])", "self._pull(0, taken[0] + 1)")),
    _fault("who adds gets ten per cent more", "sum_pool", "A06",
           ("    assert minted > 0", "    minted += minted // 10\n    assert minted > 0")),
    _fault("a swap is paid by whoever added last", "sum_pool", "A06",
           ("total_shares: public(uint256)\n", "total_shares: public(uint256)\nlast: address\n"),
           ("    self._pull(1, taken[1])\n", "    self._pull(1, taken[1])\n    self.last = msg.sender\n"),
           (f"    assert {_PULLED}", "    payer: address = msg.sender if self.last == empty(address) "
            "else self.last\n    assert extcall IERC20(TOKENS[side]).transferFrom(payer, self, amount)")),
    _fault("a part of every payment goes to a stranger", "dynamic_pool", "A07",
           (f"    assert {_PULLED}", f"    assert {_PULLED}\n    self.reserves[side] -= amount // 100\n"
            "    extcall IERC20(TOKENS[side]).transfer(empty(address), amount // 100, "
            "default_return_value=True)")),
    _fault("what is paid out stays in the reserves", "sum_pool", "A07",
           ("self.reserves[side] -= amount", "self.reserves[side] -= amount // 2")),
)  # fmt: skip
