"""Whom the portal believes when a request says where it comes from."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest
from werkzeug.test import Client
from werkzeug.wrappers import Response

from services.portal.web.serving.proxies import THIS_MACHINE, BelievesProxies, networks_from


def says_where_from(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    return Response(environ["REMOTE_ADDR"])(environ, start_response)


@pytest.mark.parametrize(
    ("peer", "networks", "seen"),
    [
        ("127.0.0.1", THIS_MACHINE, "192.0.2.7"),
        ("::1", THIS_MACHINE, "192.0.2.7"),
        ("::ffff:127.0.0.1", THIS_MACHINE, "192.0.2.7"),
        ("10.1.0.9", THIS_MACHINE, "10.1.0.9"),
        ("10.1.0.9", ("10.1.0.0/24",), "192.0.2.7"),
        ("10.1.1.9", ("10.1.0.0/24",), "10.1.1.9"),
        ("127.0.0.1", ("10.1.0.0/24",), "127.0.0.1"),
        ("10.1.0.9", ("10.1.0.9",), "192.0.2.7"),
        ("", THIS_MACHINE, ""),
        ("nonsense", THIS_MACHINE, "nonsense"),
    ],
)
def test_what_is_said_counts_when_the_proxy_says_it(peer: str, networks: tuple[str, ...], seen: str) -> None:
    app = BelievesProxies(says_where_from, 1, networks_from(networks))
    answer = Client(app).get(
        "/", environ_base={"REMOTE_ADDR": peer}, headers={"X-Forwarded-For": "192.0.2.7"}
    )
    assert answer.text == seen
    assert app.client_of(peer, "192.0.2.7") == seen


def test_only_the_nearest_address_is_the_proxys_word() -> None:
    app = BelievesProxies(says_where_from, 1, networks_from(THIS_MACHINE))
    said = {"X-Forwarded-For": "198.51.100.1, 192.0.2.7"}
    assert Client(app).get("/", environ_base={"REMOTE_ADDR": "127.0.0.1"}, headers=said).text == "192.0.2.7"
    assert app.client_of("127.0.0.1", said["X-Forwarded-For"]) == "192.0.2.7"


@pytest.mark.parametrize("forwarded", ["", "192.0.2.7", ", 192.0.2.7"])
def test_too_few_words_leave_the_peers_address(forwarded: str) -> None:
    app = BelievesProxies(says_where_from, 2, networks_from(THIS_MACHINE))
    said = {"X-Forwarded-For": forwarded} if forwarded else {}
    assert Client(app).get("/", environ_base={"REMOTE_ADDR": "127.0.0.1"}, headers=said).text == "127.0.0.1"
    assert app.client_of("127.0.0.1", forwarded) == "127.0.0.1"


@pytest.mark.parametrize("text", ["10.1.0.0/40", "here", "10.1.0.9/24"])
def test_what_is_no_network_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        networks_from([text])
