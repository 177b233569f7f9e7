"""JSON-RPC over HTTP, asked well and badly, by one and by many."""

from __future__ import annotations

import json
import socket
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.client import HTTPConnection
from typing import Any

import pytest

from dexsim.devnet.methods import METHODS
from dexsim.devnet.server import MOST_BODY_BYTES, Server
from dexsim.errors import NodeError
from tests.devnet.conftest import Post, Rpc

ALICE = "0x04423817ec1AB5D6b47CC7CBC78ddB11A436AAfe"


def told(post: Post, asked: object) -> Any:
    """The answer to a JSON value."""
    return json.loads(post(json.dumps(asked).encode())[1])


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", -32700),
        (b"{", -32700),
        (b"\xff\xfe\xfd", -32700),
        (b"[" * 1_000_000, -32700),
        (b"[" * 90_000 + b"]" * 90_000, -32700),
        (b'{"a":' * 50_000, -32700),
        (b'{"id": NaN, "method": "eth_chainId"}', -32700),
        (b"9" * 5_000, -32700),
        (b"7", -32600),
        (b"null", -32600),
        (b"[]", -32600),
        (b'"eth_chainId"', -32600),
        (b"{}", -32600),
        (b'{"id": 1, "method": 5}', -32600),
        (b'{"id": true, "method": "eth_chainId"}', -32600),
        (b'{"id": [1], "method": "eth_chainId"}', -32600),
        (b'{"id": 1e999, "method": "eth_chainId"}', -32600),
        (b'{"id": 1, "jsonrpc": "1.0", "method": "eth_chainId"}', -32600),
        (b'{"id": 1, "method": "eth_chainId", "params": {"a": 1}}', -32602),
        (b'{"id": 1, "method": "eth_chainId", "params": "a"}', -32602),
        (b'{"id": 1, "method": "eth_nothing"}', -32601),
        (b'{"id": 1, "method": "\\ud800"}', -32601),
        (b'{"id": 1, "method": "__class__"}', -32601),
    ],
)
def test_a_malformed_request_is_told_so(post: Post, body: bytes, code: int) -> None:
    status, answer = post(body)
    assert status == 200
    error = json.loads(answer)
    assert error["jsonrpc"] == "2.0"
    assert error["error"]["code"] == code
    assert "Traceback" not in answer.decode()


def test_an_unknown_method_is_named(rpc: Rpc) -> None:
    assert rpc("eth_fly") == {"code": -32601, "message": "the method eth_fly does not exist here"}


@pytest.mark.parametrize(
    ("method", "params", "message"),
    [
        ("eth_getBalance", [], "eth_getBalance(address, block) takes 1 to 2 parameters, not 0"),
        ("eth_chainId", [1], "eth_chainId() takes 0 parameters, not 1"),
        ("eth_getLogs", [], "eth_getLogs(filter) takes 1 parameters, not 0"),
        ("eth_getBalance", ["alice"], "not an address: 'alice'"),
        ("eth_getBalance", [7], "address is an address, not 7"),
        ("eth_getBalance", [ALICE.replace("04423817ec1A", "04423817Ec1A")], "EIP-55"),
        ("eth_getBalance", [ALICE, "newest"], "block is a quantity or one of earliest"),
        ("eth_getBalance", [ALICE, {"number": "0x1"}], "block is a quantity"),
        ("eth_getBalance", [ALICE, "0xg"], "block is a quantity"),
        ("eth_getBalance", [ALICE, True], "block is a quantity"),
        ("eth_getStorageAt", [ALICE, hex(2**256)], "slot lies outside"),
        ("eth_getStorageAt", [ALICE, "0x1_0"], "slot is a quantity"),
        ("eth_getBlockByNumber", ["0x0", "yes"], "full is true or false"),
        ("eth_getBlockByHash", ["0x12"], "block hash has 32 bytes, not 1"),
        ("eth_getTransactionReceipt", ["0x" + "1" * 63], "transaction hash is data"),
        ("eth_getTransactionReceipt", ["0x 11"], "transaction hash is data"),
        ("eth_call", ["0x"], "transaction is an object"),
        ("eth_call", [{"data": "0x1"}], "data is data"),
        ("eth_call", [{"gas": hex(2**64)}], "gas lies outside"),
        ("eth_call", [{}, "latest", {ALICE: {"balance": "0x1"}}], "overrides are not supported"),
        ("eth_getLogs", [[]], "filter is an object"),
        ("eth_getLogs", [{"topics": "0x"}], "topics is a list"),
        ("eth_getLogs", [{"address": [5]}], "address is an address"),
        ("evm_revert", ["mine"], "snapshot is a quantity"),
    ],
)
def test_bad_parameters_are_named(
    rpc: Rpc, method: str, params: list[object], message: str
) -> None:
    error = rpc(method, *params)
    assert error["code"] == -32602
    assert message in error["message"]


JUNK = [None, True, 5, -1, 1.5, "", "x", "0x", "0xzz", "0x1", "latest", [], [None], {}, {"a": 1}]


@pytest.mark.parametrize("method", METHODS)
def test_junk_never_uncovers_a_fault(rpc: Rpc, method: str) -> None:
    for first in JUNK:
        for more in ([], [None], ["0x1"], [{}, []]):
            answer = rpc(method, first, *more)
            assert not (isinstance(answer, dict) and answer.get("code") == -32603), (first, more)


def test_a_fault_in_dexsim_is_told_without_a_traceback(
    rpc: Rpc, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server.local, "at", lambda number: 1 / 0)
    assert rpc("eth_getBalance", ALICE) == {
        "code": -32603,
        "message": "a fault in dexsim: ZeroDivisionError: division by zero",
    }


def test_a_batch_is_answered_in_its_order(post: Post) -> None:
    batch = [
        {"jsonrpc": "2.0", "id": "a", "method": "eth_chainId", "params": []},
        {"jsonrpc": "2.0", "method": "evm_mine"},
        5,
        {"jsonrpc": "2.0", "id": None, "method": "eth_nothing"},
        {"jsonrpc": "2.0", "id": 1.5, "method": "eth_blockNumber"},
    ]
    answers = told(post, batch)
    assert [one["id"] for one in answers] == ["a", None, None, 1.5]
    assert (answers[0]["result"], answers[3]["result"]) == ("0x539", "0x1")
    assert [answers[1]["error"]["code"], answers[2]["error"]["code"]] == [-32600, -32601]


def test_notifications_are_done_and_not_answered(post: Post, rpc: Rpc) -> None:
    mine = {"jsonrpc": "2.0", "method": "evm_mine"}
    for asked in (mine, [mine, mine], {**mine, "method": "eth_nothing"}):
        assert post(json.dumps(asked).encode()) == (200, b"")
    assert rpc("eth_blockNumber") == "0x3"


# --- HTTP ------------------------------------------------------------------------------------


def test_only_post_with_a_length_is_read(post: Post) -> None:
    assert post(None, verb="GET")[0] == 405
    assert post(None, {"Transfer-Encoding": "chunked"})[0] == 411
    assert post(b"", {"Content-Length": "-5"})[0] == 411
    assert post(b"", {"Content-Length": str(MOST_BODY_BYTES + 1)})[0] == 413
    assert post(b"", {"Content-Length": "9" * 5_000})[0] == 413


def test_a_connection_is_used_again(server: Server) -> None:
    with closing(HTTPConnection("127.0.0.1", server._http.server_address[1])) as connection:
        wires = {_asked(connection) for _ in range(3)}
    assert len(wires) == 1


def _asked(connection: HTTPConnection) -> socket.socket:
    """What carried a request that was answered well."""
    connection.request("POST", "/", b'{"id": 1, "method": "eth_chainId"}')
    assert json.loads(connection.getresponse().read())["result"] == "0x539"
    return connection.sock


def test_clients_that_go_away_do_no_harm(
    server: Server, rpc: Rpc, capfd: pytest.CaptureFixture[str]
) -> None:
    for begun in (b"", b"POST / HT", b"POST / HTTP/1.1\r\nContent-Length: 99\r\n\r\n{"):
        with socket.create_connection(server._http.server_address) as wire:
            wire.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
            wire.sendall(begun)
    assert rpc("eth_chainId") == "0x539"
    assert capfd.readouterr() == ("", "")


def test_it_listens_on_this_machine_only(server: Server) -> None:
    assert server._http.socket.getsockname()[0] == "127.0.0.1"


def test_a_port_in_use_is_named(server: Server) -> None:
    port = int(server.url.rpartition(":")[2])
    with pytest.raises(NodeError, match=f"port {port} of 127.0.0.1: Address already in use"):
        Server(port=port)


def test_a_server_that_ends_lets_go_of_everything() -> None:
    server = Server(port=0)
    port = server._http.server_address[1]
    with closing(HTTPConnection("127.0.0.1", port)) as connection:
        with server.running():
            wire = _asked(connection)
        wire.settimeout(5)
        assert wire.recv(1) == b""
    Server(port=port).close()


# --- many at once ----------------------------------------------------------------------------


def test_requests_in_parallel_do_not_disturb_each_other(rpc: Rpc) -> None:
    accounts, payments = rpc("eth_accounts"), 8
    before = sum(int(rpc("eth_getBalance", one), 16) for one in accounts)

    def pay(sender: str) -> list[str]:
        to = accounts[(accounts.index(sender) + 1) % len(accounts)]
        return [
            rpc("eth_sendTransaction", {"from": sender, "to": to, "value": hex(10**18 + n)})
            for n in range(payments)
        ]

    def look(number: int) -> bool:
        block = rpc("eth_getBlockByNumber", hex(number % 5), True)
        past = rpc("eth_getBalance", accounts[0], "earliest")
        return past == hex(10_000 * 10**18) and (block is None or len(block["transactions"]) < 2)

    with ThreadPoolExecutor(16) as pool:
        sent = pool.map(pay, accounts)
        assert all(pool.map(look, range(40)))
        hashes = [one for some in sent for one in some]
    receipts = [rpc("eth_getTransactionReceipt", one) for one in hashes]
    count = len(accounts) * payments
    assert sorted(int(one["blockNumber"], 16) for one in receipts) == list(range(1, count + 1))
    assert {rpc("eth_getTransactionCount", one) for one in accounts} == {hex(payments)}
    after = sum(int(rpc("eth_getBalance", one), 16) for one in accounts)
    assert before - after == count * 21_000 * 10**9
