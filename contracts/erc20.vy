# pragma version ~=0.4.3
# SPDX-License-Identifier: MIT
"""
@title ERC-20 with EIP-2612 permits
@license MIT
@notice The bookkeeping that every token of this folder shares. A module: the
        contract that initialises it adds name, symbol, decimals and its own rules.
@dev Nobody is refused for an address: transfers to zero, to oneself and of zero
     are legal. An allowance of 2**256 - 1 is never spent. `transferFrom` logs
     Transfer alone. Every refusal starts with the label of the host contract.
"""
from ethereum.ercs import IERC20

implements: IERC20

totalSupply: public(uint256)
balanceOf: public(HashMap[address, uint256])
allowance: public(HashMap[address, HashMap[address, uint256]])
nonces: public(HashMap[address, uint256])

DOMAIN_SEPARATOR: public(immutable(bytes32))
PERMIT_TYPEHASH: public(constant(bytes32)) = keccak256(
    "Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)"
)
_DOMAIN_TYPEHASH: constant(bytes32) = keccak256(
    "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
)
_VERSION_HASH: constant(bytes32) = keccak256("1")

_LABEL: immutable(String[9])


@deploy
def __init__(name: String[64], label: String[9]):
    """
    @param name The EIP-712 domain name: what wallets show when they sign a permit.
    @param label What the reasons of this token's refusals start with.
    """
    _LABEL = label
    DOMAIN_SEPARATOR = keccak256(
        abi_encode(_DOMAIN_TYPEHASH, keccak256(name), _VERSION_HASH, chain.id, self)
    )


@external
def transfer(to: address, amount: uint256) -> bool:
    """
    @notice Moves `amount` from the caller to `to`.
    @param to Who gets the tokens.
    @param amount How many, in the smallest unit; the caller has to have them.
    @return Always True; a transfer that cannot be made reverts.
    """
    self._transfer(msg.sender, to, amount)
    return True


@external
def transferFrom(owner: address, to: address, amount: uint256) -> bool:
    """
    @notice Moves `amount` from `owner` to `to` out of the caller's allowance.
    @param owner Whose tokens move.
    @param to Who gets them.
    @param amount How many, in the smallest unit. An allowance of 2**256 - 1 does not shrink.
    @return Always True; a transfer that cannot be made reverts.
    """
    self._spend_allowance(owner, msg.sender, amount)
    self._transfer(owner, to, amount)
    return True


@external
def approve(spender: address, amount: uint256) -> bool:
    """
    @notice Lets `spender` move up to `amount` of the caller's tokens.
    @param spender Who may move them.
    @param amount The new allowance, in the smallest unit; it replaces the old one. 2**256 - 1
           is without limit.
    @return Always True.
    """
    self._approve(msg.sender, spender, amount)
    return True


@external
def permit(
    owner: address,
    spender: address,
    amount: uint256,
    deadline: uint256,
    v: uint8,
    r: bytes32,
    s: bytes32,
):
    """
    @notice Sets an allowance by the owner's EIP-712 signature (EIP-2612).
    @param owner Whose tokens may be moved, and who signed.
    @param spender Who may move them.
    @param amount The new allowance, in the smallest unit.
    @param deadline The last timestamp at which the signature counts.
    @param v The signature's recovery id: 27 or 28.
    @param r The signature's first half.
    @param s The signature's second half.
    @dev The nonce moves only when the permit is accepted.
    """
    if deadline < block.timestamp:
        self._refuse("expired")
    nonce: uint256 = self.nonces[owner]
    digest: bytes32 = self._permit_digest(owner, spender, amount, nonce, deadline)
    signer: address = ecrecover(digest, v, r, s)
    if signer == empty(address) or signer != owner:
        self._refuse("invalid signature")
    self.nonces[owner] = unsafe_add(nonce, 1)
    self._approve(owner, spender, amount)


@internal
def _transfer(owner: address, to: address, amount: uint256):
    self._take(owner, amount)
    self._give(to, amount)
    log IERC20.Transfer(sender=owner, receiver=to, value=amount)


@internal
def _mint(to: address, amount: uint256):
    self.totalSupply += amount
    self._give(to, amount)
    log IERC20.Transfer(sender=empty(address), receiver=to, value=amount)


@internal
def _burn(owner: address, amount: uint256):
    self._take(owner, amount)
    # No balance exceeds the supply, so this cannot wrap.
    self.totalSupply = unsafe_sub(self.totalSupply, amount)
    log IERC20.Transfer(sender=owner, receiver=empty(address), value=amount)


@internal
def _burn_counted(owner: address, amount: uint256, supply: uint256):
    # For who knows the supply, and that the owner has the amount.
    self.balanceOf[owner] -= amount
    self.totalSupply = unsafe_sub(supply, amount)
    log IERC20.Transfer(sender=owner, receiver=empty(address), value=amount)


@internal
def _approve(owner: address, spender: address, amount: uint256):
    self.allowance[owner][spender] = amount
    log IERC20.Approval(owner=owner, spender=spender, value=amount)


@internal
def _spend_allowance(owner: address, spender: address, amount: uint256):
    allowed: uint256 = self.allowance[owner][spender]
    if allowed == max_value(uint256):
        return
    if allowed < amount:
        self._refuse("insufficient allowance")
    self.allowance[owner][spender] = unsafe_sub(allowed, amount)


@internal
def _take(owner: address, amount: uint256):
    balance: uint256 = self.balanceOf[owner]
    if balance < amount:
        self._refuse("insufficient balance")
    self.balanceOf[owner] = unsafe_sub(balance, amount)


@internal
def _give(to: address, amount: uint256):
    # Cannot overflow: the balances add up to the supply, which is checked where it grows. Checked
    # all the same, because so the slot is computed once, which saves more than the check costs.
    self.balanceOf[to] += amount


@internal
@view
def _permit_digest(
    owner: address, spender: address, amount: uint256, nonce: uint256, deadline: uint256
) -> bytes32:
    message: bytes32 = keccak256(
        abi_encode(PERMIT_TYPEHASH, owner, spender, amount, nonce, deadline)
    )
    return keccak256(concat(x"1901", DOMAIN_SEPARATOR, message))


@internal
@view
def _refuse(why: String[22]):
    raise concat(_LABEL, ": ", why)
