"""How the pools beside this file are used."""

from __future__ import annotations

from dataclasses import dataclass

import dexsim as dx
from dexsim.market.erc20 import Erc20


@dataclass(frozen=True)
class Own:
    """All three of them."""

    pool: dx.Contract
    tokens: tuple[Erc20, Erc20]

    def reserves(self):
        return self.pool.read.reserves(0), self.pool.read.reserves(1)

    def quote(self, token_in, amount_in):
        return self.pool.read.quote(self._side(token_in), amount_in)

    def swap(self, sender, token_in, amount_in, min_amount_out):
        return self.pool.write.swap(sender, self._side(token_in), amount_in, min_amount_out)

    def add(self, sender, base_amount, quote_amount):
        return self.pool.write.add(sender, [base_amount, quote_amount])

    def remove(self, sender, shares):
        return self.pool.write.remove(sender, shares)

    def shares(self, who):
        return self.pool.read.shares(who)

    def total_shares(self):
        return self.pool.read.total_shares()

    def _side(self, token):
        return int(token.address == self.tokens[1].address)
