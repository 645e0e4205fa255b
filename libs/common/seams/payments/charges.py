"""What clients are charged, and what is asked about it: for the council alone (RULES 7). Pounds are text."""

from __future__ import annotations

from typing import TypedDict


class ChargedClientLine(TypedDict):
    """A client with charges in a period: how many weeks, and what they come to."""

    client_id: str
    client: str
    weeks: int
    charge: str
    corrections: str
    total: str


class ChargeMessage(TypedDict):
    """A query of a client's charges, or an answer to one; ``monday`` of the week that it is about, if of one."""

    message_id: str
    query_id: str
    kind: str
    monday: str | None
    asked_by: str
    words: str
    said_by: str
    said_at: str


class ChargedClient(TypedDict):
    """A client with charges, the newest week with one, and what was asked."""

    client_id: str
    client: str
    newest_week: str
    messages: list[ChargeMessage]


class StatementWeek(TypedDict):
    """A week of a client's statement; ``assessed`` is None for full cost, ``cost`` None without care."""

    monday: str
    cost: str | None
    assessed: str | None
    collected_by: str
    charge: str
    corrections: str
    total: str
    reasons: list[str]


class UnansweredQuery(TypedDict):
    """A query that nobody has answered yet."""

    query_id: str
    client_id: str
    monday: str | None
    asked_by: str
    words: str
    said_by: str
    said_at: str
    client: str | None
