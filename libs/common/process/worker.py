"""A service's worker process, from its settings: sessions, logs, health, consumers and the relay."""

import gc
from collections.abc import Mapping, Sequence

from libs.common.messaging.probe import takes_messages
from libs.common.messaging.worker import Handler, run_worker
from libs.common.operations.letters import OnLetter, nothing_more
from libs.common.process import database, logs
from libs.common.process.background import Background, BackgroundStep
from libs.common.process.config import settings
from libs.common.process.health import serve_health
from libs.common.process.housekeeping import Housekeeping, Step
from libs.common.process.probes import database_answers, files_can_be_kept

SESSIONS_OF_AN_EVENT = 2
GARBAGE_THRESHOLDS = (50_000, 20, 20)


def serve_worker(
    service: str,
    handlers: Mapping[str, Handler],
    *,
    tidying: Sequence[Step] = (),
    ticking: Sequence[Step] = (),
    background: Sequence[BackgroundStep] = (),
    on_letter: OnLetter = nothing_more,
) -> None:
    """Hear these events until SIGTERM or SIGINT; SystemExit(1) when a thread ended again and again.

    ``tidying`` are the service's own steps of housekeeping, done once an hour, and ``ticking`` those that people wait
    for, done every two minutes; ``background`` those that look for work every other second. ``on_letter`` hears of
    every message that died, in whatever service.
    """
    known = settings()
    logs.configure(service, "worker", known.log_level)
    # the letters', housekeeping's and the background's besides
    pool_size = SESSIONS_OF_AN_EVENT * len(handlers) + 3
    engine = database.engine(known.database_url, service, pool_size=pool_size)
    sessions = database.sessions(engine, service)
    beside = {"housekeeping": Housekeeping(sessions, tidying, ticking).run}
    if background:
        beside["background"] = Background(sessions, background).run
    spare_the_collector()
    own = {
        "database": database_answers(known.database_url, service),
        "files": files_can_be_kept,
        "broker": takes_messages(known.amqp_url),
    }
    run_worker(
        service,
        handlers,
        sessions=sessions,
        amqp_url=known.amqp_url,
        database_url=known.database_url,
        health=lambda checks: serve_health(known.health_port, {**own, **checks}),
        on_letter=on_letter,
        beside=beside,
    )


def spare_the_collector() -> None:
    """A bulk message is many thousands of rows that live until its end and hold no cycles.

    Looking through them, and through all that was imported, again and again took a tenth of a worker's time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GARBAGE_THRESHOLDS)
