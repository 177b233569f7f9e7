"""Adapters for the pools of these tests, good ones and bad ones."""

from __future__ import annotations

from dataclasses import dataclass

import dexsim as dx


@dataclass(frozen=True)
class Dynamic:
    """Of `dynamic.vy`, whose constructor takes the two tokens."""

    pool: dx.Contract
    tokens: tuple[dx.Erc20, dx.Erc20]

    def reserves(self):
        return self.pool.read.reserve_base(), self.pool.read.reserve_quote()

    def quote(self, token_in, amount_in):
        return self.pool.read.quote(token_in, amount_in)

    def swap(self, sender, token_in, amount_in, min_amount_out):
        return self.pool.write.swap(sender, token_in, amount_in, min_amount_out)

    def add(self, sender, base_amount, quote_amount):
        return self.pool.write.add(sender, base_amount, quote_amount)

    def remove(self, sender, shares):
        return self.pool.write.remove(sender, shares)

    def shares(self, who):
        return self.pool.read.balanceOf(who)


class Flat(Dynamic):
    """Of `flat.vy`, whose constructor takes a fee; it does not tell what shape the pool has."""

    @staticmethod
    def deploy(chain, artifact, sender, tokens):
        return dx.deploy(chain, artifact, sender, *tokens, 30)


class Told(Flat):
    """The same, which tells it."""

    fee_bps = 30


class Readable(Flat):
    """The same, which reads its own swaps in transactions that somebody wrote."""

    def read_swap(self, tx):
        function = self.pool.interface.functions["swap"][0]
        if tx.to != self.pool.address or tx.data[:4] != function.selector:
            return None
        token_in, amount_in, least = function.decode_arguments(tx.data[4:])
        return next(t for t in self.tokens if t.address == token_in), amount_in, least


class Dumb:
    """No adapter."""

    def reserves(self):
        return 1, 1


class Unmade(Dynamic):
    """Fails when it is made."""

    def __init__(self, pool, tokens):
        raise KeyError("no such thing")


class Undeployed(Dynamic):
    """Fails where it puts the pool on the chain."""

    @staticmethod
    def deploy(chain, artifact, sender, tokens):
        return 1 // 0


class Raising(Dynamic):
    """Fails when it is asked for a quote."""

    def quote(self, token_in, amount_in):
        return {}["price"]


class Floating(Dynamic):
    """Answers with a float."""

    def quote(self, token_in, amount_in):
        return 0.5


class Silent(Dynamic):
    """Describes no transaction."""

    def swap(self, sender, token_in, amount_in, min_amount_out):
        return None


class Sending(Dynamic):
    """Changes the chain where it should only read it."""

    def quote(self, token_in, amount_in):
        self.pool.chain.mine()
        return 1


class Poor(Dynamic):
    """Refuses its first liquidity."""

    def add(self, sender, base_amount, quote_amount):
        return self.pool.write.add(sender, 2**200, 2**200)


class Empty(Dynamic):
    """Has nothing after its first liquidity."""

    def reserves(self):
        return 0, 0


class Greedy(Dynamic):
    """Tells a fee that is none."""

    fee_bps = 5_000


class Nobodys(Dynamic):
    """Knows nobody's shares."""

    def shares(self, who):
        return 0


class Odd(Dynamic):
    """Its reserves are no two amounts."""

    def reserves(self):
        return 1.0, 2.0


class Debtor(Dynamic):
    """Its shares are below zero."""

    def shares(self, who):
        return -1


class Misread(Flat):
    """Reads a swap as something else."""

    def read_swap(self, tx):
        return "a swap"


class Locked(Dynamic):
    """Its approvals are refused by the token."""

    def approvals(self, sender):
        return [self.tokens[0].transfer(sender, to=self.pool, amount=2**255)]


class Refusing(Dynamic):
    """Its reserves cannot be read."""

    def reserves(self):
        return self.pool.read.quote("0x" + "11" * 20, 1)


class Aside(Flat):
    """Its tokens lie in another contract than the one that it calls the pool."""

    @staticmethod
    def deploy(chain, artifact, sender, tokens):
        Aside.till = Flat.deploy(chain, artifact, sender, tokens)
        return dx.Contract([], tokens[0].address, chain)

    def __init__(self, pool, tokens):
        super().__init__(self.till, tokens)

    def approvals(self, sender):
        return [token.approve(sender, spender=self.pool) for token in self.tokens]


class Beside(Aside):
    """The same, which tells where."""

    @property
    def held_at(self):
        return self.pool.address
