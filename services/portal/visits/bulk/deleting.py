"""Many visits are deleted at once, with one reason (RULES 4, 20)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from libs.common.rights import names as rights
from services.portal.bulk.acts import Act, Doing, Words
from services.portal.bulk.rules import FoundRow
from services.portal.visits.bulk import choosing
from services.portal.visits.forms import ReasonForm, reason_kept
from services.portal.web.access import caller
from services.portal.web.calls import ingest


def _form(_: Sequence[str], **given: Any) -> ReasonForm:
    form = ReasonForm(**given).for_side(is_council=caller()["organisation"] is None)
    form.reason.label.text = "Why are the visits deleted?"
    form.words.description = "Needed for another reason than these"
    return form


def _find(keys: Sequence[str]) -> list[FoundRow]:
    return choosing.rows_of(choosing.find_visits(keys), with_worth=False)


def _delete(doing: Doing) -> Mapping[str, str]:
    reason = reason_kept(doing.facts["reason"], doing.facts["words"])
    done = ingest().delete_visits(visits=choosing.seen_visits(doing.rows), reason=reason)
    return {f"{one['organisation_id']}/{one['visit_ref']}": one["message"] for one in done["left"]}


ACT = Act(
    name="delete_visits",
    needs=rights.SEND_VISITS,
    reads=rights.READ_VISITS,
    words=Words(
        title="Delete visits",
        button="Delete the chosen visits",
        verb="Delete",
        one="visit",
        many="visits",
        done="deleted",
        money="What they pay now, which is taken back",
        warning="Their history is kept, and what they paid is taken back.",
    ),
    box=choosing.BOX,
    is_of_providers=True,
    form=_form,
    find=_find,
    all_keys=choosing.all_keys,
    list_address=choosing.list_address,
    do=_delete,
    portion=250,
)
