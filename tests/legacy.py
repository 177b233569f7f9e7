"""A chain without base fees: anvil behind a door that knows nothing of EIP-1559.

No node of today runs such a chain with Cancun's instructions; chains that do exist.
"""

from __future__ import annotations

import json
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests import anvil

_FEES = {"maxFeePerGas", "maxPriorityFeePerGas"}
_UNKNOWN = {"eth_feeHistory", "eth_maxPriorityFeePerGas"}


@contextmanager
def running() -> Iterator[str]:
    """The URL of a new chain without base fees."""
    with anvil.running() as behind:
        server = ThreadingHTTPServer(("127.0.0.1", 0), _door_to(behind))
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            server.server_close()
            thread.join()


def _door_to(url: str) -> type[BaseHTTPRequestHandler]:
    class Door(BaseHTTPRequestHandler):
        """Passes requests on, and takes away what older chains do not tell."""

        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            answer = _refusal(asked) or _without_fees(_passed_on(asked, url))
            body = json.dumps(answer).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: Any) -> None:
            """Nothing is told."""

    return Door


def _refusal(asked: dict[str, Any]) -> dict[str, Any] | None:
    """What such a chain says of a method or a kind of transaction that it does not know."""
    method, params = asked["method"], asked.get("params") or [None]
    with_fees = method == "eth_sendTransaction" and _FEES & set(params[0])
    typed = method == "eth_sendRawTransaction" and params[0].startswith("0x02")
    if method in _UNKNOWN:
        error = {"code": -32601, "message": f"the method {method} does not exist"}
    elif with_fees or typed:
        error = {"code": -32000, "message": "transaction type not supported"}
    else:
        return None
    return {"jsonrpc": "2.0", "id": asked["id"], "error": error}


def _passed_on(asked: dict[str, Any], url: str) -> Any:
    request = urllib.request.Request(
        url, json.dumps(asked).encode(), {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


def _without_fees(value: Any) -> Any:
    if isinstance(value, dict):
        hidden = {"baseFeePerGas", "effectiveGasPrice", *_FEES}
        return {key: _without_fees(each) for key, each in value.items() if key not in hidden}
    return [_without_fees(each) for each in value] if isinstance(value, list) else value
