"""What is promised of a pool: every property with its id, its name and what it says."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Property:
    """One promise. says: the statement, in the pool's own numbers (r: reserves, S: all shares)."""

    id: str
    name: str
    says: str


_XYK = """
P01|balances cover the reserves|balance >= reserve of both tokens, at all times
P02|every swap pays for k|(b0 - fee in0) (b1 - fee in1) >= r0 r1, and no output unpaid
P03|k falls only in a burn|r0 r1 never falls in any other call
P04|a share is never worth less|r0 r1 / S^2 never falls, but for the protocol's own share
P05|nothing for nothing|no closed sequence of one actor gives more than it took
P06|rounding favours the pool|outputs, shares and burns round down, inputs round up
P07|one more is refused|the quoted output passes, and one unit more does not
P08|splitting gains nothing|parts buy no more than the whole; outputs grow, at a falling price
P09|shares add up|the sum of all shares is the supply, which is 0 or at least 1000
P10|tokens are neither made nor lost|the sum over all holders is constant
P11|the first shares stay locked|1000 shares of nobody never move, the supply never returns to 0
P12|reserves fit 112 bits|more is refused, and skim makes the pool usable again
P13|prices add up over time|sum += floor(r1 2^112 / r0) dt, with the reserves before the call
P14|one second counts once|two calls in one second add to the sums of prices once
P15|the protocol's share|S (rootK - rootKLast) / (5 rootK + rootKLast) shares, or none
P16|the last k changes with liquidity only|swap, sync and skim never write kLast
P17|no way back in|during a callback every change is refused, and every view answers
P18|skim and sync|after sync reserves are balances; after skim balances are reserves
P19|prices move with the trade|what is bought becomes dearer; liquidity leaves the price
P20|shares are proportional|mint: the smaller of a S / r; burn: L b / S of both tokens
P21|a gift takes from nobody|after a gift and sync no holder's part is less
P22|inflated shares gain nothing|first deposit, gift, a victim's deposit: no profit for the first
P23|views agree|quotes and reserves are what swaps and balances then are
P24|limits are kept|output, input, deadline: never beyond; nothing stays with the router
P25|taxed tokens count as received|inputs are balance - reserve, outputs what the receiver got
P26|one pool for two tokens|at its CREATE2 address, in either order, listed and counted once
P27|a swap moves no liquidity|neither supply nor anybody's shares change in a swap
P28|events tell what happened|Sync, Swap, Mint, Burn, Transfer: the amounts that changed
P29|shares move by their owner's word|transfers, allowances and permits (EIP-2612), exactly
P30|a refusal says why|in dexsim's or Uniswap's words; an exchange's own words are taken as they are
P31|strange tokens|a first word that is not zero, or silence, is a yes; anything else moves nothing
P32|coins|what was paid in coins and not needed goes back, and nothing stays with the router
R01|no more than the schedule|minted <= what was released, for a gauge on these shares
R02|solvency|all that is owed is there and can be paid
R03|rewards are proportional|equal stake over equal time earns equally
R04|checkpoints change nothing|but for rounding down, whoever makes them
R05|no stake, no reward|what is emitted while nobody stakes is counted, and nobody's
R06|stakes are safe|whoever staked shares gets exactly these back, always
R07|nothing is claimed twice|a second claim in the same second pays nothing
R08|a new rate|(reward + what is left) / duration, from now on, never above what is there
"""
XYK = tuple(Property(*line.split("|")) for line in _XYK.split("\n")[1:-1])
"""Of a pool under Uniswap v2's interface: the 36 of the invariants recorded for it, and what the faults
made on purpose showed to be missing there (from P29 on)."""
