"""The smallest receiver of a flash swap: it repays as the call's data says."""

from __future__ import annotations

from eth_abi.abi import encode

BORROWER_CODE = bytes.fromhex(
    "63a9059cbb60e01b5f52"  # memory[0:4]   the selector of transfer(address,uint256)
    "33600452"  # memory[4:36]  who calls: the pool
    "60c435602452"  # memory[36:68] the second word of the data: the amount
    "5f5f60445f5f60a4355af1"  # call the first word of the data, the token, with these 68 bytes
    "00"  # stop; a transfer that failed is the pool's to notice
)
"""Runtime code; `uniswapV2Call` brings its data behind 164 bytes. Opcodes: Yellow Paper, appendix H."""


def repayment(token: str, amount: int) -> bytes:
    """The data of a flash swap that is paid back with an amount of a token."""
    return encode(["address", "uint256"], [token, amount])
