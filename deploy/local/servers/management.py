"""The little that is asked of RabbitMQ's HTTP interface."""

from __future__ import annotations

import base64
import http.client
import json
import ssl
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote


class ManagementRefused(Exception):
    """The broker answered with an error; the message holds its status and reason."""


@dataclass(frozen=True)
class Management:
    """HTTP interface of a node on 127.0.0.1 (or `host`)."""

    port: int
    user: str
    password: str = field(repr=False)
    host: str = "127.0.0.1"
    is_secure: bool = False
    """by HTTPS, with a certificate of the host's name"""
    authority: str = ""
    """the file of who signed it; '' for the machine's own authorities"""

    def ask(self, method: str, path: str, body: object = None) -> Any:
        """One request to /api/…; the answer's JSON, None when empty. OSError when nobody answers."""
        key = base64.b64encode(f"{self.user}:{self.password}".encode()).decode()
        headers = {"Authorization": f"Basic {key}", "Content-Type": "application/json"}
        connection = self._connection()
        try:
            connection.request(method, f"/api/{path}", None if body is None else json.dumps(body), headers)
            answer = connection.getresponse()
            text = answer.read()
        finally:
            connection.close()
        if answer.status >= 400:
            raise ManagementRefused(f"{method} {path}: {answer.status} {answer.reason}")
        return json.loads(text) if text else None

    def _connection(self) -> http.client.HTTPConnection:
        if not self.is_secure:
            return http.client.HTTPConnection(self.host, self.port, timeout=30)
        context = ssl.create_default_context(cafile=self.authority or None)
        return http.client.HTTPSConnection(self.host, self.port, timeout=30, context=context)

    def answers(self, amqp_port: int) -> bool:
        """True when the node is up and listens for AMQP."""
        try:
            self.ask("GET", f"health/checks/port-listener/{amqp_port}")
        except (OSError, http.client.HTTPException, ManagementRefused):
            return False
        return True

    def add_vhost(self, name: str) -> None:
        """Make a vhost, with all rights for this user."""
        self.ask("PUT", f"vhosts/{quote(name, safe='')}", {})
        everything = {"configure": ".*", "write": ".*", "read": ".*"}
        self.ask("PUT", f"permissions/{quote(name, safe='')}/{quote(self.user, safe='')}", everything)

    def delete_vhost(self, name: str) -> None:
        self.ask("DELETE", f"vhosts/{quote(name, safe='')}")
