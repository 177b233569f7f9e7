"""Tests of NAME.vy."""

from dexsim.testing import reverts

ONE = 10**18


def sell(pool, router, who, amount_in, min_amount_out):
    return router.swap(
        who, pool=pool, token_in=pool.base, amount_in=amount_in, min_amount_out=min_amount_out
    )


def test_a_swap_gives_what_was_quoted(chain, pool, router, alice):
    quoted = pool.amount_out(token_in=pool.base, amount_in=ONE)
    had = pool.quote.balance(alice)
    chain.send(sell(pool, router, alice, ONE, quoted))
    assert pool.quote.balance(alice) == had + quoted


def test_a_swap_below_its_limit_is_refused(chain, pool, router, alice):
    quoted = pool.amount_out(token_in=pool.base, amount_in=ONE)
    with reverts("pool: too little for it"):
        chain.send(sell(pool, router, alice, ONE, quoted + 1))
