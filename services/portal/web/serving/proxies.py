"""Where a request comes from: what a proxy says of it counts when the request came from the proxy, and else nothing."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final

from werkzeug.middleware.proxy_fix import ProxyFix

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
THIS_MACHINE: Final = ("127.0.0.0/8", "::1/128")
BELIEVES: Final = "believes_proxies"
"""The application's extension that is its `BelievesProxies`, when it stands behind any."""


def networks_from(texts: Sequence[str]) -> tuple[Network, ...]:
    """Networks such as 10.1.0.0/24, or single addresses. ValueError for what is neither."""
    return tuple(ipaddress.ip_network(text) for text in texts)


class BelievesProxies:
    """A WSGI application behind `count` proxies, of which the nearest is in one of the networks."""

    def __init__(self, app: WSGIApplication, count: int, networks: Sequence[Network]) -> None:
        self._app = app
        self._count = count
        self._behind = ProxyFix(app, x_for=count, x_proto=0, x_host=0)
        self._networks = networks

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if self.is_proxy(environ.get("REMOTE_ADDR", "")):
            return self._behind(environ, start_response)
        return self._app(environ, start_response)

    def client_of(self, address: str, forwarded: str) -> str:
        """Where a request comes from that came from this address with this X-Forwarded-For."""
        said = [one.strip() for one in forwarded.split(",")]
        if len(said) < self._count or not self.is_proxy(address):
            return address
        return said[-self._count] or address

    def is_proxy(self, address: str) -> bool:
        """Whether requests from this address come through the proxies."""
        try:
            found = ipaddress.ip_address(address)
        except ValueError:
            return False
        mapped = getattr(found, "ipv4_mapped", None)
        return any((mapped or found) in network for network in self._networks)
