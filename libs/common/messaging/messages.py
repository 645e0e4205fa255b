"""What services say to each other: the events, who hears them, and the form of their bodies.

A message is an envelope (AMQP properties and headers) and a JSON body. Bulk bodies are columns:
``{"columns": {"visit_ref": [...], "version": [...]}}``, all of one length, because a check column by
column takes 0.3 ms for 1,000 visits where a check row by row takes 70 ms.

A receiver ignores keys it doesn't know: new keys are additive. What would break a reader is said as
a new event beside the old one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain
from operator import itemgetter
from typing import Any

LANES = ("single", "bulk")
"""The lanes of an event, the one that overtakes first."""

HEARERS: dict[str, tuple[str, ...]] = {
    "visits_changed": ("matching",),
    "actuals_changed": ("matching",),
    "care_changed": ("ingest", "payments"),
    "care_import_wanted": ("matching",),
    "care_checked": ("matching",),
    "care_matched": ("payments",),
    "care_forecast": ("matching",),
    "rematch_wanted": ("matching",),
    "weeks_matched": ("payments",),
    "pay_rules_set": ("payments",),
    "pricing_wanted": ("payments",),
    "effect_wanted": ("payments",),
    "effect_part_wanted": ("payments",),
    "claim_accepted": ("payments",),
    "settle_wanted": ("payments",),
    "check_wanted": ("ingest",),
    "apply_wanted": ("ingest",),
    "actuals_check_wanted": ("ingest",),
    "actuals_apply_wanted": ("ingest",),
    "visits_checked": ("matching",),
    "weeks_forecast": ("payments",),
    "file_forecast": ("ingest",),
    "doubts_wanted": ("ingest", "matching"),
    "doubts_found": ("disputes",),
    "withdrawal_wanted": ("ingest",),
    "payment_rejected": ("disputes",),
    "review_approved": ("matching",),
}
"""Every event between services, and the services that hear it."""


class BadMessage(Exception):
    """A message that can never be handled, however often it is tried.

    ``code`` is one of ``not_json``, ``not_an_object``, ``schema``, ``content_type``, ``envelope``
    and ``unknown_event``; ``reason`` is a sentence without personal data.
    """

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(f"{code}: {reason}")
        self.code = code
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Message:
    """One event as its hearer sees it.

    ``message_id`` and ``cause_id`` are uuids as text; the cause is the file or change that began it
    all. ``lane`` is ``bulk`` or ``single``.
    """

    message_id: str
    event: str
    cause_id: str
    body: dict[str, Any]
    lane: str


Check = Callable[[dict[str, Any]], None]

checks: dict[str, Check] = {}
"""For each event the check of its body; it raises `BadMessage` with code ``schema``."""


def also_check(event: str, check: Check) -> None:
    """Adds a deeper check of ``event``, made after the checks it has already."""
    before = checks.get(event)
    if before is None:
        checks[event] = check
        return
    first = before

    def both(body: dict[str, Any]) -> None:
        first(body)
        check(body)

    checks[event] = both


def encode(body: Mapping[str, Any]) -> bytes:
    """JSON in UTF-8. Raises TypeError or ValueError for what JSON can't say (dates, NaN)."""
    return encode_text(body).encode()


def encode_text(body: Mapping[str, Any]) -> str:
    """The same as text, as the outbox keeps it."""
    return json.dumps(body, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def decode(event: str, raw: bytes) -> dict[str, Any]:
    """The checked body of an event. Raises `BadMessage`."""
    try:
        body = json.loads(raw.decode(), parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise BadMessage("not_json", f"{event}: the body is not JSON in UTF-8") from error
    if not isinstance(body, dict):
        raise BadMessage("not_an_object", f"{event}: the body is a JSON {type(body).__name__}, not an object")
    check_body(event, body)
    return body


def check_body(event: str, body: dict[str, Any]) -> None:
    """Raises `BadMessage` if the body doesn't fit its event."""
    check = checks.get(event)
    if check is None:
        raise BadMessage("unknown_event", f"nobody knows an event {event!r}")
    check(body)


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


# Types of values: a Python type, or its name, with "?" where null is allowed.
Kind = type | str

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_PYTHON_TYPES: dict[str, type] = {
    "str": str, "int": int, "float": float, "bool": bool, "list": list, "dict": dict, "date": str, "uuid": str,
}  # fmt: skip


def _parts_of(kind: Kind) -> tuple[str, frozenset[type]]:
    """The kind's name without "?", and the Python types its values may have."""
    name = kind if isinstance(kind, str) else kind.__name__
    bare = name.removesuffix("?")
    types = {_PYTHON_TYPES[bare]}
    if bare == "float":
        types.add(int)
    if bare != name:
        types.add(type(None))
    return bare, frozenset(types)


def check_columns(body: Mapping[str, Any], key: str, kinds: Mapping[str, Kind]) -> None:
    """Checks that ``body[key]`` holds all the columns, of one length, each of its kind.

    A kind is a Python type or one of ``str``, ``int``, ``float``, ``bool``, ``date``, ``uuid``,
    ``list``, ``dict`` as text, followed by "?" where null is allowed. Dates are ``YYYY-MM-DD``,
    uuids lower-case. Columns not named are ignored. Raises `BadMessage`.
    """
    columns = body.get(key)
    if not isinstance(columns, dict):
        raise BadMessage("schema", f"{key} is not an object of columns")
    length: int | None = None
    for name, kind in kinds.items():
        column = columns.get(name)
        if not isinstance(column, list):
            raise BadMessage("schema", f"{key}.{name} is missing or not a list")
        if length is None:
            length = len(column)
        elif len(column) != length:
            raise BadMessage("schema", f"{key}.{name} has {len(column)} values where others have {length}")
        _check_column(f"{key}.{name}", column, kind)


def _check_column(name: str, column: list[Any], kind: Kind) -> None:
    bare, types = _parts_of(kind)
    strange = set(map(type, column)) - types  # one pass in C for the whole column
    if strange:
        raise BadMessage(
            "schema", f"{name} has values of type {min(t.__name__ for t in strange)}, not {kind}"
        )
    if bare == "date":
        # A column of a thousand planned dates has a handful of different ones.
        for text in set(column) - {None}:
            _check_date(name, text)
    elif bare == "uuid":
        for text in set(column) - {None}:
            if not _UUID.fullmatch(text):
                raise BadMessage("schema", f"{name} has a value that is not a uuid")


def _check_date(name: str, text: str) -> None:
    try:
        if len(text) == 10 and text[7] == "-" and date.fromisoformat(text):  # 2026-W10-1 has ten letters too
            return
    except ValueError:
        pass
    raise BadMessage("schema", f"{name} has a value that is not a date (YYYY-MM-DD)")


def check_keys(body: Mapping[str, Any], kinds: Mapping[str, Kind]) -> None:
    """Checks the named keys of an object: there (unless the kind ends in "?") and of their kind."""
    for name, kind in kinds.items():
        _check_column(name, [body.get(name)], kind)


def check_objects(name: str, rows: Sequence[Any], kinds: Mapping[str, Kind]) -> None:
    """Checks that each of these is an object with these keys, none left out: key by key, each over all at once."""
    if set(map(type, rows)) - {dict}:
        raise BadMessage("schema", f"{name} has values that are not objects")
    try:
        facts = list(map(itemgetter(*kinds), rows))
    except KeyError as error:
        raise BadMessage("schema", f"{name} has an object without {error}") from error
    check_rows(name, facts, kinds)


def check_rows(name: str, rows: Sequence[Sequence[Any]], kinds: Mapping[str, Kind]) -> None:
    """Checks that each of these is a list of these parts in their order: part by part, each over all at once."""
    if not all(issubclass(kind, list | tuple) for kind in set(map(type, rows))):
        raise BadMessage("schema", f"{name} has values that are not lists")
    if set(map(len, rows)) - {len(kinds)}:
        raise BadMessage("schema", f"{name} has values that are not of {len(kinds)} parts")
    parts = list(chain.from_iterable(rows))
    for number, (part, kind) in enumerate(kinds.items()):
        _check_column(f"{name}.{part}", parts[number :: len(kinds)], kind)


def check_one_of(body: Mapping[str, Any], key: str, allowed: tuple[str, ...]) -> None:
    """Checks that a key has one of the allowed values."""
    if body.get(key) not in allowed:
        raise BadMessage("schema", f"{key} is not one of {', '.join(allowed)}")
