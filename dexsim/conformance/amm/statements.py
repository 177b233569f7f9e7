"""What is promised of any market maker of two tokens, word by word.

Amounts are in the smallest unit of a token. A holder's *part* is what he would get at this moment for
all of his shares. *More of one token and not less of the other* is what nobody must get for nothing.

All of it is promised of plain tokens, of which there are less than 2**112 units, and at one moment: fees
and prices may follow the time. Nothing is said about how big a fee is, who gets it, or by what curve
prices are made; a fee is never negative.
"""

from __future__ import annotations

from dexsim.conformance.properties import Property

DUST = 1000
"""Units of a token. Whose part of either token is less may be refused when he leaves."""

A01 = """
A swap at min_amount_out = quote, in the same block, succeeds wherever the quote is more than
nothing, takes exactly amount_in from the sender and gives him exactly the quote. At min_amount_out
= quote + 1 it reverts. Selling one unit more than one has reverts. (Where the quote itself reverts,
nothing is said.)
"""

A02 = """
A closed sequence of one actor alone, at one moment, never ends with more of one token and not less
of the other: selling and selling back all he got, in one step or in several; adding, in one step or
in several, and removing the shares gained, with or without a swap between, after which he sells
back what he has too much of one token. (Where somebody has given tokens to the pool as a present,
others may gain it: nothing is said then.)
"""

A03 = """
After every history all holders can remove all of their shares, one after another, in any order.
Each of them gets something, unless his part of either token (shares / all shares * reserves) is
less than 1000 units. All shares are what `total_shares()` of the adapter says; without it, those of
the people, of the pool, of those that `also_holds` names, and of the zero address.
"""

A04 = """
Whoever removes shares, at once or in parts, never gets more of one token and not less of the other
than his shares' part of what the pool holds, rounded down: shares * holdings // all shares. (A fee
on removing, which makes parts cheaper than the whole for whoever owns the rest, is allowed so.) A
stranger's swap never lowers a holder's part of the token that was sold to the pool. Selling nothing
gives nothing. Several swaps of a few units each, and all that they gave sold back, end with no more
than before.
"""

A05 = """
After a plain transfer of one or both tokens to the pool no holder's part has less of one token and
not more of the other, a quote is still what a swap gives, and everybody can leave, as A03 says. And
whoever makes the first deposit, gives tokens to the pool, lets a victim deposit in proportion to
the reserves that he sees, whereupon both leave, in any order, does not end with more of one token
and not less of the other, fees aside: for fees of entering and leaving, which are for those who are
there, 1 % of what the victim put in is left out of account. Nor does the victim, unless he has more
of the other token, lose more of a token than the first one loses of it, plus that 1 %, plus 2 units
and what two units of the other token are worth (rounding).
"""

A06 = """
Removing more shares than one has reverts, whoever else has some. Removing takes exactly the shares
named. Adding takes no more than was offered. Whatever somebody does, the tokens of other people
stay where they are. Adding and removing never leaves another holder's part with less of one token
and not more of the other, by more than one unit and what two units of the other token are worth in
the pool (as much as rounding down can hide).
"""

A07 = """
Whatever leaves somebody in a step arrives at people who take part in it, at the pool, or at those
that `also_holds` of the adapter names (a vault, a treasury): nothing is left with a router, a
stranger or the zero address. `reserves()` is never more than the pool and those others hold.
"""

_NAMES = {
    "A01": ("a quote equals its execution", A01),
    "A02": ("no free round trip", A02),
    "A03": ("always withdrawable", A03),
    "A04": ("rounding never favours the trader", A04),
    "A05": ("donations take nothing from anyone", A05),
    "A06": ("limits and ownership", A06),
    "A07": ("tokens are neither made nor lost", A07),
}
AMM = tuple(Property(id_, name, " ".join(says.split())) for id_, (name, says) in _NAMES.items())
"""All of them, with their names and exact statements."""
