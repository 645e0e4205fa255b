"""The database of a service's RPC process."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Any

from nameko.extensions import DependencyProvider
from sqlalchemy.orm import Session

from libs.common.process import database
from libs.common.rpc.long_work import LONG_WORK

POOL_SIZE = 5


class Transactions:
    """What a service method has as `self.db`."""

    def __init__(self, sessions: database.Sessions, patience: database.Patience | None = None) -> None:
        """patience: another than the sessions' own."""
        self.sessions = sessions
        self._patience = patience

    def transaction(self, caller: Mapping[str, Any]) -> AbstractContextManager[Session]:
        """A session in one transaction with the caller's row-level security; commits at the end of the block."""
        return database.transaction(self.sessions, caller, self._patience)


class Database(DependencyProvider):  # type: ignore[misc]
    """Dependency provider: `db = Database()` in a service class; one small pool for all its workers."""

    def __init__(self, schema: str | None = None, pool_size: int = POOL_SIZE) -> None:
        """schema: the service's name when None."""
        self._schema = schema
        self._pool_size = pool_size

    def setup(self) -> None:
        schema = self._schema or self.container.service_name
        self._engine = database.engine(
            self.container.config["DATABASE_URL"],
            schema,
            pool_size=self._pool_size,
            patience=database.ANSWERS,
        )
        self._sessions = database.sessions(self._engine, schema)

    def stop(self) -> None:
        self._engine.dispose()

    def kill(self) -> None:
        self._engine.dispose()

    def get_dependency(self, worker_ctx: Any) -> Transactions:
        takes_long = worker_ctx.entrypoint.method_name in LONG_WORK
        return Transactions(self._sessions, database.LONG_ANSWERS if takes_long else None)
