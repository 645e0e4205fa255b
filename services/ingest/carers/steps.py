"""Importing a provider's carers: visits may name only carers that were imported before (RULES 3)."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from libs.common.errors import Refused
from libs.common.files.objects import read_object
from libs.common.rpc import Caller
from libs.common.seams.ingest import carers as seams
from services.ingest import callers
from services.ingest.carers import store
from services.ingest.carers.rules import Carer, CheckedCarers, check_carers
from services.ingest.reference import store as reference_store
from services.ingest.rows.reading import FileRefused, RawFile, headings_again, read_carers_csv

CHANGES_SHOWN = 50
ERRORS_SHOWN = 500


def import_carers(session: Session, *, organisation: str, object_key: str) -> seams.ImportedCarers:
    """Add or rename the carers of a file: counts, the renamed ones, every reason of every rejected row. Raises Refused."""
    organisation_id, is_known = reference_store.organisation_named(session, organisation)
    raw, checked = read_carers(object_key)
    changes = list_renamed(checked, store.find_names(session, organisation_id, list(checked.accepted)))
    carers = [carer._asdict() for carer in checked.accepted.values()]
    new = store.save(session, organisation_id, carers)
    return {
        "counts": {"read": raw.count, "new": new, "rejected": count_rejected(checked)},
        "changes": changes,
        "errors": list_errors(checked),
        "organisation_known": is_known,
    }


def send_carers(
    session: Session, caller: Caller, *, organisation: str | None, object_key: str
) -> seams.ImportedCarers:
    """Import a carers file that a provider sends for itself, or the council for one. Raises Refused."""
    name = callers.sender_name(session, caller, organisation)
    return import_carers(session, organisation=name, object_key=object_key)


def check_carers_file(
    session: Session, caller: Caller, *, organisation: str | None, object_key: str
) -> seams.CheckedCarers:
    """What a carers file would do, and nothing done: counts, the first renamed carers, the first errors.

    Raises Refused for a file that can't be read, ``not_found`` and ``organisation_wanted``.
    """
    name = callers.sender_name(session, caller, organisation)
    organisation_id, _ = reference_store.organisation_named(session, name)
    raw, checked = read_carers(object_key)
    known = store.find_names(session, organisation_id, list(checked.accepted))
    changes = list_renamed(checked, known)
    return {
        "organisation": name,
        "counts": {
            "read": raw.count,
            "new": len(checked.accepted) - len(known),
            "changed": len(changes),
            "unchanged": len(known) - len(changes),
            "rejected": count_rejected(checked),
        },
        "changes": changes[:CHANGES_SHOWN],
        "errors": list_errors(checked)[:ERRORS_SHOWN],
    }


def import_checked_carers(
    session: Session, caller: Caller, *, organisation: str | None, object_key: str, seen: seams.SeenCounts
) -> seams.ImportedCarers:
    """Import a carers file whose check showed these counts. Raises Refused ``check_again`` when it shows others now."""
    check = check_carers_file(session, caller, organisation=organisation, object_key=object_key)
    counts = check["counts"]
    if (counts["new"], counts["changed"]) != (seen["new"], seen["changed"]):
        raise Refused("check_again", "The carers changed since the check: look at the new numbers.")
    return import_carers(session, organisation=check["organisation"], object_key=object_key)


def list_carers(
    session: Session, caller: Caller, *, organisation: str | None, after: str, limit: int
) -> list[seams.Carer]:
    """A provider's carers in the order of their refs. Raises Refused ``not_found`` and ``organisation_wanted``."""
    organisation_id = callers.organisation_asked(session, caller, organisation)
    if organisation_id is None:
        raise Refused("organisation_wanted", "Say whose carers: choose a provider.")
    return store.list_carers(session, organisation_id, after, limit)


def list_renamed(checked: CheckedCarers, known: Mapping[str, str]) -> list[seams.RenamedCarer]:
    """The carers to whom a file gives another name than the known one, by CarerRef (RULES 2)."""
    return [
        {"ref": ref, "before": known[ref], "after": full_name_of(carer)}
        for ref, carer in checked.accepted.items()
        if ref in known and known[ref] != full_name_of(carer)
    ]


def read_carers(object_key: str) -> tuple[RawFile, CheckedCarers]:
    """The rows of a carers file, and which are accepted. Raises Refused."""
    try:
        raw = read_carers_csv(read_object(object_key))
    except FileRefused as refusal:
        raise Refused(refusal.code, refusal.message) from refusal
    except FileNotFoundError:
        raise Refused("not_found", "This file is not kept any more: send it again.") from None
    checked = check_carers(raw.rows)
    checked.errors += headings_again(raw)
    return raw, checked


def list_errors(checked: CheckedCarers) -> list[seams.CarerError]:
    """Every reason of every rejected row."""
    return [
        {"row": e.row, "ref": e.ref, "column": e.column, "code": e.code, "message": e.message}
        for e in checked.errors
    ]


def count_rejected(checked: CheckedCarers) -> int:
    """How many rows are rejected."""
    return len({error.row for error in checked.errors})


def full_name_of(carer: Carer) -> str:
    """Forename and surname."""
    return " ".join(filter(None, (carer.forename, carer.surname)))
