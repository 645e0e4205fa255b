"""Alembic for every service's schema.

Each service's schema/migrations/env.py says only: `from deploy.ops.migrate import run_environment` and
`run_environment()`. Its migrations run as the schema's owner; alembic's own table is in the schema.
"""

from __future__ import annotations

import random
import threading
import time
from pathlib import Path

from alembic import command, context
from alembic.config import Config
from alembic.script.revision import ResolutionError
from alembic.util import CommandError
from sqlalchemy import Engine, NullPool
from sqlalchemy.exc import DBAPIError

from libs.common.process.database import MIGRATING, connect_arguments, engine
from libs.common.process.troubles import trouble_of

LOCK_ATTEMPTS = 60
LOCK_PAUSES_SECONDS = (0.5, 1.0, 2.0, 5.0)
"""A migration that can't have its lock stands back for so long, so that whoever queued behind it goes on."""

_one_at_a_time = threading.Lock()  # alembic keeps the run under way in module globals
PROJECT = Path(__file__).resolve().parents[2]


class Locked(Exception):
    """Somebody held a table all the time; the message is for whoever runs it."""


class MadeByOthers(Exception):
    """The schema is at a migration that this version does not have; the message is for whoever runs it."""


def folder(service: str) -> Path:
    return PROJECT / "services" / service / "schema" / "migrations"


def migrate(service: str, admin_url: str, owner: str) -> None:
    """Bring one schema up to date, as its owner; nothing when the service has no migrations.

    The administrator's session takes the owner's place, who has no password and can't sign in. A lock is waited for
    MIGRATING.lock seconds at a time. Raises MadeByOthers, and Locked after LOCK_ATTEMPTS.
    """
    if not (folder(service) / "env.py").exists():
        return
    config = Config()
    config.set_main_option("script_location", str(folder(service)).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    as_owner = connect_arguments(None, MIGRATING)
    as_owner["options"] += f" -c role={owner}"
    bind = engine(
        admin_url, None, patience=MIGRATING, poolclass=NullPool, pool_pre_ping=False, connect_args=as_owner
    )
    for attempt in range(LOCK_ATTEMPTS):
        try:
            return _upgrade(config, service, bind)
        except DBAPIError as error:
            trouble = trouble_of(error)
            if trouble is None or trouble.why != "held":
                raise
        time.sleep(LOCK_PAUSES_SECONDS[min(attempt, len(LOCK_PAUSES_SECONDS) - 1)] * random.uniform(0.8, 1.2))
    raise Locked(
        f"The schema {service} could not be brought up to date: somebody held its tables all the time. Nothing of it"
        " was changed; run this again."
    )


def _upgrade(config: Config, service: str, bind: Engine) -> None:
    """All of it in one transaction."""
    with _one_at_a_time, bind.connect() as connection:
        config.attributes.update(service=service, connection=connection)
        try:
            command.upgrade(config, "head")
        except CommandError as error:
            if not isinstance(error.__cause__, ResolutionError):
                raise
            raise MadeByOthers(
                f"Another version of Caretally made the schema {service}: this one does not know its migration"
                f" {error.__cause__.argument}. A stack from before the first release must be made anew."
            ) from error
        connection.commit()


def run_environment() -> None:
    """The body of every env.py: alembic runs it."""
    context.configure(
        connection=context.config.attributes["connection"],
        version_table_schema=str(context.config.attributes["service"]),
    )
    with context.begin_transaction():
        context.run_migrations()
