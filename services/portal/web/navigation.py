"""The pages that somebody signed in can go to: a few as tabs along the top, the others as tasks on the first page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import request, url_for

from libs.common.rights import table
from services.portal.schema.tables_accounts import Account
from services.portal.web import access


@dataclass(frozen=True)
class Entry:
    """A page to go to.

    words: what is done there, for the first page; empty where it is no task.
    only: of those who may see it, the roles or sides that find it here; empty for all of them.
    is_tab: whether it also stands along the top, where there is room for one line.
    waits: the numbers of `waiting.py` that are shown with the task.
    below: blueprints whose pages belong to it, besides that of its own endpoint.
    """

    text: str
    endpoint: str
    words: str = ""
    only: tuple[str, ...] = ()
    is_tab: bool = False
    waits: tuple[str, ...] = ()
    below: tuple[str, ...] = ()

    def has(self, blueprint: str | None) -> bool:
        """Whether a page of this blueprint belongs to it."""
        return blueprint is not None and blueprint in (self.endpoint.partition(".")[0], *self.below)


ENTRIES = (
    Entry("Home", "home.home", is_tab=True),
    Entry(
        "Visits files",
        "visits_files.visits_files",
        "Send a file of visits, see what is wrong with it and what it pays, then update the system.",
        is_tab=True,
        waits=("files_to_confirm", "rejected_rows"),
    ),
    Entry(
        "Visits",
        "visits.visits",
        "See which commissioned care each visit was matched to, or why it was not, and what it pays.",
        is_tab=True,
    ),
    Entry(
        "Actuals",
        "actuals.actuals",
        "Enter what was delivered week by week where care is paid by actuals, and see what it comes to.",
        below=("actuals_change", "actuals_files", "actuals_rules"),
    ),
    Entry(
        "Disputes",
        "disputes.disputes",
        "See what the council asks about visits, answer it, and follow it until it is resolved.",
        is_tab=True,
        waits=("disputes_awaiting",),
        below=("disputes_raise",),
    ),
    Entry(
        "Worklist",
        "worklist.doubts",
        "See what a week’s data makes doubtful, raise it as disputes or dismiss it, and pick samples to look at.",
        waits=("doubts_proposed",),
        below=("worklist_samples", "worklist_settling"),
    ),
    Entry(
        "Unmatched visits",
        "unmatched.unmatched",
        "Find out why visits were not matched, and correct or delete them.",
        waits=("unmatched_visits",),
    ),
    Entry(
        "Care package line items",
        "care.line_items",
        "See the care that is commissioned: clients, services, dates, cost and timetable.",
    ),
    Entry(
        "Contract documents",
        "contract_documents.documents",
        "See, download, agree or reject what confirms that care was set up or ended.",
        waits=("documents_to_answer", "documents_rejected"),
    ),
    Entry(
        "Carers",
        "carers.carers",
        "Send the list of carers whom visits may name, and look them up.",
    ),
    Entry(
        "Clients",
        "clients.clients",
        "Find a client, see care, visits, money and casework on one page, and enter a hospital stay or another circumstance.",
    ),
    Entry(
        "Providers",
        "providers.listed",
        "See a provider’s contracts, files, money, disputes and measures on one page.",
    ),
    Entry(
        "Your organisation",
        "providers.one",
        "See your contracts, files, money, disputes and measures on one page.",
        only=("provider",),
    ),
    Entry(
        "Care imports",
        "care_imports.care_imports",
        "Send commissioned care as a file, see what it changes, then update the system.",
        waits=("care_imports_to_confirm",),
    ),
    Entry(
        "Set apart",
        "set_apart.listed",
        "See which weeks, visits or rows could not be handled and why, and have them tried again.",
        waits=("rows_apart", "visits_apart", "weeks_apart"),
    ),
    Entry(
        "Storage",
        "storage.held",
        "See what each organisation’s files hold, what they may hold, and what was swept away.",
    ),
    Entry(
        "Search",
        "search.search",
        "Find a client, a care package line item or a visit by how its reference begins.",
    ),
    Entry(
        "Payments",
        "payments.periods",
        "See each payment period with its items, and how they were worked out.",
        is_tab=True,
        waits=("payments_to_confirm",),
        below=(
            "payments_answers",
            "payments_debts",
            "payments_holds",
            "payments_items",
            "payments_orders",
            "payments_posting",
        ),
    ),
    Entry(
        "Invoices",
        "invoices.invoices",
        "See what is to be invoiced or credited, make invoices and credit notes, accept or reject them.",
        waits=("invoices_pending",),
        below=("invoices_making", "invoices_deciding", "invoices_settings"),
    ),
    Entry(
        "Payment runs",
        "payments_runs.runs",
        "Prepare what is to be paid in a period, or approve what a colleague has prepared.",
        is_tab=True,
        waits=("runs_to_approve",),
    ),
    Entry(
        "Proposals",
        "proposals.proposals",
        "Approve or refuse what needs two people: large adjustments, pay rules, visit types, rankings, debts written off.",
        waits=("proposals_of_payments", "proposals_of_lists"),
    ),
    Entry(
        "Lists",
        "lists.lists",
        "Change the pay rules of contracts, service levels and visit types, and try what a visit pays.",
        below=("overlap_limits",),
    ),
    Entry(
        "Charges",
        "charges.clients",
        "See what clients are charged and how that came about, keep queries of charges and answer them.",
        waits=("charge_queries",),
    ),
    Entry(
        "One-off claims",
        "claims.claims_page",
        "Claim the hospital incentive payment for visits that a hospital stay prevented, and decide on claims.",
        waits=("claims_awaiting",),
        below=("claims_items",),
    ),
    Entry(
        "Reports",
        "reports.reports",
        "Compare commissioned care with what was given, look at exceptions, unmatched and overlapping visits, and at what "
        "fits nothing.",
        is_tab=True,
    ),
    Entry(
        "Measures",
        "measures.measures",
        "See how visits were kept: missed, late, short, by how many carers, and what lies behind each figure.",
        below=("measured_visits", "measure_thresholds", "one_diaries"),
    ),
    Entry(
        "Under-delivery",
        "under_delivery.listed",
        "Find care of which less or more is delivered than commissioned, week after week.",
    ),
    Entry(
        "KPIs",
        "kpis.one",
        "See a provider’s quarter: measures, disputes and days to answer, files, meetings, beside the quarter before.",
        below=("kpis_meetings", "kpis_settings"),
    ),
    Entry(
        "Helpdesk",
        "helpdesk.helpdesk",
        "Answer requests for a reset, send one-time links and unlock accounts.",
        is_tab=True,
        waits=("reset_requests",),
    ),
    Entry(
        "Council accounts",
        "council_accounts.listed",
        "See who of the council can sign in, and in which role; add, change and end accounts, or confirm one.",
        waits=("accounts_to_confirm",),
    ),
    Entry(
        "Actions",
        "actions.listed",
        "Talk about a care package line item or anything else until it is settled; see change requests.",
        waits=("actions_awaiting",),
    ),
    Entry(
        "Payment enquiries",
        "enquiries.listed",
        "Question a payment, or one that did not come, and read the answers.",
        waits=("enquiries_awaiting",),
    ),
    Entry(
        "Provider-led reviews",
        "reviews.listed",
        "Planned extra care for up to two weeks: ask for it, approve it, see what became of it.",
        waits=("reviews_awaiting",),
    ),
    Entry(
        "Concerns",
        "concerns.concerns",
        "See what clients, families and colleagues are concerned about, investigate it, and look at trends.",
        waits=("concerns_received", "breach_notices_answered"),
        below=("concerns_trends", "concerns_lists"),
    ),
    Entry(
        "Raise a concern",
        "concerns_raise.new",
        "Write down what a client, the family or a colleague is concerned about. Commissioning staff alone see it.",
        only=("finance",),
    ),
    Entry(
        "Breach notices",
        "breach_notices.listed",
        "See what the council says is in breach, and answer it before its deadline.",
        only=("provider",),
        waits=("breach_notices_to_answer",),
    ),
    Entry(
        "Ranked lists",
        "ranking.lists",
        "Rank the providers of a list by quality and price, freeze the ranking, and answer appeals.",
        waits=("ranking_appeals",),
        below=("ranking_frozen",),
    ),
    Entry(
        "Requisitions",
        "requisitions.listed",
        "Offer care that is wanted down a ranking, to one provider after the other.",
        waits=("requisitions_to_offer",),
    ),
    Entry(
        "Offers of care",
        "offers.listed",
        "Accept or decline care that the council offers to you.",
        waits=("offers_to_answer",),
    ),
    Entry(
        "Your place in rankings",
        "ranking_own.places",
        "See your place on the council’s lists and how it came about, and appeal.",
    ),
    Entry("Contacts", "contacts.contacts", "See your contacts and request changes to them."),
    Entry(
        "Change requests",
        "change_requests.requests",
        "See what was asked to be changed of contacts, and what became of it.",
        waits=("change_requests",),
    ),
    Entry(
        "E-mail notifications",
        "notifications.subscriptions",
        "Choose what you are told by e-mail.",
    ),
    Entry(
        "API tokens",
        "tokens.issued",
        "Issue, confirm and revoke the tokens with which other systems are let in.",
        waits=("tokens_to_confirm",),
    ),
    Entry(
        "Bulk actions",
        "bulk.actions",
        "See what was done to many rows at once: by whom, to how many, and what could not be done.",
    ),
    Entry(
        "Audit trail",
        "audit.trail",
        "See who asked what to be changed, and how it ended.",
    ),
    Entry(
        "Who looked at a client",
        "readings.readings",
        "See who saw a client’s data: when, in which role, from where, on which page or by which system.",
    ),
    Entry(
        "Subject access",
        "subject_access.exports",
        "Put together all that is held about a client, as a folder of readable files, for whoever asks for their own data.",
    ),
    Entry("Help", "guide.contents", "Read the guide, the payment calendar and the deadlines.", is_tab=True),
    Entry("Your account", "account.account", "Change your password or your security code.", is_tab=True),
)


def entries(account: Account | None) -> list[dict[str, Any]]:
    """The tabs, as govukServiceNavigation is given them. `current`: this very page; `active`: one that belongs to it."""
    return [
        {
            "text": entry.text,
            "href": url_for(entry.endpoint),
            "current": request.endpoint == entry.endpoint,
            "active": entry.has(request.blueprint),
        }
        for entry in open_to(account)
        if entry.is_tab
    ]


def open_to(account: Account | None) -> Iterator[Entry]:
    """What this holder can go to: nothing before what the first login asks is done."""
    if account is None or access.duty_of(account) is not None:
        return
    for entry in ENTRIES:
        is_meant = not entry.only or {account.role, table.side_of(account.role)} & {*entry.only}
        if is_meant and access.may_open(account.role, entry.endpoint):
            yield entry
