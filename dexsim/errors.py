"""Every error that dexsim raises on purpose.

    DexsimError
      ArtifactError            a contract does not compile, or an artifact is missing: fix your files
      EngineError              an engine cannot do what was asked: fix your machine or your choice
        NodeError              a node did not answer, or answered with an error: fix your node
      TransactionRejected      a transaction that no block may hold (nonce, funds, gas limit)
      Reverted                 a contract refused; carries the reason and the receipt
      DeploymentError          plan and chain disagree: stop
      ScenarioError            your input is wrong: names the file, the key, the value, what is allowed
        AmountTypeError        an amount of the wrong Python type; a TypeError too

In a mined block a revert is data in the receipt; `Chain.send` and reads raise
`Reverted`. No exception of a foreign library leaves `dexsim.chain`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dexsim.chain.chain import Chain
    from dexsim.chain.types import CallFrame, Receipt


class DexsimError(Exception):
    """The root of the tree: catch this to catch all of them."""


class ArtifactError(DexsimError):
    """A contract source or a compiled artifact is wrong or missing."""


class EngineError(DexsimError):
    """An engine is not there, or cannot do what was asked of it."""


class NodeError(EngineError):
    """A node over JSON-RPC did not answer, or answered with an error."""


class TransactionRejected(DexsimError):
    """A transaction that cannot stand in a block: wrong nonce, no funds, too little gas."""


class Reverted(DexsimError):
    """A contract refused.

    reason: the reason as text ("pool: k"), or "" where the contract gave none.
    data: the revert data as returned by the EVM.
    receipt: the receipt, or None for a read.
    frame: the call tree with every instruction, for `dexsim.explain`; None where a node refused.
    chain: the chain in this process that it was refused on, else None.
    """

    def __init__(
        self,
        reason: str,
        *,
        data: bytes = b"",
        receipt: Receipt | None = None,
        what: str = "",
        frame: CallFrame | None = None,
        chain: Chain | None = None,
    ) -> None:
        self.reason = reason
        self.data = data
        self.receipt = receipt
        self.frame = frame
        self.chain = chain
        told = reason or "no reason given"
        super().__init__(f"{what} reverted: {told}" if what else f"reverted: {told}")


class DeploymentError(DexsimError):
    """A deployment plan and the chain disagree."""


class ScenarioError(DexsimError):
    """Input that cannot be run.

    problem: what is wrong and what would be right. key: the dotted path of the
    offending entry, as `--set` takes it. file: where it was read, if anywhere.
    """

    def __init__(self, problem: str, *, key: str = "", file: str = "") -> None:
        self.problem = problem
        self.key = key
        self.file = file
        super().__init__(": ".join(part for part in (file, key, problem) if part))

    def within(self, prefix: str = "", *, file: str = "") -> ScenarioError:
        """The same complaint, seen from further out."""
        key = ".".join(part for part in (prefix, self.key) if part)
        return type(self)(self.problem, key=key, file=self.file or file)


class AmountTypeError(ScenarioError, TypeError):
    """An amount given as a float, or as an int where whole tokens are meant."""
