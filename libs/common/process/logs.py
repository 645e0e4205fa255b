"""Structured logs: JSON lines on standard error, with ids and without personal details."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from libs.common.errors import ConfigError
from libs.common.process.loading import without

with without("rich"):  # for coloured logs, which nobody has here: it would be a tenth of a process's start
    import structlog
    from structlog.typing import EventDict, Processor, WrappedLogger

REDACTED = "[redacted]"

# A key is redacted when any of its words is one of these: care data is about named people, and logs are read by
# many and kept for long.
_TELLING_WORDS = frozenset(
    (
        "password",
        "passwd",
        "secret",
        "token",
        "authorization",
        "cookie",
        "credential",
        "credentials",
        "code",
        "digits",
        "pin",
        "forename",
        "forenames",
        "surname",
        "name",
        "names",
        "dob",
        "birth",
        "born",
        "comment",
        "comments",
        "note",
        "notes",
        "email",
        "phone",
        "telephone",
        "mobile",
        "address",
        "postcode",
        "nhs",
        "nhsnumber",
        "gender",
        "ethnicity",
        "body",
        "args",
        "kwargs",
        "parameters",
        "params",
    )
)
# Keys that hold such a word and are known to be harmless: names of things, never of people.
_HARMLESS_KEYS = frozenset(
    (
        "service_name",
        "queue_name",
        "event_name",
        "method_name",
        "error_code",
        "status_code",
        "exit_code",
        "message_code",
        "refusal_code",
    )
)
_URL_PASSWORD = re.compile(r"(?<=://)([^/\s:@]*):[^/\s@]*@")
_ABOUT_THE_PROGRAM = (TypeError, AttributeError, NameError, ImportError, OSError, ConfigError)
_QUIET_LIBRARIES = ("amqp", "kombu", "pika", "nameko", "sqlalchemy", "urllib3")


def configure(service: str, process: str, level: str = "INFO") -> None:
    """Make every log line of this process JSON on standard error, those of libraries included.

    service, process: such as `ingest` and `worker`; they stand on each line.
    """

    def say_who(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
        return {**event, "service": service, "process": process}

    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="timestamp"),
        say_who,
        describe_exception,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[structlog.stdlib.PositionalArgumentsFormatter(), *shared],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            redact,
            structlog.processors.JSONRenderer(sort_keys=True, default=str),
        ],
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    for name in _QUIET_LIBRARIES:
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))
    # it warns of each message that comes back; whoever sent one that must not raises UnroutableError
    logging.getLogger("pika.adapters.blocking_connection").setLevel(logging.ERROR)


def log(name: str) -> structlog.stdlib.BoundLogger:
    """A logger; `name` is usually __name__. Say facts as keyword arguments: log.info("applied", file_id=...)."""
    logger: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(name)
    return logger


def bind(**facts: Any) -> None:
    """Put these facts (cause_id=..., request_id=...) on every further line of this thread or greenlet."""
    structlog.contextvars.bind_contextvars(**facts)


def unbind(*names: str) -> None:
    """Take facts said by `bind` off again."""
    structlog.contextvars.unbind_contextvars(*names)


def bound_facts() -> dict[str, Any]:
    """What `bind` has said so far, for handing it on with a message."""
    return structlog.contextvars.get_contextvars()


@contextmanager
def bound(**facts: Any) -> Iterator[None]:
    """As `bind`, for the length of a with-block."""
    with structlog.contextvars.bound_contextvars(**facts):
        yield


def redact(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """The structlog processor that takes out values whose keys look secret or personal, and passwords in URLs."""
    return {
        key: value if key == "event" and not isinstance(value, str) else _clean(key, value)
        for key, value in event.items()
    }


def _clean(key: str, value: Any) -> Any:
    if _is_telling(key):
        return REDACTED
    if isinstance(value, str):
        return _URL_PASSWORD.sub(rf"\1:{REDACTED}@", value)
    if isinstance(value, Mapping):
        return {str(k): _clean(str(k), v) for k, v in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_clean("", item) for item in value]
    return value


def _is_telling(key: str) -> bool:
    if key.casefold() in _HARMLESS_KEYS:
        return False
    words = re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", key).casefold()
    return any(word in _TELLING_WORDS for word in re.split(r"[^a-z0-9]+", words))


def describe_exception(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """Replace exc_info by the exception's type, its words where they can't hold data, and where it was raised."""
    exc_info = event.pop("exc_info", None)
    error = exc_info if isinstance(exc_info, BaseException) else None
    if isinstance(exc_info, tuple):
        error = exc_info[1]
    elif exc_info and error is None:
        error = sys.exc_info()[1]
    if error is None:
        return event
    event["exception"] = _words_of(error)
    event["raised_at"] = _frames_of(error)
    if error.__cause__ is not None:
        event["exception_cause"] = _words_of(error.__cause__)
    return event


def _words_of(error: BaseException) -> str:
    kind = f"{type(error).__module__}.{type(error).__qualname__}"
    database_error = getattr(error, "orig", error)
    sqlstate = getattr(database_error, "sqlstate", None)
    if sqlstate is None and not kind.startswith(("sqlalchemy.", "psycopg.")):
        return f"{kind}: {error}" if _is_about_the_program(error) else kind
    # PostgreSQL quotes the values that it could not take, and SQLAlchemy adds the statement's parameters.
    about = getattr(database_error, "diag", None)
    named = [
        getattr(about, part, None) for part in ("schema_name", "table_name", "column_name", "constraint_name")
    ]
    words = [kind, f"sqlstate={sqlstate}", *(name for name in named if name)]
    if sqlstate is None or not str(sqlstate).startswith(("22", "23")):
        words.append(str(database_error).splitlines()[0] if str(database_error) else "")
    return " ".join(words).strip()


def _is_about_the_program(error: BaseException) -> bool:
    """Whether an exception's words speak of code and network; those of a ValueError or KeyError quote data."""
    from_library = type(error).__module__.partition(".")[0] in ("amqp", "kombu", "pika", "nameko")
    return from_library or isinstance(error, _ABOUT_THE_PROGRAM)


def _frames_of(error: BaseException) -> list[str]:
    frames = []
    step = error.__traceback__
    while step is not None:
        code = step.tb_frame.f_code
        frames.append(f"{code.co_filename}:{step.tb_lineno} {code.co_name}")
        step = step.tb_next
    return frames[-25:]
