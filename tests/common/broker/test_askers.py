"""Who asks is checked: what is not signed by whom it says is refused, and evidence hears of it."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from libs.common.errors import Refused
from libs.common.messaging.amqp import a_channel
from libs.common.messaging.commands import read_command
from libs.common.messaging.topology import COMMANDS_QUEUE, declare
from libs.common.rpc import SYSTEM, Caller
from libs.common.rpc.client import RpcClient
from libs.common.rpc.signing import Signer, public_of, signer_of
from tests.common.broker.rpc_process import RpcProcess

PORTAL_KEY, COMMAND_KEY, STRANGE_KEY = (
    f"{name}:{base64.b64encode(letter * 32).decode()}"
    for name, letter in (("portal", b"p"), ("command", b"c"), ("portal", b"x"))
)
FINANCE: Caller = {"who": "an officer", "role": "council", "organisation": None}


@pytest.fixture(scope="module")
def guarded(rabbitmq: Any, database: Callable[[], str]) -> Iterator[RpcProcess]:
    """The probe service, which knows the portal's key and the command line's."""
    url = rabbitmq.add_vhost("guarded")
    with a_channel(url, "a test") as channel:
        declare(channel)
    trusted = f"{public_of(PORTAL_KEY)}, {public_of(COMMAND_KEY)}"
    with RpcProcess(url, database(), trusted_keys=trusted) as process:
        yield process
    rabbitmq.delete_vhost("guarded")


def ask(guarded: RpcProcess, signer: Signer | None, caller: Caller = FINANCE) -> Any:
    client = RpcClient(guarded.amqp_url, 5, signer)
    try:
        return client.call("probe", "echo", caller, line=1)["caller"]
    finally:
        client.close()


def heard(guarded: RpcProcess) -> Any:
    """The next that evidence is told."""
    with a_channel(guarded.amqp_url, "a test") as channel:
        _, _, body = next(channel.consume(COMMANDS_QUEUE, auto_ack=True, inactivity_timeout=10))
        channel.cancel()
    return read_command(body)


class Altered(Signer):
    """Signs something else than what it asks."""

    def headers(self, method: str, request_id: str, body: bytes) -> dict[str, Any]:
        return super().headers(method, request_id, body.replace(b"council", b"system"))


class Named(Signer):
    """Gives another name."""

    def headers(self, method: str, request_id: str, body: bytes) -> dict[str, Any]:
        return {**super().headers(method, request_id, body), "signed_by": "ingest"}


class Late(Signer):
    """Signed long ago."""

    def headers(self, method: str, request_id: str, body: bytes) -> dict[str, Any]:
        found = super().headers(method, request_id, body)
        return {**found, "signed_at": found["signed_at"] - 60_000}


class Replaying(Signer):
    """Sends a signature again that was good for another request."""

    def headers(self, method: str, request_id: str, body: bytes) -> dict[str, Any]:
        return super().headers(method, "another", body)


def test_the_portal_and_the_command_line_are_answered(guarded: RpcProcess) -> None:
    assert ask(guarded, signer_of(PORTAL_KEY)) == FINANCE
    assert ask(guarded, signer_of(COMMAND_KEY), SYSTEM) == SYSTEM


@pytest.mark.parametrize(
    ("signer", "why"),
    [
        (None, "it is not signed"),
        (signer_of(STRANGE_KEY), "its signature is not right"),
        (Named(lambda: STRANGE_KEY), "it is signed by nobody who is known here"),
        (signer_of(COMMAND_KEY), "it is signed by somebody who may not speak for this caller"),
        (Altered(lambda: PORTAL_KEY), "its signature is not right"),
        (Replaying(lambda: PORTAL_KEY), "its signature is not right"),
        (Late(lambda: PORTAL_KEY), "it was signed too long ago"),
    ],
)
def test_whoever_else_asks_is_refused_and_told_of(
    guarded: RpcProcess, signer: Signer | None, why: str
) -> None:
    with pytest.raises(Refused) as refused:
        ask(guarded, signer)
    assert refused.value.code == "not_allowed", guarded.log_lines()[-1]
    said = heard(guarded)
    assert (said["part"], said["service"], said["method"]) == ("forged", "probe", "probe.echo")
    assert said["why"].startswith(why)
    assert said["user"] in guarded.amqp_url
    assert "an officer" not in json.dumps(said)


def test_to_sign_and_to_check_takes_little(record_property: Callable[[str, object], None]) -> None:
    from libs.common.rpc.signing import trust_of

    signer = signer_of(PORTAL_KEY)
    trust = trust_of(public_of(PORTAL_KEY))
    body, times = b"x" * 1000, 500
    began_at = time.process_time()
    for number in range(times):
        headers = signer.headers("payments.debts", str(number), body)
        assert trust.check("payments.debts", str(number), body, headers) == "portal"
    taken_ms = (time.process_time() - began_at) * 1000 / times
    print(f"signing and checking: {taken_ms:.3f} ms")
    assert taken_ms < 2  # ten times what it takes on a machine that is not busy
