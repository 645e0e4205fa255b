"""A service's worker process, from its settings: sessions, logs, health, consumers and the relay."""

from collections.abc import Mapping

from libs.common import database, logs
from libs.common.config import settings
from libs.common.consumers import Handler, run_worker
from libs.common.health import serve_health

SESSIONS_OF_AN_EVENT = 2


def serve_worker(service: str, handlers: Mapping[str, Handler]) -> None:
    """Hear these events until SIGTERM or SIGINT; SystemExit(1) when a thread ended by itself."""
    known = settings()
    logs.configure(service, "worker", known.log_level)
    engine = database.engine(known.database_url, service, pool_size=SESSIONS_OF_AN_EVENT * len(handlers))
    reachable = database.answers(known.database_url)
    run_worker(
        service,
        handlers,
        sessions=database.sessions(engine, service),
        amqp_url=known.amqp_url,
        database_url=known.database_url,
        health=lambda checks: serve_health(known.health_port, {"database": reachable, **checks}),
    )
