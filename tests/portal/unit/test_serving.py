"""How the portal serves: slow connections hold no thread, none lasts for ever, and health is answered all the same."""

from __future__ import annotations

import http.client
import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field

import pytest
from flask import Flask, request

from libs.common.process.health import Readiness
from services.portal.web.serving import connections, health, server, threads
from services.portal.web.serving.server import Serving
from services.portal.web.serving.worker import divide
from tests.support.run.waiting import wait_until

LARGE_ANSWER = 30_000_000
"""More than the buffers of two sockets take."""


@dataclass
class Site:
    """A small application that is served as the portal is."""

    port: int
    health_port: int
    serving: Serving
    thread: threading.Thread
    held: threading.Event
    """what the page /held waits for"""
    asked: list[str] = field(default_factory=list)
    sockets: ExitStack = field(default_factory=ExitStack)

    def connect(self, sent: bytes, source: str = "127.0.0.1") -> socket.socket:
        """A connection from this address that sends this and nothing more."""
        place = ("127.0.0.1", self.port)
        made = self.sockets.enter_context(
            socket.create_connection(place, timeout=30, source_address=(source, 0))
        )
        made.sendall(sent)
        return made

    def ask(self, path: str, port: int | None = None, **sending: object) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", port or self.port, timeout=30)
        connection.request("POST" if sending else "GET", path, **sending)  # type: ignore[arg-type]
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        return answer.status, body


@pytest.fixture
def site() -> Iterator[Site]:
    app, held, asked = Flask(__name__), threading.Event(), list[str]()
    app.config["MAX_CONTENT_LENGTH"] = connections.MOST_KEPT_BYTES
    readiness = app.extensions["readiness"] = Readiness({})
    app.register_blueprint(health.pages(readiness))

    @app.get("/page")
    def page() -> str:
        asked.append(f"page for {request.remote_addr}")
        return "a page"

    @app.get("/held")
    def waits() -> str:
        asked.append("held")
        held.wait(30)
        return "held"

    @app.get("/large")
    def large() -> bytes:
        asked.append("large")
        return b"x" * LARGE_ANSWER

    @app.post("/length")
    def length() -> str:
        return str(len(request.get_data()))

    listening, also, for_health = (socket.create_server(("127.0.0.1", 0)) for _ in range(3))
    port, health_port = (one.getsockname()[1] for one in (listening, for_health))
    serving = Serving(app, [listening, also], for_health)
    thread = threading.Thread(target=serving.run)
    thread.start()
    found = Site(port, health_port, serving, thread, held, asked)
    try:
        yield found
    finally:
        held.set()
        found.sockets.close()
        serving.stop()
        thread.join(20)
        assert not thread.is_alive()


SLOW = {
    "nothing": b"",
    "one byte": b"G",
    "half a header": b"GET /page HTTP/1.1\r\nHost: here\r\nX-Long: ",
    "half a body": b"POST /length HTTP/1.1\r\nHost: here\r\nContent-Length: 1000\r\n\r\nabc",
    "half a chunk": b"POST /length HTTP/1.1\r\nHost: here\r\nTransfer-Encoding: chunked\r\n\r\nff\r\nabc",
}


@pytest.mark.parametrize("sent", SLOW.values(), ids=SLOW)
def test_slow_senders_keep_nobody_from_a_page(site: Site, sent: bytes) -> None:
    for _ in range(10 * threads.PAGE_THREADS):
        site.connect(sent)
    began = time.monotonic()
    assert site.ask("/page") == (200, b"a page")
    assert time.monotonic() - began < 5


def test_slow_readers_keep_nobody_from_a_page(site: Site) -> None:
    for _ in range(2 * threads.PAGE_THREADS):
        site.connect(b"GET /large HTTP/1.1\r\nHost: here\r\n\r\n")
    wait_until(lambda: len(site.asked) == 2 * threads.PAGE_THREADS, 30)
    assert site.ask("/page") == (200, b"a page")


def test_who_asks_for_many_pages_waits_for_himself(site: Site) -> None:
    for _ in range(threads.PAGE_THREADS):
        site.connect(b"GET /held HTTP/1.1\r\nHost: here\r\n\r\n")
    wait_until(lambda: len(site.asked) == threads.PAGE_THREADS)
    page = b"GET /page HTTP/1.1\r\nHost: here\r\n\r\n"
    busy = [site.connect(page, "127.0.0.2") for _ in range(10 * threads.PAGE_THREADS)]
    wait_until(lambda: site.serving.waiting_pages == len(busy))
    site.connect(page)
    wait_until(lambda: site.serving.waiting_pages == len(busy) + 1)
    site.held.set()
    wait_until(lambda: len(site.asked) == threads.PAGE_THREADS + len(busy) + 1)
    place = site.asked.index("page for 127.0.0.1") - threads.PAGE_THREADS
    assert place <= 1 + threads.PAGE_THREADS


@pytest.mark.parametrize("sent", SLOW.values(), ids=SLOW)
def test_no_slow_sender_stays_for_ever(site: Site, sent: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HEADER_SECONDS", "BODY_SECONDS", "KEPT_SECONDS"):
        monkeypatch.setattr(connections, name, 0.2)
    assert site.connect(sent).recv(1000) == b""


def test_dripping_bytes_does_not_help(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "HEADER_SECONDS", 0.5)
    dripping = site.connect(b"GET /page HTTP/1.1\r\nX-Long: ")

    def is_ended() -> bool:
        try:
            dripping.sendall(b"x")
        except OSError:
            return True
        return False

    wait_until(is_ended, 30)


def test_no_slow_reader_stays_for_ever(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "ANSWER_SECONDS", 0.2)
    monkeypatch.setattr(connections, "SLOWEST_BYTES_A_SECOND", LARGE_ANSWER * 10)
    slow = site.connect(b"GET /large HTTP/1.1\r\nHost: here\r\n\r\n")
    wait_until(lambda: bool(site.asked), 30)
    wait_until(lambda: not site.serving.connections, 30)
    received = 0
    try:
        while content := slow.recv(1 << 20):
            received += len(content)
    except ConnectionResetError:
        pass
    assert received < LARGE_ANSWER


def test_who_waited_longest_makes_room_when_there_are_too_many(site: Site) -> None:
    site.serving.set_most_connections(20)
    first = site.connect(b"G")
    wait_until(lambda: len(site.serving.connections) == 1)
    for _ in range(30):
        site.connect(b"G")
    assert site.ask("/page") == (200, b"a page")
    assert first.recv(10) == b""
    assert len(site.serving.connections) <= 20


@pytest.mark.parametrize(
    "sent",
    [
        b"GET / HTTP/1.1\r\nBad Header: x\r\n\r\n",
        b"GET /\x00 HTTP/1.1\r\nHost: a\x00b\r\n\r\n",
        b"\xff\x00\r\n\r\n",
    ],
)
def test_what_is_no_request_is_400_with_the_headers_of_every_answer(site: Site, sent: bytes) -> None:
    answer = site.connect(sent).recv(10_000).decode()
    assert answer.startswith(("HTTP/1.0 400", "HTTP/1.1 400")), answer
    assert "frame-ancestors 'none'" in answer
    assert "nosniff" in answer


@pytest.mark.parametrize("own_port", [True, False])
def test_health_is_answered_while_every_page_thread_is_held(
    site: Site, own_port: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(threads, "LONGEST_WAIT_SECONDS", -1.0)
    for _ in range(threads.PAGE_THREADS):
        site.connect(b"GET /held HTTP/1.1\r\nHost: here\r\n\r\n")
    wait_until(lambda: len(site.asked) == threads.PAGE_THREADS)
    port = site.health_port if own_port else site.port
    assert site.ask("/healthz", port)[0] == 200
    assert site.ask("/readyz", port)[0] == 200
    if own_port:
        assert site.ask("/metrics", port)[0] == 200
    site.connect(b"GET /page HTTP/1.1\r\nHost: here\r\n\r\n")
    wait_until(lambda: site.ask("/readyz", port)[0] == 503)
    assert "for a thread" in json.loads(site.ask("/readyz", port)[1])["reasons"]["pages"]


def test_bodies_come_whole_by_length_and_in_chunks(site: Site) -> None:
    assert site.ask("/length", body=b"x" * 3_000_000) == (200, b"3000000")
    chunks = (b"x" * 100_000 for _ in range(30))
    assert site.ask(
        "/length", body=chunks, encode_chunked=True, headers={"Transfer-Encoding": "chunked"}
    ) == (
        200,
        b"3000000",
    )


@pytest.mark.parametrize(
    "frame",
    [b"1\r\nx\r\n" * 50_000, b"1;" + b"a" * 300_000, b"0\r\n" + b"A: b\r\n" * 50_000],
    ids=["small chunks", "a line without end", "a trailer without end"],
)
def test_a_body_that_is_mostly_frame_is_refused(site: Site, frame: bytes) -> None:
    """Reading it would take memory, and the time of the one thread that reads for all."""
    head = b"POST /length HTTP/1.1\r\nHost: here\r\nTransfer-Encoding: chunked\r\n\r\n"
    connection = socket.create_connection(("127.0.0.1", site.port), timeout=30)
    with connection, suppress(ConnectionError):
        connection.sendall(head + frame)
        assert connection.recv(100).startswith(b"HTTP/1.1 400")
    assert site.ask("/page") == (200, b"a page")


def test_many_requests_at_once_are_answered_one_at_a_time(site: Site) -> None:
    connection = site.connect(b"GET /large HTTP/1.1\r\nHost: here\r\n\r\n" * 500)
    length = 0
    with suppress(ConnectionError):
        while content := connection.recv(1 << 20):
            length += len(content)
    assert LARGE_ANSWER <= length < 2 * LARGE_ANSWER
    assert site.asked == ["large"]


def test_blank_lines_between_requests_end_nothing(site: Site) -> None:
    connection = site.connect(b"\r\n\r\nGET /page HTTP/1.1\r\nHost: here\r\n\r\n\r\n")
    for _ in range(2):
        answer = b""
        while not answer.endswith(b"a page"):
            more = connection.recv(1000)
            assert more
            answer += more
        connection.sendall(b"GET /page HTTP/1.1\r\nHost: here\r\n\r\n")


def test_too_many_answers_that_nobody_reads_end_the_oldest(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "MOST_KEPT_IN_ALL_BYTES", 2 * LARGE_ANSWER)
    for number in range(1, 5):
        site.connect(b"GET /large HTTP/1.1\r\nHost: here\r\n\r\n")
        wait_until(lambda number=number: len(site.asked) == number, 30)
    wait_until(lambda: len(site.serving.connections) == 2, 30)
    assert site.ask("/page") == (200, b"a page")


@pytest.mark.parametrize("in_chunks", [False, True])
def test_a_body_that_is_too_large_is_read_to_its_end_and_refused(
    site: Site, in_chunks: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "MOST_KEPT_BYTES", 1_000_000)
    body = b"x" * (connections.MOST_KEPT_BYTES + 59_000_000)
    if in_chunks:
        parts = (body[start : start + 1_000_000] for start in range(0, len(body), 1_000_000))
        headers = {"Transfer-Encoding": "chunked"}
        status, _ = site.ask("/length", body=parts, encode_chunked=True, headers=headers)
    else:
        status, _ = site.ask("/length", body=body)
    assert status == 413


def test_too_many_uploads_at_once_end_the_oldest(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "MOST_KEPT_IN_ALL_BYTES", 250_000)
    head = b"POST /length HTTP/1.1\r\nHost: here\r\nContent-Length: 1000000\r\n\r\n"
    uploads = [site.connect(head + b"x" * 100_000) for _ in range(3)]
    assert uploads[0].recv(1000) == b""
    assert len(site.serving.connections) == 2


def test_what_is_being_worked_out_is_answered_when_the_process_is_told_to_end(site: Site) -> None:
    asked = site.connect(b"GET /held HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n")
    wait_until(lambda: bool(site.asked))
    site.serving.stop()
    wait_until(lambda: _is_refused(site.port))
    site.held.set()
    answer = b""
    while content := asked.recv(1000):
        answer += content
    assert answer.startswith(b"HTTP/1.1 200")
    assert answer.endswith(b"held")


def _is_refused(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=5).close()
    except ConnectionRefusedError:
        return True
    return False


@pytest.mark.parametrize(
    ("health", "count_of_pages", "is_apart"), [("none", 2, False), ("only", 1, False), ("second", 1, True)]
)
def test_health_has_the_socket_of_its_port_when_it_is_not_the_only_one(
    health: str, count_of_pages: int, is_apart: bool
) -> None:
    with ExitStack() as closed:
        made = [closed.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(2)]
        if health == "only":
            made.pop().close()
        port = 0 if health == "none" else made[-1].getsockname()[1]
        pages, for_health = divide(made, port)
        assert len(pages) == count_of_pages
        assert (for_health is not None) == is_apart
        assert for_health in (None, made[-1])


def test_file_handles_bound_the_connections(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server.resource, "getrlimit", lambda _: (1024, 1024))
    assert server._most_connections() == (1024 - server.FILES_BESIDES) // 2
