"""A node's URL in messages: without passwords and access keys, and what to do when nobody answers."""

from __future__ import annotations

import re
from urllib.parse import urlsplit, urlunsplit

_HIDDEN = "***"
_ACCESS_KEY = re.compile(r"[A-Za-z0-9_-]{20,}")
_LOCAL_HOSTS = {"127.0.0.1", "localhost", "::1"}
_USUAL_PORT = 8545


def shown(url: str) -> str:
    """A URL as messages may tell it: hosted nodes have passwords and access keys in theirs."""
    parts = urlsplit(url)
    place = parts.netloc.rpartition("@")
    netloc = f"{_HIDDEN}@{place[2]}" if place[1] else parts.netloc
    path = _ACCESS_KEY.sub(_HIDDEN, parts.path)
    query = _HIDDEN if parts.query else ""
    return urlunsplit((parts.scheme, netloc, path, query, ""))


def how_to_start(where: str) -> str:
    """What starts a node where none answers."""
    parts = urlsplit(where)
    if parts.hostname not in _LOCAL_HOSTS:
        return "check the URL, and that the node runs"
    try:
        port = parts.port or _USUAL_PORT
    except ValueError:
        return "check the URL"
    return (
        f"start one there: `dexsim node --port {port}` (or `anvil --port {port}`), or check the URL"
    )


def connection_trouble(error: OSError) -> str:
    """What kept a node from answering, without the URL that such errors repeat."""
    told = str(error)
    if "refused" in told:
        return "connection refused"
    if "timed out" in told:
        return "no answer in time"
    if "Failed to resolve" in told:
        return "nobody knows a host of that name"
    status = re.match(r"(\d{3}) [A-Za-z ]+ Error: [A-Za-z ]+", told)
    return status[0].rstrip() if status else type(error).__name__
