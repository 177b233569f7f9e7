"""The HTTP side: JSON-RPC by POST, on this machine only, one request at a time."""

from __future__ import annotations

import socket
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler
from socketserver import ThreadingTCPServer
from threading import Lock, Thread, stack_size
from typing import Any

from dexsim.devnet.faults import INVALID_REQUEST, Fault
from dexsim.devnet.local import LocalChain
from dexsim.devnet.methods import call_method
from dexsim.devnet.protocol import answer, error_body
from dexsim.errors import NodeError

HOST = "127.0.0.1"
PORT = 8545
MOST_BODY_BYTES = 16 * 2**20
IDLE_SECONDS = 60
_POLL_SECONDS = 0.05
_STACK_BYTES = 16 * 2**20  # calls nest hundreds deep; on some systems a thread has 512 KiB


class Server:
    """A local chain behind a port; 0 picks a free one.

    Raises NodeError naming the port where it cannot listen.
    """

    def __init__(self, local: LocalChain | None = None, *, port: int = PORT) -> None:
        self.local = local or LocalChain()
        self._lock = Lock()
        try:
            self._http = _Http((HOST, port), _Handler)
        except OSError as error:
            trouble = error.strerror or str(error)
            raise NodeError(
                f"cannot listen on port {port} of {HOST}: {trouble}; choose another by --port"
            ) from None
        self._http.dexsim = self

    @property
    def url(self) -> str:
        """Where clients connect."""
        return f"http://{HOST}:{self._http.server_address[1]}"

    def serve(self) -> None:
        """Answer until interrupted."""
        self._http.serve_forever(poll_interval=_POLL_SECONDS)

    @contextmanager
    def running(self) -> Iterator[str]:
        """Answer in the background while the `with` lasts; gives the URL."""
        thread = Thread(target=self.serve, name=f"dexsim node {self.url}")
        thread.start()
        try:
            yield self.url
        finally:
            self._http.shutdown()
            thread.join()
            self.close()

    def close(self) -> None:
        """Let go of the port and of all connections."""
        self._http.server_close()
        self._http.hang_up()

    def answer(self, body: bytes) -> bytes:
        """The answer to a body; nothing else happens on the chain meanwhile."""
        with self._lock:
            return answer(body, self._call)

    def _call(self, method: str, params: Sequence[Any]) -> object:
        return call_method(self.local, method, params)


class _Http(ThreadingTCPServer):
    """A thread for every connection; it ends with the process, or with `hang_up`.

    Not the http.server of that name, which asks for the host's name and may wait for it.
    """

    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 128
    dexsim: Server

    def __init__(self, address: tuple[str, int], handler: type[BaseHTTPRequestHandler]) -> None:
        self._connections: set[socket.socket] = set()
        super().__init__(address, handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        self._connections.add(request)
        usual = stack_size(_STACK_BYTES)  # of the thread that is started now
        try:
            super().process_request(request, client_address)
        finally:
            stack_size(usual)

    def shutdown_request(self, request: Any) -> None:
        self._connections.discard(request)
        super().shutdown_request(request)

    def hang_up(self) -> None:
        for connection in list(self._connections):
            with suppress(OSError):  # closed meanwhile
                connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away in the middle is nobody's fault."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "dexsim"
    sys_version = ""
    timeout = IDLE_SECONDS
    disable_nagle_algorithm = True
    wbufsize = -1  # head and body go out together
    server: _Http

    def do_POST(self) -> None:
        length = self._length()
        if length is None:
            return
        self._send(200, self.server.dexsim.answer(self.rfile.read(length)))

    def do_GET(self) -> None:
        self._refuse(405, "this is a node: ask it by POST, in JSON-RPC")

    def _length(self) -> int | None:
        """The body's length; None where the request was refused for it."""
        told = self.headers.get("Content-Length", "")
        if not (told.isascii() and told.isdigit()):
            self._refuse(411, "the request's Content-Length is missing")
            return None
        if len(told) > 18 or int(told) > MOST_BODY_BYTES:
            self._refuse(413, f"a request has at most {MOST_BODY_BYTES:,} bytes")
            return None
        return int(told)

    def _refuse(self, status: int, why: str) -> None:
        self.close_connection = True  # what follows may be a body that nobody has read
        self._send(status, error_body(Fault(INVALID_REQUEST, why)))

    def _send(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """The terminal stays quiet."""
