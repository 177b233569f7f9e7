"""Who sends: the node's unlocked accounts, an encrypted keystore, or a key in an environment variable."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

if TYPE_CHECKING:
    from dexsim.chain.keys import Key
    from dexsim.chain.node import Node
    from dexsim.chain.types import Address

Sender: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--from", metavar="ADDR", help="Who sends; default: the node's first unlocked account."
    ),
]
Keystore: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--keystore", metavar="FILE", help="Sign with the key of an encrypted keystore file."
    ),
]
PasswordFile: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--password-file",
        metavar="FILE",
        help="The keystore's password, in a file's first line; default: asked for.",
    ),
]
KeyEnv: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--key-env",
        metavar="NAME",
        help="Sign with the key in the environment variable NAME. Never give the key itself.",
    ),
]


def signer_of(keystore: Path | None, password_file: Path | None, key_env: str | None) -> Key | None:
    """The key that the options name; None where the node has to sign. Raises ScenarioError."""
    from dexsim.chain.keys import key_of_keystore, key_of_variable
    from dexsim.errors import ScenarioError

    if keystore is not None and key_env is not None:
        raise ScenarioError("either --keystore or --key-env, not both", key="--keystore")
    if password_file is not None and keystore is None:
        raise ScenarioError("is for a --keystore, and none is given", key="--password-file")
    if key_env is not None:
        return key_of_variable(key_env)
    if keystore is not None:
        return key_of_keystore(keystore, lambda: _password(keystore, password_file))
    return None


def sender_of(node: Node, sender: str | None, signer: Key | None) -> Address:
    """Who sends to a node: whom the user named, the key's owner, or the first unlocked account.

    From now on the node signs with the key. Raises ScenarioError where nobody here can sign.
    """
    from dexsim.chain.address import checksum
    from dexsim.errors import ScenarioError

    named = checksum(sender) if sender else None
    if signer is not None:
        if named not in (None, signer.address):
            raise ScenarioError(
                f"the key is that of {signer.address}, not of {named}", key="--from"
            )
        node.add_signer(signer)
        return signer.address
    unlocked = node.accounts()
    if named is None and not unlocked:
        raise ScenarioError(
            f"{node.where} holds no unlocked account; sign with --keystore FILE or --key-env NAME",
            key="--from",
        )
    chosen = named or unlocked[0]
    if chosen not in unlocked:
        raise ScenarioError(
            f"{node.where} does not hold the key of {chosen}; sign with --keystore FILE or --key-env "
            f"NAME, or choose an account that is unlocked there: {', '.join(unlocked) or 'none'}",
            key="--from",
        )
    return chosen


def _password(keystore: Path, file: Path | None) -> str:
    from dexsim.errors import ScenarioError

    if file is not None:
        try:
            return file.read_text("utf-8").splitlines()[0]
        except IndexError:
            return ""
        except (OSError, UnicodeDecodeError) as error:
            told = getattr(error, "strerror", None) or "is not UTF-8 text"
            raise ScenarioError(f"{file}: cannot be read: {told}", key="--password-file") from None
    return str(typer.prompt(f"password of {keystore}", hide_input=True, err=True))
