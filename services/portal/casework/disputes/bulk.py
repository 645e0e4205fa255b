"""Many disputes are resolved at once, with the same words (RULES 9, 20)."""

from __future__ import annotations

import uuid
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Final

from flask import url_for
from wtforms import TextAreaField
from wtforms.validators import Length

from libs.common.casework.cases import DISPUTE, LONGEST_WORDS, OPEN, STATES
from libs.common.errors import Refused
from libs.common.rights import names as rights
from libs.common.seams.disputes.cases import ListedCase
from services.portal.bulk.acts import Act, Doing, Filters, Words, address_with
from services.portal.bulk.rules import MOST_ROWS, FoundRow
from services.portal.casework.cases.letters import tell_providers
from services.portal.casework.cases.words import WORDS
from services.portal.casework.disputes.views import find_identifiers
from services.portal.web.access import caller
from services.portal.web.calls import disputes, gateway, matching, payments
from services.portal.web.forms.text import TextForm
from services.portal.web.names.organisations import id_of, names_by_id

BOX: Final = "case"
A_CALL: Final = 200
VISITS_A_CALL: Final = 500
NOT_YET: Final = "It is {state}: it is resolved once it is answered, or its time is over."
SEVERAL: Final = "The council has resolved several disputes."


class ResolveManyForm(TextForm):
    """What is said in each of them."""

    words = TextAreaField(
        "Your message to each provider (optional)",
        [Length(max=LONGEST_WORDS, message=f"Use {LONGEST_WORDS:,} characters or fewer")],
    )


def _find(keys: Sequence[str]) -> list[FoundRow]:
    ids = [_id_of(key) for key in keys]
    rows: dict[str, ListedCase] = {}
    for first in range(0, len(ids), A_CALL):
        some = ids[first : first + A_CALL]
        found = disputes().cases(kind=DISPUTE, states=STATES[DISPUTE], case_ids=some, limit=A_CALL)
        rows |= {row["case_id"]: row for row in found}
    listed = [rows[one] for one in ids if one in rows]
    names, pays = names_by_id(gateway(), {row["organisation_id"] for row in listed}), _what_visits_pay(listed)
    return [
        FoundRow(
            key=row["case_id"],
            about=f"Dispute {row['number']}, client {row['client_reference']}: {row['subject']}",
            organisation=names.get(row["organisation_id"], ""),
            amount=pays.get(row["case_id"]),
            seen=row["changed_at"],
            why_not="" if "resolve" in row["allowed"] else NOT_YET.format(state=row["state"].lower()),
        )
        for row in listed
    ]


def _what_visits_pay(rows: Sequence[ListedCase]) -> dict[str, Decimal]:
    """By dispute the pounds of its visits now; one about a week, or without days, is left out."""
    ids = {row["case_id"] for row in rows if not row["facts"].get("monday")}
    days = [day for row in rows for day in (row["first_on"], row["last_on"]) if day and row["case_id"] in ids]
    if not days:
        return {}
    of_visits: dict[tuple[str, str], list[str]] = defaultdict(list)
    found: dict[str, Decimal] = {}
    for one in disputes().open_disputes(first=min(days), last=max(days)):
        if one["case_id"] in ids and one["visits"]:
            found[one["case_id"]] = Decimal(0)
            for ref in one["visits"]:
                of_visits[one["organisation_id"], ref].append(one["case_id"])
    refs = [*of_visits]
    for first in range(0, len(refs), VISITS_A_CALL):
        matched = matching().matched_weeks(refs=refs[first : first + VISITS_A_CALL])
        for paid in payments().visit_payments(visits=matched) if matched else ():
            for case_id in of_visits[paid.organisation_id, paid.visit_ref]:
                found[case_id] += Decimal(paid.payment["amount"])
    return found


def _all_keys(filters: Filters) -> list[str]:
    own = caller()["organisation"] is not None
    states = [one for one in filters.get("status", "").split("|") if one in STATES[DISPUTE]]
    keys: list[str] = []
    after: tuple[str, str] | None = None
    while len(keys) <= MOST_ROWS:
        found = disputes().cases(
            kind=DISPUTE,
            states=states or OPEN[DISPUTE],
            organisation_id=None if own else id_of(gateway(), caller(), filters.get("organisation") or None),
            clients=find_identifiers(filters.get("client") or None),
            first_on=filters.get("first") or None,
            last_on=filters.get("last") or None,
            is_overdue=bool(filters.get("overdue")),
            after=after,
            limit=A_CALL,
        )
        keys += [row["case_id"] for row in found if "resolve" in row["allowed"]]
        if len(found) < A_CALL:
            break
        after = (found[-1]["opened_at"], found[-1]["case_id"])
    return keys


def _list_address(filters: Filters) -> str:
    names = ("organisation", "client", "first", "last", "overdue")
    states = [one for one in filters.get("status", "").split("|") if one]
    return address_with("disputes.disputes", filters, *names, status=states)


def _resolve(doing: Doing) -> Mapping[str, str]:
    ids = [row.key for row in doing.rows]
    words = doing.facts["words"].strip()
    done = disputes().resolve_disputes(case_ids=ids, message_id=doing.bulk_id, words=words)
    _tell_providers(done["resolved"], doing.bulk_id)
    return dict.fromkeys(done["left"], "It was neither answered nor overdue any more, or is over.")


def _tell_providers(organisation_ids: Iterable[str], bulk_id: uuid.UUID) -> None:
    """One letter to each provider; the ids are those of one dispute each."""
    for organisation_id, number in Counter(organisation_ids).items():
        told = WORDS[DISPUTE].letters["resolve"] if number == 1 else SEVERAL
        tell_providers(DISPUTE, [organisation_id], told, url_for("disputes.disputes"), about=bulk_id)


def _id_of(key: str) -> str:
    try:
        return str(uuid.UUID(key))
    except ValueError:
        raise Refused("not_found", "One of the chosen rows is no dispute.") from None


ACT = Act(
    name="resolve_disputes",
    needs=rights.SETTLE_CASEWORK,
    reads=rights.READ_CASEWORK,
    words=Words(
        title="Resolve disputes",
        button="Resolve the chosen disputes",
        verb="Resolve",
        one="dispute",
        many="disputes",
        done="resolved",
        money="What the visits in dispute pay now, which stays as it is",
        warning="Each provider is told once.",
    ),
    box=BOX,
    form=lambda _, **given: ResolveManyForm(**given),
    find=_find,
    all_keys=_all_keys,
    list_address=_list_address,
    do=_resolve,
)
