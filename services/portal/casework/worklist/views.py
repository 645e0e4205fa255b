"""Doubts as the council's faces show, raise and dismiss them (RULES 9)."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from libs.common.rpc import Caller
from services.portal.casework.cases import views as cases_views
from services.portal.casework.worklist.words import evidence_in_words
from services.portal.clients.gateway import Gateway
from services.portal.web import access
from services.portal.web.client_names import client_names
from services.portal.web.organisations import names_by_id

REFS_A_CALL = 1_000

Row = dict[str, Any]


def shown(gateway: Gateway, caller: Caller, doubts: list[Row]) -> list[Row]:
    """Doubts with the client's name (``client``), the provider's (``organisation``) and ``seen_by``, in words."""
    names = client_names(gateway, caller, (row["client_reference"] for row in doubts))
    by_id = names_by_id(gateway, (row["organisation_id"] for row in doubts))
    for row in doubts:
        row["client"] = names.get(row["client_reference"], "")
        row["organisation"] = by_id.get(row["organisation_id"], "")
        row["seen_by"] = evidence_in_words(row)
    return doubts


def raise_doubts(
    gateway: Gateway, caller: Caller, doubts: Sequence[Row], words: Mapping[str, str], *, seed: uuid.UUID
) -> Row:
    """Have these doubts raised, with what their visits say now, and tell their providers.

    seed: the form's id; sent twice it raises once. Answers {"done": how many doubts, "left": those that can't be raised
    any more, {"doubt_id", "code", "message"}, "disputes": {"case_id", "organisation_id", "reason"}}.
    Raises Refused ``not_found``.
    """
    refs = sorted({(row["organisation_id"], ref) for row in doubts for ref in row["visits"]})
    saying = []
    for first in range(0, len(refs), REFS_A_CALL):
        asked = [list(ref) for ref in refs[first : first + REFS_A_CALL]]
        saying += gateway.ask("ingest", "visits_of_refs", caller, refs=asked)
    visits = [
        {
            "organisation_id": one["organisation_id"],
            "visit_ref": one["ref"],
            **{name: one[name] for name in ("version", "deleted", "values")},
        }
        for one in saying
    ]
    ids = [row["doubt_id"] for row in doubts]
    said = {"seed": str(seed), "doubt_ids": ids, "words": dict(words), "visits": visits}
    done: Row = gateway.ask("disputes", "raise_doubts", caller, **said)
    cases_views.tell_of_raised(access.the_parts(), done["disputes"])
    return done


def ids_in(texts: Iterable[str], most: int) -> list[str]:
    """The ids among these texts, each once; what is no id is left out."""
    found: dict[str, None] = {}
    for text in texts:
        try:
            found[str(uuid.UUID(text))] = None
        except ValueError:
            continue
    return list(found)[:most]
