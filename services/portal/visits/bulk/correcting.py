"""Many visits are corrected at once: as a visits file of their own, which is checked and confirmed as any (RULES 4, 20).

So what the correction brings in money, and how the visits will match, is shown by the check before anything changes.
"""

from __future__ import annotations

import io
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from flask import url_for
from wtforms import SelectField, StringField
from wtforms.validators import Length

from libs.common.errors import Refused
from libs.common.files.visit_headings import HEADINGS
from libs.common.rights import names as rights
from services.portal.bulk.acts import Act, Doing, Words
from services.portal.bulk.rules import FoundRow
from services.portal.visits.bulk import choosing
from services.portal.visits.bulk.rules import CELLS, mended
from services.portal.visits.corrections.rows import corrected_file
from services.portal.visits.files import jobs
from services.portal.web.access import caller
from services.portal.web.calls import gateway, ingest, matching
from services.portal.web.forms.text import TextForm
from services.portal.web.words import VISIT_TYPES

FILE_NAME = "corrected visits.csv"
OF_ANOTHER = "It is another provider’s: correct the visits of one provider at a time."
CHANGED = "It was changed after you had looked at it."
LEAVE = "Leave as it is"


class CorrectManyForm(TextForm):
    """What all of these visits are given; what is left empty stays as each has it."""

    client = StringField(
        "Client (optional)",
        [Length(max=50, message="Client must be 50 characters or fewer")],
        description="By name or reference. Leave it empty to leave each visit’s client as it is.",
    )
    service = SelectField("Service", validate_choice=False)
    service_level = SelectField("Service level", validate_choice=False)
    visit_type = SelectField("Visit type", validate_choice=False)
    carer = StringField(
        "Carer reference (optional)",
        [Length(max=50, message="Carer reference must be 50 characters or fewer")],
        description="Leave it empty to leave each visit’s carer as it is.",
    )


def _form(whose: Sequence[str], **given: Any) -> CorrectManyForm:
    form = CorrectManyForm(**given)
    own = caller()["organisation"] is not None
    lists = ingest().visit_choices(organisation=None if own else next(iter(whose), None))
    form.service.choices = _or_leave([(name, name) for name in lists["services"]])
    form.service_level.choices = _or_leave([(name, name) for name in lists["service_levels"]])
    form.visit_type.choices = _or_leave(
        [
            (one["ref"], f"{VISIT_TYPES.get(one['ref'], one['ref'])} ({one['ref']})")
            for one in lists["visit_types"]
        ]
    )
    return form


def _judge(form: TextForm) -> None:
    """Something must be chosen; a client who is named must be one. Raises Refused with its field."""
    if not any(form[name].data for name in CELLS):
        raise Refused("invalid", "Choose what is to be corrected", {"field": "client"})
    if form["client"].data:
        form["client"].data = reference_of_client(form["client"].data)


def reference_of_client(written: str, field: str = "client") -> str:
    """The reference of the one client who is meant. Raises Refused ``invalid`` in the field."""
    found = matching().pick_clients(written=written)
    if found["is_known"]:
        return written
    if len(found["clients"]) != 1:
        why = (
            "Several clients may be meant: enter a reference"
            if found["clients"]
            else "No client is called so"
        )
        raise Refused("invalid", why, {"field": field})
    return found["clients"][0]["reference"]


def _find(keys: Sequence[str]) -> list[FoundRow]:
    rows = choosing.rows_of(choosing.find_visits(keys), with_worth=True)
    first = next((row.organisation for row in rows if not row.why_not), "")
    return [
        row if row.why_not or row.organisation == first else row._replace(why_not=OF_ANOTHER) for row in rows
    ]


def _send(doing: Doing) -> Mapping[str, str]:
    """Have a file of these visits, corrected, checked: sent twice it is one."""
    seen = {row.key: row.seen for row in doing.rows}
    visits = {choosing.key_of(one): one for one in choosing.find_visits([*seen])}
    as_seen = {
        key: one for key, one in visits.items() if str(one["version"]) == seen[key] and not one["deleted"]
    }
    if as_seen:
        content = corrected_file(
            {**dict.fromkeys(HEADINGS, ""), **mended(one["values"], doing.facts), "VisitRef": one["ref"]}
            for one in as_seen.values()
        )
        own = caller()["organisation"] is not None
        jobs.send_visits_file(
            gateway(),
            caller(),
            io.BytesIO(content),
            file_id=file_id_of(doing.bulk_id),
            file_name=FILE_NAME,
            organisation=None if own else next(iter(as_seen.values()))["organisation"],
        )
    return {key: CHANGED for key in seen if key not in as_seen}


def file_id_of(bulk_id: uuid.UUID) -> uuid.UUID:
    """Of the file that a bulk action sends."""
    return uuid.uuid5(bulk_id, "visits file")


def _or_leave(choices: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [("", LEAVE), *choices]


ACT = Act(
    name="correct_visits",
    needs=rights.SEND_VISITS,
    reads=rights.READ_VISITS,
    words=Words(
        title="Correct visits",
        button="Correct the chosen visits",
        verb="Check the correction of",
        one="visit",
        many="visits",
        done="put into a file that is checked now: nothing is corrected before you update the system from it",
        money="What they pay, or would pay with a match, about",
        warning="The corrected visits are checked as a file first: it says what they will pay and how they will match,"
        " and you confirm it there.",
    ),
    box=choosing.BOX,
    is_of_providers=True,
    form=_form,
    find=_find,
    all_keys=choosing.all_keys,
    list_address=choosing.list_address,
    do=_send,
    portion=1_000,
    judge=_judge,
    leads_to=lambda bulk_id: url_for("visits_files.one", file_id=file_id_of(bulk_id)),
)
