"""A node of the test's own behind a real port, and two ways to ask it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from typing import Any

import pytest
from web3 import HTTPProvider, Web3

from dexsim.devnet.server import Server

Rpc = Callable[..., Any]
Post = Callable[..., tuple[int, bytes]]


@pytest.fixture
def server() -> Iterator[Server]:
    """A node that answers on a free port."""
    server = Server(port=0)
    with server.running():
        yield server


@pytest.fixture
def url(server: Server) -> str:
    """Where it answers."""
    return server.url


@pytest.fixture
def w3(url: str) -> Web3:
    """web3.py as anybody would use it."""
    return Web3(HTTPProvider(url, exception_retry_configuration=None))


@pytest.fixture
def post(server: Server) -> Post:
    """Send bytes; gives the status and the bytes that come back."""

    def send(
        body: bytes | None, headers: dict[str, str] | None = None, verb: str = "POST"
    ) -> tuple[int, bytes]:
        connection = HTTPConnection(server.url.removeprefix("http://"), timeout=30)
        try:
            connection.request(verb, "/", body, headers or {})
            response = connection.getresponse()
            return response.status, response.read()
        finally:
            connection.close()

    return send


@pytest.fixture
def rpc(post: Post) -> Rpc:
    """Call a method; gives its result, or its error where there is one."""

    def call(method: str, *params: object) -> Any:
        asked = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
        told = json.loads(post(json.dumps(asked).encode())[1])
        return told["result"] if "result" in told else told["error"]

    return call
