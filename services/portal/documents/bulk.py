"""Many contract documents are agreed to at once: by a provider with its password, or for it by the council (RULES 11, 20)."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Final

from libs.common.errors import Refused
from libs.common.files.values import parse_date
from libs.common.rights import names as rights
from libs.common.seams.matching.documents import ContractDocument
from services.portal.accounts import steps as accounts_steps
from services.portal.bulk.acts import Act, Doing, Filters, Words, address_with
from services.portal.bulk.rules import MOST_ROWS, FoundRow
from services.portal.documents.forms import WRONG_PASSWORD, AgreeForm
from services.portal.documents.views import reference_of, title_of
from services.portal.documents.words import STATES
from services.portal.web import access
from services.portal.web.calls import matching
from services.portal.web.formats import day
from services.portal.web.forms.text import TextForm

BOX: Final = "document"
A_CALL: Final = 500
ANSWERED: Final = "It is {state} already."


class PressToAgreeForm(TextForm):
    """A button."""

    comes_back = False


def _find(keys: Sequence[str]) -> list[FoundRow]:
    ids = [_id_of(key) for key in keys]
    found = matching().contract_documents(
        organisation=None, document_ids=ids, after=None, limit=max(len(ids), 1)
    )
    rows = {one["document_id"]: one for one in found}
    return [_row(rows[one]) for one in ids if one in rows]


def _row(found: ContractDocument) -> FoundRow:
    dates = f"{day(found['start_on'])} to {day(found['end_on']) or 'no end date'}"
    amounts = found["amounts"]
    is_open = found["status"] == "published"
    return FoundRow(
        key=found["document_id"],
        about=f"{title_of(found)}, {reference_of(found)}, line item {found['cpli_id']}, {dates}",
        organisation=found["organisation"],
        amount=Decimal(amounts[-1]["cost"]) if amounts else None,
        seen=found["updated_at"],
        why_not="" if is_open else ANSWERED.format(state=STATES[found["status"]][0].lower()),
    )


def _all_keys(filters: Filters) -> list[str]:
    since = parse_date(filters.get("updated_since", ""))
    keys: list[str] = []
    after: int | None = None
    while len(keys) <= MOST_ROWS:
        found = matching().contract_documents(
            organisation=filters.get("organisation") or None,
            service_name=filters.get("service") or None,
            client=filters.get("client") or None,
            status="published",
            updated_since=since.isoformat() if since else None,
            after=after,
            limit=A_CALL,
        )
        keys += [one["document_id"] for one in found]
        if len(found) < A_CALL:
            break
        after = found[-1]["number"]
    return keys


def _list_address(filters: Filters) -> str:
    names = ("organisation", "service", "client", "status", "updated_since")
    return address_with("contract_documents.documents", filters, *names)


def _agree(move: str) -> Callable[[Doing], Mapping[str, str]]:
    def agree(doing: Doing) -> Mapping[str, str]:
        ids = [row.key for row in doing.rows]
        done = matching().agree_to_contract_documents(document_ids=ids, move=move)
        return {one["document_id"]: one["message"] for one in done["left"]}

    return agree


def _judge(form: TextForm) -> None:
    """The password stands for a signature. Raises Refused, in its field, when it is wrong."""
    accounts_steps.judge_password(access.the_parts(), access.who(), form["present"].data, WRONG_PASSWORD)


def _id_of(key: str) -> str:
    try:
        return str(uuid.UUID(key))
    except ValueError:
        raise Refused("not_found", "One of the chosen rows is no contract document.") from None


def _words(title: str, button: str, warning: str) -> Words:
    return Words(
        title=title,
        button=button,
        verb="Agree to",
        one="contract document",
        many="contract documents",
        done="agreed",
        money="What their care costs, as often as each says",
        warning=warning,
    )


AGREEING = Act(
    name="agree_documents",
    needs=rights.ANSWER_DOCUMENTS,
    reads=rights.READ_DOCUMENTS,
    words=_words(
        "Agree to contract documents",
        "Agree to the chosen documents",
        "By entering your password and pressing the button you agree to each of these documents. This is contractually"
        " binding: read each before you agree to it.",
    ),
    box=BOX,
    form=lambda _, **given: AgreeForm(**given),
    find=_find,
    all_keys=_all_keys,
    list_address=_list_address,
    do=_agree("agree"),
    judge=_judge,
    is_of_api=False,
)
AGREEING_MANUALLY = replace(
    AGREEING,
    name="agree_documents_manually",
    needs=rights.PUBLISH_DOCUMENTS,
    words=_words(
        "Agree for providers",
        "Agree manually to the chosen documents",
        "If the provider has agreed in another way, such as in a letter, you can note it here. The notes will say that"
        " you agreed manually.",
    ),
    form=lambda _, **given: PressToAgreeForm(**given),
    do=_agree("agree_manually"),
    judge=None,
)
