"""The settings of one process, read from its environment."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from libs.common.errors import ConfigError
from libs.common.process.given import given_url
from libs.common.process.strictness import require_broker, require_database

LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")

_WHAT_TO_GIVE = {
    "amqp_url": "the address of RabbitMQ, such as amqp://user:password@127.0.0.1:5672/name",
    "database_url": "the address of PostgreSQL, such as postgresql://user:password@127.0.0.1:5432/name",
    "objects_url": "the folder or fsspec address where files are kept, such as file:///var/lib/caretally",
}
_VARIABLES = {
    "amqp_url": "AMQP_URL",
    "database_url": "DATABASE_URL",
    "objects_url": "CARETALLY_OBJECTS",
}


@dataclass(frozen=True)
class Settings:
    """Addresses are '' where they are neither given nor needed."""

    amqp_url: str
    database_url: str
    objects_url: str
    health_port: int
    """TCP port of /healthz, /readyz and /metrics; 0 for none."""
    health_host: str
    log_level: str
    service: str
    """Name of the service, or '' where the process knows it by itself."""


def settings(needs: Iterable[str] = ("amqp_url", "database_url")) -> Settings:
    """The settings of this process.

    needs: which of amqp_url, database_url and objects_url must be there. ConfigError says what is missing, and what
    no process starts with (`libs/common/process/strictness.py`).
    """
    from environs import Env, EnvError, validate  # here: commands need ConfigError alone, and start often

    env = Env()
    try:
        found = Settings(
            amqp_url=given_url("AMQP_URL"),
            database_url=given_url("DATABASE_URL"),
            objects_url=env.str("CARETALLY_OBJECTS", ""),
            health_port=env.int("HEALTH_PORT", 0, validate=validate.Range(0, 65535)),
            health_host=env.str("HEALTH_HOST", "127.0.0.1"),
            log_level=env.str("LOG_LEVEL", "INFO", validate=validate.OneOf(LOG_LEVELS)),
            service=env.str("CARETALLY_SERVICE", ""),
        )
    except EnvError as error:
        raise ConfigError(f"A setting can't be used: {error}") from error
    missing = [name for name in needs if not getattr(found, name)]
    if missing:
        raise ConfigError(" ".join(_missing_sentence(name) for name in missing))
    if found.amqp_url:
        require_broker("AMQP_URL", found.amqp_url)
    if found.database_url:
        require_database("DATABASE_URL", found.database_url)
    return found


def _missing_sentence(name: str) -> str:
    return f"{_VARIABLES[name]} is not set: give {_WHAT_TO_GIVE[name]}."
