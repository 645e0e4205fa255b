"""The caller's side of RPC: every call ends within its time limit, with an answer or a plain exception.

Written on py-amqp because nameko's own standalone proxy has no expiry, pays a confirm for each call and can't be
shared by threads. A service that isn't there is known at once by `mandatory`: the broker hands the request back.
"""

from __future__ import annotations

import select
import threading
import time
import uuid
from collections.abc import Mapping
from typing import Any, Final, cast, get_args

import amqp
from amqp.exceptions import AMQPError
from kombu.connection import Connection
from kombu.transport import pyamqp

from libs.common.errors import Refused, ServiceUnavailable, Why
from libs.common.process import logs
from libs.common.process.given import PASSWORD_FILE, parameters_of, patiently
from libs.common.rpc import wire
from libs.common.rpc.address import address_of, tls_of
from libs.common.rpc.signing import Signer, own_signer

_DIRECT_REPLY = "amq.rabbitmq.reply-to"
_address: Any = Connection  # kombu's word for an address with its options; it connects nothing by itself
_NETWORK_ERRORS = (OSError, AMQPError)
NOBODY: Final = "nobody"
"""A service that is not there: the broker hands a question to it back, if it takes messages at all."""
PROBE: Final = "probe"
NOT_RUNNING: Final = "it is not running"
BLOCKED: Final = "the broker takes no messages: it is short of memory or disk"
IDLE_LINES = 32
"""Connections kept for the next calls: as many as a portal has threads that ask."""
_log = logs.log(__name__)


class RpcClient:
    """Calls services. May be shared by threads: each call has a connection to itself, kept for the next one."""

    def __init__(self, amqp_url: str, timeout_seconds: float = 5, signer: Signer | None = None) -> None:
        """signer: who signs what is asked; what RPC_SIGNING_KEY says when None."""
        self._amqp_url = amqp_url
        self._signer = signer or own_signer()
        self._timeout_seconds = timeout_seconds
        self._idle: list[_Line] = []
        self._lock = threading.Lock()

    def call(self, service: str, method: str, caller: Mapping[str, Any], /, **payload: Any) -> Any:
        """The method's answer.

        Refused: the service says no, with its code; `internal` when it failed. ServiceUnavailable: it can't be done
        now, and why; or no answer within the time limit, so whether it was done is not known (``slow``).
        """
        body = wire.request(caller, payload)
        deadline = time.monotonic() + self._timeout_seconds
        line = self._take(service)
        try:
            answer = line.ask(service, method, body, deadline, self._signer)
        except BaseException as error:
            line.close()  # a late answer must not meet the next question
            if isinstance(error, _NETWORK_ERRORS):
                raise _unavailable(service, "the connection to the broker was lost") from error
            raise
        self._give_back(line)
        try:
            return wire.read_answer(answer)
        except Refused as refused:
            if refused.code == "unavailable":
                raise ServiceUnavailable(refused.message, _why(refused)) from refused
            raise

    def check(self) -> str | None:
        """A health check: can services be asked at all? It asks one that is not there."""
        try:
            self.call(NOBODY, PROBE, {})
        except ServiceUnavailable as error:
            if error.why == "blocked":
                return f"RabbitMQ can't be used: {BLOCKED}"
            return None if error.why == "away" and NOT_RUNNING in str(error) else "RabbitMQ can't be reached"
        return None

    def close(self) -> None:
        """Close the connections that are not in use."""
        with self._lock:
            idle, self._idle = self._idle, []
        for line in idle:
            line.close()

    def _take(self, service: str) -> _Line:
        while True:
            with self._lock:
                line = self._idle.pop() if self._idle else None
            if line is None:
                return self._connect(service)
            if line.is_quiet():
                return line
            line.close()

    def _connect(self, service: str) -> _Line:
        try:
            if PASSWORD_FILE not in parameters_of(self._amqp_url):
                return _Line(self._amqp_url, self._timeout_seconds)
            return patiently(lambda: _Line(self._amqp_url, self._timeout_seconds), _is_refused)
        except _NETWORK_ERRORS as error:
            raise _unavailable(service, "the broker can't be reached", "away") from error

    def _give_back(self, line: _Line) -> None:
        with self._lock:
            if len(self._idle) < IDLE_LINES:
                self._idle.append(line)
                return
        line.close()


class _Connection(pyamqp.Connection):  # type: ignore[misc]
    """Closes its socket whatever ends the handshake; without this, only when the network does."""

    def connect(self, callback: Any = None) -> Any:
        try:
            return super().connect(callback)
        except BaseException:
            self.collect()
            raise


class _Line:
    """One connection with its channel, used by one call at a time."""

    def __init__(self, amqp_url: str, timeout_seconds: float) -> None:
        self._is_blocked = False
        # Making a connection reads several times; a broker that hangs lets the first of them run out, so a third
        # each for connecting and for one read keeps the whole within the limit.
        step = timeout_seconds / 3
        # heartbeat=0: nobody would send them between calls; `is_quiet` sees a connection that was closed.
        address: Any = _address(
            address_of(amqp_url),
            ssl=tls_of(amqp_url),
            heartbeat=0,
            connect_timeout=step,
            transport_options={
                "read_timeout": step,
                "write_timeout": step,
                "on_blocked": self._on_blocked,
                "on_unblocked": self._on_unblocked,
            },
        )
        address.transport.Connection = _Connection
        self._user = str(address.userid or "guest")
        self._connection = address.transport.establish_connection()
        try:
            self._channel = self._connection.channel()
            self._channel.events["basic_return"].add(self._on_return)
            self._channel.basic_consume(_DIRECT_REPLY, no_ack=True, callback=self._on_answer)
        except BaseException:
            self.close()
            raise
        self._asked = ""
        self._answer: bytes | None = None
        self._returned = False

    def ask(
        self, service: str, method: str, body: bytes, deadline: float, signer: Signer | None = None
    ) -> bytes:
        """The body of the answer; ServiceUnavailable; or the network's error."""
        self._asked, self._answer, self._returned = str(uuid.uuid4()), None, False
        left_ms = max(1, int((deadline - time.monotonic()) * 1000))
        key = f"{service}.{method}"
        signed = signer.headers(key, self._asked, body) if signer else {}
        message = self._message(body, left_ms, signed)
        self._channel.basic_publish(message, wire.RPC_EXCHANGE, routing_key=key, mandatory=True)
        while self._answer is None and not self._returned:
            left = deadline - time.monotonic()
            if self._is_blocked:
                raise _unavailable(service, BLOCKED, "blocked")
            if left <= 0:
                raise _unavailable(service, "it did not answer in time")
            self._drain(service, left)
        if self._answer is None:
            raise _unavailable(service, NOT_RUNNING, "away")
        return self._answer

    def _drain(self, service: str, seconds: float) -> None:
        try:
            self._connection.blocking_read(seconds)  # one frame: a long answer may not outlast the deadline
        except TimeoutError:
            return  # the deadline decides
        except amqp.NotFound as error:  # not even the exchange is there: no service ever ran
            raise _unavailable(service, NOT_RUNNING, "away") from error

    def _message(self, body: bytes, expires_ms: int, signed: dict[str, Any]) -> amqp.Message:
        cause_id = logs.bound_facts().get("cause_id")
        return amqp.Message(
            body,
            content_type=wire.JSON_TYPE,
            content_encoding="utf-8",
            delivery_mode=1,
            expiration=str(expires_ms),
            reply_to=_DIRECT_REPLY,
            correlation_id=self._asked,
            application_headers={
                **signed,
                wire.UNTIL: int(time.time() * 1000) + expires_ms,
                **({"cause_id": str(cause_id)} if cause_id else {}),
            },
            user_id=self._user,  # the broker refuses another one than the connection's
        )

    def _on_answer(self, message: Any) -> None:
        if message.properties.get("correlation_id") == self._asked:
            body = message.body
            self._answer = body.encode() if isinstance(body, str) else bytes(body)

    def _on_blocked(self, _: Any = None) -> None:
        self._is_blocked = True

    def _on_unblocked(self) -> None:
        self._is_blocked = False

    def _on_return(self, *_: Any) -> None:
        self._returned = True

    def is_quiet(self) -> bool:
        """Nothing has come in: between calls that could only be the end of the connection, or a late answer."""
        if not self._connection.connected:
            return False
        poll = select.poll()
        poll.register(self._connection.sock, select.POLLIN | select.POLLERR | select.POLLHUP)
        return not poll.poll(0)

    def close(self) -> None:
        try:
            self._connection.collect()  # closes the socket without asking the broker, which might not answer
        except _NETWORK_ERRORS as error:
            _log.debug("rpc_line_close_failed", exc_info=error)


def _unavailable(service: str, reason: str, why: Why = "slow") -> ServiceUnavailable:
    return ServiceUnavailable(f"{service} can't be asked now: {reason}. Ask again in a moment.", why)


def _why(refused: Refused) -> Why:
    """As the service says it; one of another version may say nothing, or something newer."""
    said = (refused.details or {}).get("why")
    return cast(Why, said) if said in get_args(Why) else "slow"


def _is_refused(error: Exception) -> bool:
    """Whether the broker has refused the password."""
    return isinstance(error, amqp.AccessRefused)
