"""Alembic for every service's schema.

Each service's schema/migrations/env.py says only: `from deploy.ops.migrate import run_environment` and
`run_environment()`. Its migrations run as the schema's owner; alembic's own table is in the schema.
"""

from __future__ import annotations

import threading
from pathlib import Path

from alembic import command, context
from alembic.config import Config
from alembic.script.revision import ResolutionError
from alembic.util import CommandError
from sqlalchemy import NullPool, create_engine

_one_at_a_time = threading.Lock()  # alembic keeps the run under way in module globals
PROJECT = Path(__file__).resolve().parents[2]


class MadeByOthers(Exception):
    """The schema is at a migration that this version does not have; the message is for whoever runs it."""


def folder(service: str) -> Path:
    return PROJECT / "services" / service / "schema" / "migrations"


def migrate(service: str, admin_url: str, owner: str) -> None:
    """Bring one schema up to date, as its owner; nothing when the service has no migrations. Raises MadeByOthers.

    The administrator's session takes the owner's place, who has no password and can't sign in.
    """
    if not (folder(service) / "env.py").exists():
        return
    config = Config()
    config.set_main_option("script_location", str(folder(service)).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    engine = create_engine(
        admin_url.replace("postgresql://", "postgresql+psycopg://", 1),
        poolclass=NullPool,
        connect_args={"options": f"-c role={owner}"},
    )
    with _one_at_a_time, engine.connect() as connection:
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
