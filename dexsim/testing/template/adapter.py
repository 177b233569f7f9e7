"""How dexsim speaks to NAME.vy."""

from dataclasses import dataclass

import dexsim as dx


@dataclass(frozen=True)
class Adapter:
    pool: dx.Contract
    tokens: tuple[dx.Erc20, dx.Erc20]  # base and quote; the constructor gets their addresses

    def reserves(self):
        return self.pool.read.base_reserve(), self.pool.read.quote_reserve()

    def quote(self, token_in, amount_in):
        return self.pool.read.quote(token_in, amount_in)

    def swap(self, sender, token_in, amount_in, min_amount_out):
        return self.pool.write.swap(sender, token_in, amount_in, min_amount_out)

    def add(self, sender, base_amount, quote_amount):
        return self.pool.write.add(sender, base_amount, quote_amount)

    def remove(self, sender, shares):
        return self.pool.write.remove(sender, shares)

    def shares(self, who):
        return self.pool.read.shares(who)
