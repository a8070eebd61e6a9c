"""A proxy between SQS's clients and MiniStack, for the trouble that MiniStack does not make by itself."""

from __future__ import annotations

import http.client
import json
import socket
from collections import Counter
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Queue
from threading import Event, Lock, Thread
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import psutil

from tests.harness.ports import HOST

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Forward = Callable[["Request"], "Answer"]
    Fault = Callable[["Request", Forward], "Answer"]

ALL = "*"
"""Stands for every action."""

_ANSWER_WITHIN = 60


@dataclass
class Request:
    """What a client asks, for example the action ``ReceiveMessage``; ``client`` is its address and port."""

    action: str
    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    client: tuple[str, int]


@dataclass
class Answer:
    """What it is told."""

    status: int
    headers: dict[str, str]
    body: bytes

    @classmethod
    def of_json(cls, document: Any, status: int = 200) -> Answer:
        """Write an answer in SQS's JSON protocol."""
        return cls(status, {"Content-Type": "application/x-amz-json-1.0"}, json.dumps(document).encode())


class DroppedError(ConnectionError):
    """The connection is to be cut without an answer."""


class Proxy:
    """Passes every request on, except for what its context managers say for the time of their blocks."""

    def __init__(self, target: str) -> None:
        """Choose a port; ``start`` listens.

        Args:
            target: The URL of the server behind it.
        """
        self.requests: Counter[str] = Counter()
        """How many requests came, by action."""
        self.struck: Counter[str] = Counter()
        """How many of them met a fault."""
        self._target = urlsplit(target).netloc
        self._faults: list[tuple[str, Fault]] = []
        self._server = _Server(0, self._answer)
        self.endpoint_url = f"http://{HOST}:{self._server.server_port}"

    def start(self) -> None:
        """Listen; until then connections are refused."""
        self._server.start()

    def stop(self) -> None:
        """Cut all connections and give up the port."""
        self._server.stop()

    @contextmanager
    def away(self) -> Iterator[None]:
        """Cut all connections, and refuse new ones."""
        self._server.stop()
        self._server = _Server(self._server.server_port, self._answer)
        try:
            yield
        finally:
            self._server.start()

    @contextmanager
    def fault(self, action: str, fault: Fault) -> Iterator[None]:
        """Let ``fault`` answer an action; it is given the request and how to pass it on."""
        entry = (action, fault)
        self._faults.append(entry)
        try:
            yield
        finally:
            self._faults.remove(entry)

    @contextmanager
    def fail(self, action: str, code: str, status: int) -> Iterator[None]:
        """Answer with an error of SQS, for example ``RequestThrottled`` with status 400."""
        error = Answer.of_json({"__type": f"com.amazonaws.sqs#{code}", "message": "made by a test"}, status)
        with self.fault(action, lambda _request, _forward: error):
            yield

    @contextmanager
    def slow(self, action: str, seconds: float) -> Iterator[None]:
        """Answer so much later."""
        ended = Event()

        def late(request: Request, forward: Forward) -> Answer:
            answer = forward(request)
            ended.wait(seconds)
            return answer

        with self.fault(action, late):
            try:
                yield
            finally:
                ended.set()

    @contextmanager
    def fail_entries(
        self, action: str, fails: Callable[[dict[str, Any]], bool], code: str, *, sender_fault: bool
    ) -> Iterator[None]:
        """Pass on a batch without the entries that ``fails`` picks, and name those as failed."""

        def partly(request: Request, forward: Forward) -> Answer:
            document = json.loads(request.body)
            failed = [entry for entry in document["Entries"] if fails(entry)]
            passed = [entry for entry in document["Entries"] if entry not in failed]
            result = {"Successful": [], "Failed": []}
            if passed:
                request.body = json.dumps({**document, "Entries": passed}).encode()
                result |= json.loads(forward(request).body)
            fault = {"Code": code, "Message": "made by a test", "SenderFault": sender_fault}
            result["Failed"] = [*result["Failed"], *({"Id": entry["Id"], **fault} for entry in failed)]
            return Answer.of_json(result)

        with self.fault(action, partly):
            yield

    @contextmanager
    def hold(self, action: str, *, answered: bool = False) -> Iterator[Held]:
        """Keep the first request back until the block ends, and then let it through.

        Args:
            action: Which requests.
            answered: Keep back the answer instead: the server has done it, and the client does not know.
        """
        held = Held(answered)
        with self.fault(action, held):
            try:
                yield held
            finally:
                held.let_through()

    def _answer(self, request: Request) -> Answer:
        self.requests[request.action] += 1
        for action, fault in reversed(self._faults):
            if action in (ALL, request.action):
                self.struck[request.action] += 1
                return fault(request, self._forward)
        return self._forward(request)

    def _forward(self, request: Request) -> Answer:
        connection = http.client.HTTPConnection(self._target, timeout=_ANSWER_WITHIN)
        headers = {**request.headers, "Content-Length": str(len(request.body))}
        try:
            connection.request(request.method, request.path, request.body, headers)
            answer = connection.getresponse()
            return Answer(answer.status, dict(answer.getheaders()), answer.read())
        finally:
            connection.close()


class Held:
    """A request that is kept back. All others pass."""

    def __init__(self, answered: bool) -> None:
        self._answered = answered
        self._taken = Lock()
        self._clients: Queue[tuple[str, int]] = Queue()
        self._decided = Event()
        self._dropped = False

    def wait(self, timeout: float) -> tuple[str, int]:
        """Wait until a request is held; return its client's address and port.

        Raises:
            queue.Empty: None came within ``timeout`` seconds.
        """
        return self._clients.get(timeout=timeout)

    def let_through(self) -> None:
        """Go on with it."""
        self._decided.set()

    def drop(self) -> None:
        """Cut its connection. A request that was not answered never reaches the server."""
        self._dropped = True
        self._decided.set()

    def __call__(self, request: Request, forward: Forward) -> Answer:
        if not self._taken.acquire(blocking=False):
            return forward(request)
        answer = forward(request) if self._answered else None
        self._clients.put(request.client)
        self._decided.wait()
        if self._dropped:
            raise DroppedError
        return answer or forward(request)


def process_at(client: tuple[str, int]) -> psutil.Process:
    """Find the process of a client.

    Raises:
        ProcessLookupError: No process has this end of a connection any more.
    """
    for connection in psutil.net_connections("tcp"):
        if connection.laddr and tuple(connection.laddr) == client and connection.pid:
            return psutil.Process(connection.pid)
    raise ProcessLookupError(f"no process is at {client}")


class _Server(ThreadingHTTPServer):
    """Bound to its port from the beginning, so that nobody else takes it; listens from ``start`` on."""

    def __init__(self, port: int, answer: Callable[[Request], Answer]) -> None:
        super().__init__((HOST, port), _Handler, bind_and_activate=False)
        self.answer = answer
        self._connections: set[socket.socket] = set()
        self._thread = Thread(target=self.serve_forever, args=(0.1,), daemon=True)
        self.server_bind()

    def start(self) -> None:
        self.server_activate()
        self._thread.start()

    def stop(self) -> None:
        if self._thread.is_alive():
            self.shutdown()
        self.server_close()
        for connection in list(self._connections):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def process_request(self, request: Any, client_address: Any) -> None:
        self._connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._connections.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: a client that goes away, and a connection that is cut, are what tests are about."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_POST(self) -> None:
        answer = self.server.answer(
            Request(
                action=self.headers.get("X-Amz-Target", "").rpartition(".")[2],
                method=self.command,
                path=self.path,
                headers=dict(self.headers.items()),
                body=self.rfile.read(int(self.headers.get("Content-Length", 0))),
                client=self.client_address,
            )
        )
        self.send_response_only(answer.status)
        for name, value in answer.headers.items():
            if name.lower() not in ("content-length", "transfer-encoding", "connection"):
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body)

    do_GET = do_PUT = do_POST  # noqa: N815  (the names that `http.server` looks for)

    def log_message(self, *_: Any) -> None:
        pass
