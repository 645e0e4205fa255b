"""Concerns about providers, breach notices, and what they come to (RULES 16)."""

from __future__ import annotations

from typing import TypedDict


class ConcernFigures(TypedDict):
    """How many there were in a span. None: whoever asks does not see them, which is not nought."""

    concerns: int | None
    breach_notices: int | None


class RaisedConcern(TypedDict):
    """What whoever raised a concern is told: its number, and nothing else of it."""

    concern_id: str
    number: int


class Concern(TypedDict):
    """A concern as lists have it. ``version``: grows with each step; a move names the one that was seen.

    source: who raised it. about_kind, about_id: from what else it was raised, or nothing. happened_on: the day of what
    it is about, where one is known; received_on: the council's day on which it was written down.
    """

    concern_id: str
    number: int
    kind: str
    organisation_id: str
    client_reference: str
    cpli_id: int | None
    visits: list[str]
    source: str
    about_kind: str
    about_id: str
    happened_on: str | None
    received_on: str
    state: str
    referred_to: str
    ended_in: str
    version: int
    raised_by: str
    raised_at: str
    changed_at: str
    is_open: bool


class ConcernStep(TypedDict):
    """What somebody did: a move, or nothing for a note alone, with the state after it."""

    step_id: str
    move: str
    state: str
    words: str
    done_by: str
    done_at: str


class ConcernFile(TypedDict):
    """Evidence that came with a step, or a file that came with a provider's answer (``of_id``)."""

    concern_file_id: str
    of_id: str
    name: str
    content_type: str
    size_bytes: int
    added_by: str
    added_at: str


class NoticeVisit(TypedDict):
    """A visit of a breach notice as it was when the notice was sent; dates as days, times as written, or nothing."""

    visit_ref: str
    planned_on: str
    planned_entry: str
    planned_exit: str
    delivered_on: str
    delivered_entry: str
    delivered_exit: str


class NoticeAnswer(TypedDict):
    """What the provider answered; ``is_late``: after the deadline's day."""

    answer_id: str
    words: str
    is_late: bool
    said_by: str
    said_at: str


class BreachNotice(TypedDict):
    """A breach notice as lists have it. ``concern_id`` is for commissioning staff alone.

    due_on: the last day to answer. is_overdue: that day is over and there is no answer. council_words: what the council
    said of the answer when it went on, to the provider.
    """

    notice_id: str
    number: int
    concern_id: str | None
    organisation_id: str
    client_reference: str
    words: str
    visits: list[NoticeVisit]
    due_on: str
    state: str
    is_overdue: bool
    may_answer: bool
    council_words: str
    sent_by: str
    sent_at: str
    changed_at: str


class AnsweredNotice(BreachNotice):
    """A breach notice with its answers and their files."""

    answers: list[NoticeAnswer]
    files: list[ConcernFile]


class ConcernWithSteps(Concern):
    """A concern with its history, its evidence, its breach notices, and the moves that can be made now."""

    steps: list[ConcernStep]
    files: list[ConcernFile]
    notices: list[AnsweredNotice]
    allowed: list[str]


class MovedConcern(TypedDict):
    """How a concern stands after a step."""

    concern_id: str
    number: int
    state: str
    version: int
    notice_id: str | None


class NoticeStanding(TypedDict):
    """How a breach notice stands after an answer."""

    notice_id: str
    number: int
    state: str
    is_late: bool


class ConcernKind(TypedDict):
    """A kind of concern; a retired one is offered no more, and stays with the concerns that have it."""

    name: str
    is_retired: bool
    added_by: str
    added_at: str
    retired_by: str | None
    retired_at: str | None


class ConcernGroup(TypedDict):
    """A group of providers by name."""

    group_id: str
    name: str
    organisation_ids: list[str]
    changed_by: str
    changed_at: str


class Trend(TypedDict):
    """How many concerns of a kind a provider had in a month (its first day), and breach notices that came of such."""

    month: str
    organisation_id: str
    kind: str
    concerns: int
    breach_notices: int


class StoredConcernFile(TypedDict):
    """Where a file lies."""

    name: str
    content_type: str
    size_bytes: int
    sha256: str
    object_key: str
