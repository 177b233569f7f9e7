"""Private keys that somebody entrusts to this process: from an environment variable or a keystore.

A key never stands in a message: what is wrong is told by where it came from.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from dexsim.chain.address import checksum
from dexsim.chain.types import Address
from dexsim.errors import ScenarioError

_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_KEY = re.compile(r"(0x)?[0-9a-fA-F]{64}")
_LOOKS_LIKE_A_KEY = re.compile(r"(?:0x|\b)[0-9a-fA-F]{64}\b")
HIDDEN = "(64 hexadecimal digits, not repeated here: they may be a private key)"


@dataclass(frozen=True)
class Key:
    """Somebody whose key is at hand. Its key stands in no text that Python makes of it."""

    address: Address
    key: bytes = field(repr=False)


def without_keys(text: str, typed: Iterable[str]) -> str:
    """A message with everything taken out that was typed and may be a private key."""
    keys = {found[-64:] for each in typed for found in _LOOKS_LIKE_A_KEY.findall(each)}
    for key in keys:
        text = re.sub(f"(0x)?{key}", HIDDEN, text, flags=re.IGNORECASE)
    return text


def key_of_variable(name: str) -> Key:
    """The key that an environment variable holds, in hexadecimal. Raises ScenarioError."""
    if not _VARIABLE.fullmatch(name) or _KEY.fullmatch(name):
        raise ScenarioError(
            "takes the name of an environment variable that holds the key, never the key itself "
            "(what was given is not repeated here)",
            key="--key-env",
        )
    text = os.environ.get(name)
    if not text:
        raise ScenarioError(f"there is no environment variable {name}", key="--key-env")
    return _key(text.strip(), f"what {name} holds", option="--key-env")


def key_of_keystore(path: Path, password: Callable[[], str]) -> Key:
    """The key of an encrypted keystore file (version 3). password: asked only for a file that is one.

    Raises ScenarioError for another file, and for a wrong password.
    """
    try:
        stored = json.loads(path.read_text("utf-8"))
    except OSError as error:
        raise _unfit(f"{path}: cannot be read: {error.strerror or error}") from None
    except ValueError:
        raise _unfit(f"{path}: is no keystore: not JSON") from None
    if not isinstance(stored, dict) or not {"crypto", "Crypto"} & stored.keys():
        raise _unfit(f"{path}: is no keystore: it has no part 'crypto'")
    from eth_account import Account

    try:
        key = bytes(Account.decrypt(stored, password()))
    except ScenarioError:
        raise
    except ValueError as error:
        wrong = "mac" in str(error).lower()
        problem = "the password is wrong" if wrong else "this keystore cannot be opened"
        raise _unfit(f"{path}: {problem}") from None
    except (KeyError, TypeError, AttributeError, RuntimeError):
        raise _unfit(f"{path}: this keystore cannot be opened") from None
    return _key(key.hex(), f"what {path} holds", option="--keystore")


def _unfit(problem: str) -> ScenarioError:
    return ScenarioError(problem, key="--keystore")


def _key(text: str, where: str, *, option: str) -> Key:
    from eth_keys.datatypes import PrivateKey
    from eth_utils.exceptions import ValidationError

    if not _KEY.fullmatch(text):
        raise ScenarioError(
            f"{where} is no private key: it has to be 64 hexadecimal digits", key=option
        )
    raw = bytes.fromhex(text.removeprefix("0x"))
    try:
        address = PrivateKey(raw).public_key.to_checksum_address()
    except (ValidationError, ValueError):
        raise ScenarioError(
            f"{where} is no private key: no number of the curve", key=option
        ) from None
    return Key(checksum(str(address)), raw)
