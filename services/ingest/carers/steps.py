"""Importing a provider's carers: visits may name only carers that were imported before (RULES 3)."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from libs.common.errors import Refused
from libs.common.files.objects import read_object
from libs.common.rpc import Caller
from services.ingest import callers as ingest_callers
from services.ingest.carers import store
from services.ingest.carers.rules import Carer, CheckedCarers, check_carers
from services.ingest.reference import store as reference_store
from services.ingest.rows.reading import FileRefused, RawFile, headings_again, read_carers_csv

CHANGES_SHOWN = 50
ERRORS_SHOWN = 500

Document = dict[str, Any]


def import_carers(session: Session, *, organisation: str, object_key: str) -> Document:
    """Add or rename the carers of a file: counts, the renamed ones, every reason of every rejected row. Raises Refused."""
    organisation_id, is_known = reference_store.organisation_named(session, organisation)
    raw, checked = read(object_key)
    changes = renamed(checked, store.names(session, organisation_id, list(checked.accepted)))
    carers = [carer._asdict() for carer in checked.accepted.values()]
    new = store.save(session, organisation_id, carers)
    counts = {"read": raw.count, "new": new, "rejected": rejected(checked)}
    errors = errors_of(checked)
    return {"counts": counts, "changes": changes, "errors": errors, "organisation_known": is_known}


def check(session: Session, *, organisation: str, object_key: str) -> Document:
    """What a carers file would do, and nothing done: counts, the first renamed carers, the first errors.

    Raises Refused for a file that can't be read.
    """
    organisation_id, _ = reference_store.organisation_named(session, organisation)
    raw, checked = read(object_key)
    known = store.names(session, organisation_id, list(checked.accepted))
    changes = renamed(checked, known)
    counts = {
        "read": raw.count,
        "new": len(checked.accepted) - len(known),
        "changed": len(changes),
        "unchanged": len(known) - len(changes),
        "rejected": rejected(checked),
    }
    return {
        "organisation": organisation,
        "counts": counts,
        "changes": changes[:CHANGES_SHOWN],
        "errors": errors_of(checked)[:ERRORS_SHOWN],
    }


def renamed(checked: CheckedCarers, known: Mapping[str, str]) -> list[dict[str, str]]:
    """The carers to whom a file gives another name than the known one, by CarerRef (RULES 2)."""
    return [
        {"ref": ref, "before": known[ref], "after": name_of(carer)}
        for ref, carer in checked.accepted.items()
        if ref in known and known[ref] != name_of(carer)
    ]


def import_checked(session: Session, *, seen: dict[str, int], **file: str) -> Document:
    """Import a carers file whose check showed these counts. Raises Refused ``check_again`` when it shows others now."""
    counts = check(session, **file)["counts"]
    if any(counts[name] != number for name, number in seen.items()):
        raise Refused("check_again", "The carers changed since the check: look at the new numbers.")
    return import_carers(session, **file)


def page(
    session: Session, caller: Caller, *, organisation: str | None, after: str, limit: int
) -> list[dict[str, str]]:
    """A provider's carers in the order of their refs. Raises Refused ``not_found`` and ``organisation_wanted``."""
    organisation_id: uuid.UUID | None = ingest_callers.organisation_asked(session, caller, organisation)
    if organisation_id is None:
        raise Refused("organisation_wanted", "Say whose carers: choose a provider.")
    return store.page(session, organisation_id, after, limit)


def read(object_key: str) -> tuple[RawFile, CheckedCarers]:
    """The rows of a carers file, and which are accepted. Raises Refused."""
    try:
        raw = read_carers_csv(read_object(object_key))
    except FileRefused as refusal:
        raise Refused(refusal.code, refusal.message) from refusal
    checked = check_carers(raw.rows)
    checked.errors += headings_again(raw)
    return raw, checked


def errors_of(checked: CheckedCarers) -> list[Document]:
    """Every reason of every rejected row."""
    return [
        {"row": e.row, "ref": e.ref, "column": e.column, "code": e.code, "message": e.message}
        for e in checked.errors
    ]


def rejected(checked: CheckedCarers) -> int:
    """How many rows are rejected."""
    return len({error.row for error in checked.errors})


def name_of(carer: Carer | Sequence[str]) -> str:
    """Forename and surname."""
    return " ".join(filter(None, carer[1:]))
