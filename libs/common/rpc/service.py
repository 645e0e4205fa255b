"""The service's side of RPC: nameko's entrypoint with its traps cured.

nameko 2.14.1 as it comes lets a request without `reply_to` kill the container, and keeps it queued for the next
one; drops a body it can't decode without a word; dies of a network error in an acknowledgement; and answers with
Python exceptions. Here every request is answered or logged, acknowledged, and can't end the process.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any, TypeVar

from amqp.exceptions import AMQPError
from kombu.exceptions import KombuError
from nameko.amqp.publish import get_producer
from nameko.containers import ServiceContainer
from nameko.exceptions import ContainerBeingKilled, IncorrectSignature
from nameko.messaging import QueueConsumer
from nameko.rpc import Rpc as NamekoRpc
from nameko.rpc import RpcConsumer as NamekoRpcConsumer

from libs.common.errors import Refused
from libs.common.process import logs, metrics
from libs.common.rpc import forged, wire
from libs.common.rpc.address import address_of, tls_of
from libs.common.rpc.outcome import outcome_of
from libs.common.rpc.signing import NotTrusted, Trust, check_role

NETWORK_ERRORS = (OSError, AMQPError, KombuError)
LATE_SECONDS = 10
"""So long after its asker gave up a request is not carried out any more; clocks of machines differ by less. It may have
lain in a broker that took no messages, and its asker was told that nothing was done, or has asked again."""
LOOP_SECONDS = 0.25
"""How often the consuming loop looks up when nothing comes: whether to stop, and for heartbeats."""

_DIRECT_REPLY = "amq.rabbitmq.reply-to"
Method = TypeVar("Method", bound=Callable[..., Any])
_log = logs.log(__name__)


class RpcQueueConsumer(QueueConsumer):  # type: ignore[misc]
    """Takes requests from the broker, and says whether it is connected."""

    connected = False

    @property
    def amqp_uri(self) -> str:
        """Asked at each connection: the password may have changed meanwhile."""
        return address_of(self.container.config["AMQP_URI"])

    def get_consumers(self, consumer_cls: Any, channel: Any) -> Any:
        for provider in self._providers:
            # on_message: bodies are decoded by us, so that one that can't be is answered like any wrong request.
            consumer = consumer_cls(queues=[provider.queue], on_message=partial(self._receive, provider))
            consumer.qos(prefetch_count=self.prefetch_count)
            self._consumers[provider] = consumer
        return self._consumers.values()

    def _receive(self, provider: Any, message: Any) -> None:
        self.handle_message(provider, None, message)

    def on_decode_error(self, message: Any, exc: Exception) -> None:
        """kombu met a body that it can't unpack: its own way is to log the body and say nothing to the asker."""
        for provider in self._providers:
            refusal = Refused("invalid", "The message can't be unpacked.")
            self.container.spawn_managed_thread(partial(provider.answer_error, message, refusal))

    def run(self, _tokens: int = 1, **options: Any) -> None:
        super().run(_tokens, **{"safety_interval": LOOP_SECONDS, **options})

    @contextmanager
    def establish_connection(self) -> Iterator[Any]:
        # kombu's own steps go up to 30 s, longer than anybody waits for an answer
        with self.create_connection() as connection:
            connection.ensure_connection(
                self.on_connection_error, None, interval_start=0.2, interval_step=0.4, interval_max=3.0
            )
            yield connection

    @contextmanager
    def extra_context(self, connection: Any, channel: Any) -> Iterator[None]:
        self.connected = True
        try:
            yield
        finally:
            self.connected = False

    def on_connection_error(self, exc: Exception, interval: float) -> None:
        _log.warning("broker_unreachable", exception=type(exc).__name__, retry_in_seconds=interval)

    def ack_message(self, message: Any) -> None:
        self._settle(message.channel, message.ack)

    def requeue_message(self, message: Any) -> None:
        self._settle(message.channel, message.requeue)

    def _settle(self, channel: Any, settle: Any) -> None:
        if not channel.connection:
            return  # the connection is gone, and the broker has taken the message back
        try:
            settle()
        except NETWORK_ERRORS as error:
            # The consuming loop notices by itself and connects again; raising here would end the process.
            _log.warning("rpc_settling_failed", exc_info=error)


class RpcConsumer(NamekoRpcConsumer):  # type: ignore[misc]
    """Routes a request to its method, and its outcome to whoever asked."""

    queue_consumer = RpcQueueConsumer()
    _tellings = forged.Tellings()

    def handle_message(self, body: Any, message: Any) -> None:
        """Runs in a managed thread: whatever is raised here would kill the container."""
        try:
            self._begin(message)
        except ContainerBeingKilled:
            self.requeue_message(message)
        except Exception as error:  # the edge where whatever is wrong becomes an answer
            self.answer_error(message, error)

    def _begin(self, message: Any) -> None:
        _refuse_a_loop(message)
        _refuse_the_late(message)
        if not message.properties.get("reply_to"):
            raise Refused("invalid", "The request says no `reply_to`; nobody would hear the answer.")
        entrypoint = self._entrypoint_of(message)
        args, kwargs = wire.read_request(message.body)
        self._check_asker(message, args)
        try:
            entrypoint.check_signature(args, kwargs)
        except IncorrectSignature as error:
            raise Refused("invalid", f"The request doesn't fit {entrypoint.method_name}: {error}") from error
        self.container.spawn_worker(
            entrypoint,
            args,
            kwargs,
            context_data=_context(message),
            handle_result=partial(self._finish, message),
        )

    def _entrypoint_of(self, message: Any) -> Any:
        method = message.delivery_info["routing_key"].partition(".")[2]
        for provider in self._providers:
            if provider.method_name == method:
                return provider
        raise Refused("unknown_method", f"{self.container.service_name} has no method of that name.")

    def _check_asker(self, message: Any, args: list[Any]) -> None:
        """Raises Refused for a request that is not from whom it says, and has evidence say so."""
        trust: Trust | None = self.container.config.get("TRUST")
        if trust is None:
            return
        method = message.delivery_info["routing_key"]
        request_id = str(message.properties.get("correlation_id") or "")
        body = message.body.encode() if isinstance(message.body, str) else bytes(message.body)
        is_again = bool(message.delivery_info.get("redelivered"))
        try:
            if not message.properties.get("user_id"):  # the broker vouches for it
                raise NotTrusted("it does not say as which of the broker's users it was sent")
            asker = trust.check(method, request_id, body, message.headers, is_again=is_again)
            check_role(asker, args[0] if args else None)
        except NotTrusted as error:
            self._tell_forged(message, str(error))
            raise Refused("not_allowed", "The service does not know who asks, and refuses.") from error

    def _tell_forged(self, message: Any, why: str) -> None:
        said = forged.forged(self.container.service_name, message, why)
        _log.warning("rpc_not_trusted", why=why, asked=said["method"], user=said["user"])
        if not self._tellings.may_tell():
            return
        url = self.container.config["AMQP_URI"]
        try:
            with get_producer(address_of(url), confirms=True, ssl=tls_of(url)) as producer:
                forged.publish(producer, said)
        except NETWORK_ERRORS as error:
            _log.warning("rpc_forged_not_told", exc_info=error)

    def _finish(self, message: Any, worker_ctx: Any, result: Any, exc_info: Any) -> tuple[Any, Any]:
        self._answer(message, worker_ctx.entrypoint.method_name, result, exc_info[1] if exc_info else None)
        return result, exc_info

    def answer_error(self, message: Any, error: Exception) -> None:
        """Say to whoever asked, or to the log, that this request was not run."""
        with logs.bound(**_context(message)):
            self._answer(message, "", None, error)

    def _answer(self, message: Any, method: str, result: Any, error: BaseException | None) -> None:
        outcome, body = outcome_of(self.container.service_name, method, result, error)
        reply_to = message.properties.get("reply_to")
        if reply_to:
            self._send(message, reply_to, body)
        else:
            _log.warning("rpc_without_reply_to")
        metrics.RPC_ANSWERS.labels(method=method, outcome=outcome).inc()
        self.queue_consumer.ack_message(message)

    def _send(self, message: Any, reply_to: str, body: bytes) -> None:
        # Transient and without confirms: an answer that is lost is a time-out to the caller, who asks again.
        exchange = "" if reply_to.startswith(_DIRECT_REPLY) else wire.RPC_EXCHANGE
        try:
            url = self.container.config["AMQP_URI"]
            with get_producer(address_of(url), confirms=False, ssl=tls_of(url)) as producer:
                producer.publish(
                    body,
                    exchange=exchange,
                    routing_key=reply_to,
                    correlation_id=message.properties.get("correlation_id"),
                    content_type=wire.JSON_TYPE,
                    content_encoding="utf-8",
                    delivery_mode=1,
                    retry=True,
                    retry_policy={"max_retries": 2, "interval_start": 0, "interval_step": 0.2},
                )
        except NETWORK_ERRORS as error:
            _log.warning("rpc_answer_not_sent", exc_info=error)


class Rpc(NamekoRpc):  # type: ignore[misc]
    """The entrypoint behind `@rpc`."""

    rpc_consumer = RpcConsumer()


def rpc(method: Method) -> Method:
    """Make a method of a service class answer RPC: (self, caller, **payload), returning what has a JSON form."""
    registered: Method = Rpc.decorator(method)
    return registered


class RpcContainer(ServiceContainer):  # type: ignore[misc]
    """nameko's container, whose workers log with the request's ids and are timed."""

    def _run_worker(self, worker_ctx: Any, handle_result: Any) -> None:
        method = worker_ctx.entrypoint.method_name
        started = time.monotonic()
        with logs.bound(method=method, **worker_ctx.data):
            super()._run_worker(worker_ctx, handle_result)
        metrics.RPC_SECONDS.labels(method=method).observe(time.monotonic() - started)


def _context(message: Any) -> dict[str, str]:
    cause_id = message.headers.get("cause_id")
    return {
        "request_id": str(message.properties.get("correlation_id") or ""),
        **({"cause_id": str(cause_id)} if cause_id else {}),
    }


def _refuse_the_late(message: Any) -> None:
    until = message.headers.get(wire.UNTIL)
    if isinstance(until, int) and time.time() * 1000 > until + LATE_SECONDS * 1000:
        raise Refused("unavailable", "The request came too late; ask again.")


def _refuse_a_loop(message: Any) -> None:
    """A request that ended the process comes back until it expires; one that never expires must not."""
    if message.delivery_info.get("redelivered") and not message.properties.get("expiration"):
        raise Refused("unavailable", "The request was interrupted; ask again.")
