# pragma version ~=0.4.3
# SPDX-License-Identifier: MIT
"""
@title What the router does with tokens and with the chain's own coin
@license MIT
@notice A module of the router. Users hand in and get coins, pools know wrapped coins only:
        on the way in coins are wrapped and sent on, on the way out unwrapped and paid out.
"""
from interfaces import IWeth
import routes
import token_calls

uses: routes


@internal
def _pull(token: address, owner: address, to: address, amount: uint256):
    done: bool = token_calls._transfer_from(token, owner, to, amount)
    assert done, "router: transfer failed"


@internal
def _send(token: address, to: address, amount: uint256):
    assert token_calls._transfer(token, to, amount), "router: transfer failed"


@internal
def _pay_wrapped(pool: address, amount: uint256):
    # Wraps coins that came with the call, and pays the pool with them.
    extcall IWeth(routes.WETH).deposit(value=amount)
    self._send(routes.WETH, pool, amount)


@internal
def _pay_out(to: address, amount: uint256):
    # Unwraps what the router holds, and pays it to `to`.
    extcall IWeth(routes.WETH).withdraw(amount)
    self._send_coins(to, amount)


@internal
def _give_back(unspent: uint256):
    # What came with the call and was not needed goes back to who sent it.
    if unspent > 0:
        self._send_coins(msg.sender, unspent)


@internal
def _send_coins(to: address, amount: uint256):
    # With all gas, as the original: a receiver may be a contract that does something.
    done: bool = raw_call(to, b"", value=amount, revert_on_failure=False)
    assert done, "router: coin transfer failed"
