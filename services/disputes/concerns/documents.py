"""Concerns, breach notices and what belongs to them as documents."""

from __future__ import annotations

import datetime as dt
from typing import Any

from libs.common.care.clock import iso_text
from libs.common.rpc import Caller
from libs.common.seams.disputes.concerns import BreachNotice, Concern, ConcernFile, ConcernStep, NoticeAnswer
from services.disputes.concerns import rules

Row = dict[str, Any]


def concern_document(row: Row) -> Concern:
    """A concern as lists have it."""
    return {
        "concern_id": str(row["concern_id"]),
        "number": row["number"],
        "kind": row["kind"],
        "organisation_id": str(row["organisation_id"]),
        "client_reference": row["client_reference"],
        "cpli_id": row["cpli_id"],
        "visits": row["visits"],
        "source": row["source"],
        "about_kind": row["about_kind"],
        "about_id": row["about_id"],
        "happened_on": iso_text(row["happened_on"]),
        "received_on": row["received_on"].isoformat(),
        "state": row["state"],
        "referred_to": row["referred_to"],
        "ended_in": row["ended_in"],
        "version": row["version"],
        "raised_by": row["raised_by"],
        "raised_at": row["raised_at"].isoformat(),
        "changed_at": row["changed_at"].isoformat(),
        "is_open": rules.is_open(row["state"]),
    }


def notice_document(row: Row, caller: Caller, now: dt.datetime) -> BreachNotice:
    """A breach notice as lists have it; a provider learns nothing of the concern beyond it."""
    return {
        "notice_id": str(row["notice_id"]),
        "number": row["number"],
        "concern_id": str(row["concern_id"]) if caller["organisation"] is None else None,
        "organisation_id": str(row["organisation_id"]),
        "client_reference": row["client_reference"],
        "words": row["words"],
        "visits": row["visits"],
        "due_on": row["due_on"].isoformat(),
        "state": row["state"],
        "is_overdue": rules.is_overdue(row["state"], row["due_on"], now),
        "may_answer": caller["organisation"] is not None and rules.may_answer(row["state"]),
        "council_words": row["council_words"],
        "sent_by": row["sent_by"],
        "sent_at": row["sent_at"].isoformat(),
        "changed_at": row["changed_at"].isoformat(),
    }


def step_document(row: Row) -> ConcernStep:
    """A step of a concern's history."""
    return {
        "step_id": str(row["step_id"]),
        "move": row["move"],
        "state": row["state"],
        "words": row["words"],
        "done_by": row["done_by"],
        "done_at": row["done_at"].isoformat(),
    }


def file_document(row: Row) -> ConcernFile:
    """A file, without where it lies."""
    return {
        "concern_file_id": str(row["concern_file_id"]),
        "of_id": str(row["of_id"]),
        "name": row["name"],
        "content_type": row["content_type"],
        "size_bytes": row["size_bytes"],
        "added_by": row["added_by"],
        "added_at": row["added_at"].isoformat(),
    }


def answer_document(row: Row) -> NoticeAnswer:
    """An answer to a breach notice."""
    return {
        "answer_id": str(row["answer_id"]),
        "words": row["words"],
        "is_late": row["is_late"],
        "said_by": row["said_by"],
        "said_at": row["said_at"].isoformat(),
    }
