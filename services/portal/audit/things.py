"""What was done on: named by kind and value, shown in words, with a link for whoever may follow it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, NamedTuple

from flask import url_for

from libs.common.care.weeks import period_end_of
from services.portal.schema.tables_accounts import Account
from services.portal.web import access, formats

SHORT: Final = 8
"""So much of an id tells it from others of a page."""


class Thing(NamedTuple):
    """Something by the name of the parameter that names it in addresses, and its value."""

    kind: str
    value: str


class Shown(NamedTuple):
    """A thing in words; `href` is None where there is no page of it for who looks."""

    text: str
    href: str | None


class _Page(NamedTuple):
    """How things of these kinds are shown, taken together. No words: they are not shown by themselves."""

    kinds: tuple[str, ...]
    words: Callable[..., str] | None = None
    endpoint: str | None = None


def _called(what: str) -> Callable[[str], str]:
    return lambda value: f"{what} {value}"


def _with_id(what: str) -> Callable[[str], str]:
    return lambda value: f"{what} {value[:SHORT]}"


def _period(start: str) -> str:
    try:
        first = dt.date.fromisoformat(start)
    except ValueError:
        return f"Payment period {start}"
    return f"Payment period {formats.period(first, period_end_of(first))}"


def _held_week(cpli_id: str, week: str) -> str:
    try:
        return f"CPLI {cpli_id}, {formats.week(week)}"
    except ValueError:
        return f"CPLI {cpli_id}, week {week}"


PAGES: Final = (
    _Page(("cpli_id", "week"), _held_week, "payments_holds.one"),
    _Page(("cpli_id",), _called("CPLI"), "care.line_item"),
    _Page(("start",), _period, "payments.one"),
    _Page(("item_id",), _with_id("Payment item"), "payments_items.one"),
    _Page(("run_id",), _with_id("Payment run"), "payments_runs.one"),
    _Page(("debt_id",), _with_id("Debt"), "payments_debts.debts"),
    _Page(("invoice_id",), _with_id("Invoice"), "invoices.one"),
    _Page(("proposal_id",), _with_id("Proposal"), "proposals.one"),
    _Page(("file_id",), _with_id("Visits file"), "visits_files.one"),
    _Page(("actuals_file_id",), _with_id("File of actuals"), "actuals_files.one"),
    _Page(("import_id",), _with_id("Care file"), "care_imports.one"),
    _Page(("visit_ref",), _called("Visit"), "visits.one"),
    _Page(("into_client_id",), _with_id("Into client"), None),
    _Page(("client_id",), _with_id("Client"), "clients.one"),
    _Page(("client",), _called("Client"), "clients.clients"),
    _Page(("circumstance_id",)),
    _Page(("query_id",)),
    _Page(("claim_id",), _with_id("One-off claim"), "claims.one"),
    _Page(("client_item",)),
    _Page(("case_id",), _with_id("Dispute"), "disputes.one"),
    _Page(("action_id",), _with_id("Action"), "actions.one"),
    _Page(("enquiry_id",), _with_id("Payment enquiry"), "enquiries.one"),
    _Page(("review_id",), _with_id("Provider-led review"), "reviews.one"),
    _Page(("notice_id",), _with_id("Breach notice"), "breach_notices.one"),
    _Page(("concern_id",), _with_id("Concern"), "concerns.one"),
    _Page(("concern_kind",), _called("Kind of concern"), None),
    _Page(("group_id",), _with_id("Group of providers"), "concerns_lists.group"),
    _Page(("list_id",), _with_id("Ranked list"), "ranking.one"),
    _Page(("appeal_id",), _with_id("Appeal")),
    _Page(("ranking_id",), _with_id("Ranking"), "ranking_frozen.one"),
    _Page(("requisition_id",), _with_id("Requisition"), "requisitions.one"),
    _Page(("offer_id",), _with_id("Offer"), "offers.one"),
    _Page(("document_id",), _with_id("Contract document"), "contract_documents.one"),
    _Page(("doubt_id",), _with_id("Doubt")),
    _Page(("sample_id",), _with_id("Sample"), "worklist_samples.one"),
    _Page(("meeting_id",), _with_id("Meeting")),
    _Page(("export_id",), _with_id("Export"), "subject_access.one"),
    _Page(("bulk_id",), _with_id("Bulk action"), "bulk.one"),
    _Page(("bulk_act",), lambda value: value.replace("_", " ").capitalize()),
    _Page(("account_id",), _called("Account"), "helpdesk.one"),
    _Page(("staff_id",), _called("Account"), "council_accounts.one"),
    _Page(("staff_request_id",), _with_id("Request of a council account"), "council_accounts.one_request"),
    _Page(("contact_id",), _with_id("Contact"), "contacts.one"),
    _Page(("change_id",), _with_id("Change request"), "change_requests.one"),
    _Page(("request_id",), _with_id("Request for a reset")),
    _Page(("token_id",), _called("Token"), "tokens.issued"),
    _Page(("contract",), _called("Contract"), "lists.contract"),
    _Page(("level",), _called("Service level"), "lists.change_level"),
    _Page(("ref",), _called("Visit type"), "lists.change_type"),
    _Page(("role",), lambda value: f"Role {value.replace('_', ' ')}"),
    _Page(("letter",), _with_id("Dead letter")),
    _Page(("apart_id",), _with_id("Set apart"), "set_apart.listed"),
)
ANCHORS: Final = {"payments_debts.debts": "debt-{debt_id}"}
"""Where on its page a thing stands, when it has none to itself."""


def things_shown(
    things: Iterable[Thing], viewer: Account, *, names: Mapping[str, str], organisation: str | None
) -> list[Shown]:
    """Things in words, in the order of `PAGES`.

    names: of accounts, by their ids. organisation: the provider that a visit's address has to name for the council.
    """
    left: dict[str, list[str]] = {}
    for kind, value in things:
        left.setdefault(kind, []).append(value)
    found: list[Shown] = []
    for page in PAGES:
        if all(kind in left for kind in page.kinds):
            for values in zip(*(left.pop(kind) for kind in page.kinds), strict=False):
                if page.words is not None:
                    found.append(_shown(page, values, viewer, names, organisation))
    return found + [Shown(value, None) for values in left.values() for value in values]


def _shown(
    page: _Page,
    values: tuple[str, ...],
    viewer: Account,
    names: Mapping[str, str],
    organisation: str | None,
) -> Shown:
    assert page.words is not None  # noqa: S101 (the caller looked)
    text = page.words(*(names.get(value, value) for value in values))
    return Shown(text, _address(page, dict(zip(page.kinds, values, strict=True)), viewer, organisation))


def _address(page: _Page, named: Mapping[str, str], viewer: Account, organisation: str | None) -> str | None:
    """The page of a thing, where there is one for who looks; None for what no address takes."""
    if page.endpoint is None:
        return None
    if not access.may_open(viewer.role, page.endpoint):
        return None
    query: dict[str, Any] = dict(named)
    if page.endpoint == "visits.one" and organisation:
        query["organisation"] = organisation
    anchor = ANCHORS.get(page.endpoint, "").format(**named) or None
    try:
        return url_for(page.endpoint, **query, _anchor=anchor)
    except ValueError:  # text that is no such id
        return None
