"""Connections of the portal: what slow ones may hold, and for how long.

waitress receives a request whole, in a thread that waits for all connections at once, before a page's thread sees
it, and sends answers in the same way. So a connection that sends or reads slowly holds a socket and a little memory,
and never a thread. Here are the bounds: on time, on what is kept, and on how many connections there are.
"""

from __future__ import annotations

import io
import json
import time
from collections.abc import Sequence
from typing import Any, Final

from waitress.channel import HTTPChannel  # type: ignore[import-untyped]
from waitress.parser import HTTPRequestParser  # type: ignore[import-untyped]
from waitress.server import TcpWSGIServer  # type: ignore[import-untyped]
from waitress.task import ErrorTask  # type: ignore[import-untyped]
from waitress.utilities import BadRequest, Error  # type: ignore[import-untyped]

from libs.common.files.csv_files import MAX_BYTES
from libs.common.process import logs
from libs.common.process.troubles import NO_ROOM
from services.portal.web.serving.headers import HEADERS

HEADER_SECONDS: Final = 15.0
"""How long the headers of a request may take, from its first byte."""
BODY_SECONDS: Final = 30.0
ANSWER_SECONDS: Final = 30.0
SLOWEST_BYTES_A_SECOND: Final = 10_000
"""A body, or an answer, may take so many seconds, and longer by what came or goes at this pace."""
KEPT_SECONDS: Final = 20.0
"""How long a browser's connection stays open: longer than people look at a page, so that no click meets its end."""

MOST_KEPT_BYTES: Final = MAX_BYTES + 1_000_000
"""The largest body that is kept: of a larger one the bytes are counted and dropped, and the answer says so."""
MOST_BYTES: Final = 200_000_000
"""The largest body that is read at all. Most browsers look for an answer only when they have sent all."""
MOST_KEPT_IN_ALL_BYTES: Final = 2_000_000_000
"""What all bodies under way may hold in temporary files together, and what all answers may."""
MOST_FRAME_BYTES: Final = 100_000
"""Of a body in chunks: how much may be sent beside the content, and half as much as the content more."""
PART_BYTES: Final = 4096
"""waitress copies what it has not read yet for each chunk, so it is given little at a time."""
MOST_WAITING_BYTES: Final = 1 << 29
"""Where so much of one answer waits to be read, the thread that makes it waits too."""

_log = logs.log(__name__)


class _Dropped:
    """In the place of a body that is too large to be kept."""

    def __init__(self, length: int) -> None:
        self._length = length

    def __len__(self) -> int:
        return self._length

    def append(self, content: bytes) -> None:
        self._length += len(content)

    def getfile(self) -> io.BytesIO:
        return io.BytesIO()

    def close(self) -> None:
        """There is nothing to close."""


NO_ROOM_SENTENCE: Final = "A disk is full, so nothing was kept or changed. Whoever runs this system has to make room; then send the same again."


class NoRoom(Error):  # type: ignore[misc]
    """The answer to a body for which there is no temporary file; no page can be asked."""

    code = 503
    reason = "Service Unavailable"

    def __init__(self, path: str) -> None:
        super().__init__(NO_ROOM_SENTENCE)
        self._is_of_api = path.startswith("/api/")

    def to_response(self, ident: str | None = None) -> tuple[str, list[tuple[str, str]], bytes]:
        """Status, headers and body: a problem document for the API, a sentence for people."""
        status = f"{self.code} {self.reason}"
        if not self._is_of_api:
            headers = [("Content-Type", "text/plain; charset=utf-8"), ("Retry-After", "60")]
            return status, headers, f"{self.body}\n".encode()
        document = {
            "type": "/problems/unavailable",
            "title": self.reason,
            "status": self.code,
            "detail": self.body,
            "code": "unavailable",
        }
        headers = [("Content-Type", "application/problem+json"), ("Retry-After", "60")]
        return status, headers, json.dumps(document).encode()


class Request(HTTPRequestParser):  # type: ignore[misc]
    """A request on its way in."""

    completed: bool
    """whether all of it is there, or what came is no request"""
    _has_no_room = False
    """Whether its body could not be kept. It is read to its end all the same: browsers look for an answer only then."""

    def __init__(self, adj: Any) -> None:
        super().__init__(adj)
        self.began_at = time.monotonic()

    @property
    def kept_bytes(self) -> int:
        """How much of its body is kept, in memory or in a temporary file."""
        kept = self.body_rcv is not None and not isinstance(self.body_rcv.buf, _Dropped)
        return int(self.body_bytes_received) if kept else 0

    @property
    def is_late(self) -> bool:
        """Whether it takes longer than an honest line would."""
        taken = time.monotonic() - self.began_at
        if self.body_rcv is None:
            return taken > HEADER_SECONDS
        return taken > HEADER_SECONDS + BODY_SECONDS + self.body_bytes_received / SLOWEST_BYTES_A_SECOND

    def parse_header(self, header_plus: bytes) -> None:
        super().parse_header(header_plus)
        if self.body_rcv is not None and self.content_length > MOST_KEPT_BYTES:
            self._drop()

    def received(self, data: bytes) -> int:
        in_chunks = self.chunked and self.body_rcv is not None
        consumed = self._take(data[:PART_BYTES] if in_chunks else data)
        if in_chunks and not self.completed and self._is_wasteful():
            self.error, self.completed = BadRequest("The chunks are too small"), True
        if self.kept_bytes > MOST_KEPT_BYTES:  # sent in chunks: its length was not said
            self._drop()
        return consumed

    def _take(self, data: bytes) -> int:
        """Receive it; where it can't be kept, drop the body and go on to its end."""
        try:
            consumed: int = super().received(data)
        except OSError as error:
            if error.errno not in NO_ROOM or self.body_rcv is None:
                raise
            _log.error("no_room_for_a_request")
            self._has_no_room = True
            self._drop()
            if self.chunked:  # where in its chunks it was is lost
                self.error, self.completed = NoRoom(self.path), True
                return len(data)
            consumed = super().received(data)
        if self._has_no_room and self.completed:
            self.error = NoRoom(self.path)
        return consumed

    def _is_wasteful(self) -> bool:
        """Whether what it is sent in, sizes of chunks and the like, is much beside what is sent."""
        content = len(self.body_rcv)
        return bool(self.body_bytes_received - content > MOST_FRAME_BYTES + content // 2)

    def _drop(self) -> None:
        before, self.body_rcv.buf = self.body_rcv.buf, _Dropped(len(self.body_rcv.buf))
        before.close()


class NoRequest(ErrorTask):  # type: ignore[misc]
    """The answer to what is no request: it says to browsers what every answer does."""

    def execute(self) -> None:
        self.response_headers.extend([*HEADERS.items(), ("Cache-Control", "no-store")])
        super().execute()


class Connection(HTTPChannel):  # type: ignore[misc]
    """One connection, and since when it waits for its client."""

    parser_class = Request
    error_task_class = NoRequest
    request: Any = None
    """What comes in just now: a `Request`, or None."""
    sent_continue: bool
    """whether its client was told to go on and send the body"""
    queued_at = 0.0
    """When its request began to wait for a thread (monotonic seconds)."""
    _answer: tuple[float, int] | None = None
    """Since when an answer that is worked out waits to be read, and how long it was."""

    @property
    def waits_for_client(self) -> bool:
        """Whether no thread works for it."""
        return not self.requests

    @property
    def waits_since(self) -> float:
        """Monotonic seconds: since when it waits for its client."""
        return self.request.began_at if self.request is not None else time.monotonic() - self.idle_seconds

    @property
    def idle_seconds(self) -> float:
        return max(0.0, time.time() - self.last_activity)

    def received(self, data: bytes) -> bool:
        """Take what came in: one request at a time.

        Who sends another before the answer has his connection ended with that answer, and asks again: else a few
        bytes would make answers without end for somebody who reads none.
        """
        with self.requests_lock:
            while data and not (self.requests or self.will_close or self.close_when_flushed):
                data = data[self._take(data) :]
        return True

    def _take(self, data: bytes) -> int:
        """Give it to the request on its way in; how much of it that took."""
        request = self.request = self.request or self.parser_class(self.adj)
        taken: int = request.received(data)
        if request.expect_continue and request.headers_finished and not self.sent_continue:
            self.send_continue()
        if request.completed:
            self.sent_continue = False
            self.request = None
            if not request.empty:
                self._ask(request, is_alone=not data[taken:].strip(b"\r\n"))
        return taken

    def _ask(self, request: Request, *, is_alone: bool) -> None:
        if not is_alone:
            request.headers["CONNECTION"] = "close"
        self.requests.append(request)
        self.server.add_task(self)

    def is_late(self) -> bool:
        """Whether its client is so slow that the connection is ended. Asked about once a second."""
        if not self.waits_for_client and self.total_outbufs_len <= MOST_WAITING_BYTES:
            return False
        if self.total_outbufs_len:
            return self._reads_too_slowly()
        self._answer = None
        if self.request is not None:
            return bool(self.request.is_late)
        return self.idle_seconds > KEPT_SECONDS

    def handle_close(self) -> None:
        super().handle_close()
        request, self.request = self.request, None
        if request is not None:
            request.close()  # its temporary file

    def _reads_too_slowly(self) -> bool:
        began_at, length = self._answer = self._answer or (time.monotonic(), self.total_outbufs_len)
        return time.monotonic() - began_at > ANSWER_SECONDS + length / SLOWEST_BYTES_A_SECOND


class Server(TcpWSGIServer):  # type: ignore[misc]
    """Listens on one address. When it is full, who has waited longest for its client makes room."""

    channel_class = Connection
    most_connections = 1000

    def maintenance(self, now: float) -> None:
        """Nothing: a connection whose client reads nothing would never learn that it is to be closed."""

    def end_the_late(self) -> None:
        """End what is late, and what is too much in all. To be called once a second, between turns of the loop."""
        for connection in list(self.active_channels.values()):
            if connection.is_late():
                connection.handle_close()
        everyone = list(self.active_channels.values())
        uploading = [(one, one.request.kept_bytes) for one in everyone if one.request is not None]
        _end_the_oldest(uploading, "too much is being uploaded at once")
        reading = [(one, one.total_outbufs_len) for one in everyone if one.total_outbufs_len]
        _end_the_oldest(reading, "too many answers are not read")

    def handle_accept(self) -> None:
        if len(self.active_channels) >= self.most_connections:
            self._make_room()
        super().handle_accept()

    def _make_room(self) -> None:
        waiting = [one for one in self.active_channels.values() if one.waits_for_client]
        if waiting:
            min(waiting, key=lambda one: one.waits_since).handle_close()


def _end_the_oldest(holding: Sequence[tuple[Connection, int]], reason: str) -> None:
    """holding: connections, and how many bytes each makes us keep. What is too much in all ends, the oldest first."""
    kept = sum(size for _, size in holding)
    for connection, size in sorted(holding, key=lambda one: one[0].waits_since):
        if kept <= MOST_KEPT_IN_ALL_BYTES:
            return
        kept -= size
        connection.handle_close()
        _log.warning("connection_ended", reason=reason)
