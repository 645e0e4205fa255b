"""What of a provider is gathered: contracts, files, money, disputes, measures; for the council and for itself."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from flask import url_for

from libs.common.rights import names as rights
from services.portal.clients.disputes import DisputesClient
from services.portal.clients.ingest import IngestClient
from services.portal.clients.matching import MatchingClient
from services.portal.clients.payments import PaymentsClient
from services.portal.gathered import cases
from services.portal.gathered.sections import SHOWN, Cell, Gathered, Rows, Section, figure, gather, money
from services.portal.monitoring.asking import measures_of, present_words, today
from services.portal.monitoring.figures import shown
from services.portal.monitoring.spans import span_of
from services.portal.web.access import caller
from services.portal.web.calls import gateway
from services.portal.web.formats import day, moment, period, week
from services.portal.web.words import FILE_STATES, REASONS

PERIODS: Final = 3
MEASURED: Final = ("delivered", "missed", "late", "short", "logged_share", "continuity")
"""Of all measures, those that are looked at first; the page of measures has the others."""


class Provider(NamedTuple):
    """Whom a page is about. organisation: by what addresses and services name it, None for the reader's own."""

    organisation_id: str
    name: str
    organisation: str | None


def gather_of_provider(about: Provider) -> list[Gathered]:
    """All that the reader may see, as far as it is known now."""
    services, who = gateway(), caller()
    ingest = IngestClient(services, who, is_quick=True)
    matching = MatchingClient(services, who, is_quick=True)
    payments = PaymentsClient(services, who, is_quick=True)
    disputes = DisputesClient(services, who, is_quick=True)
    of_cases: dict[str, Any] = {"organisation_id": about.organisation_id, "organisation": about.organisation}
    return gather(
        [
            _contracts(matching, about),
            _files(ingest, about),
            _unmatched(matching, about),
            _periods(payments, about),
            _debts(payments, about),
            _holds(payments, about),
            _invoices(payments, about),
            cases.disputes(disputes, **of_cases),
            cases.claims(disputes, **of_cases),
            cases.concerns(disputes, **of_cases),
            _notices(disputes, about),
            cases.documents(matching, organisation=about.organisation),
            _measures(matching, about),
        ]
    )


def _contracts(matching: MatchingClient, about: Provider) -> Section:
    def ask() -> Rows:
        return [
            (
                Cell(one["contract"]),
                Cell(one["service"]),
                figure(
                    one["line_items"],
                    url_for("care.line_items", organisation=about.organisation, service=one["service"]),
                ),
            )
            for one in matching.contracted_services(organisation=about.organisation or about.name, limit=100)
        ]

    return Section(
        "contracts",
        "Contracts and services",
        ("Contract", "Service", "Line items that run or start later"),
        (rights.READ_CARE,),
        "All care package line items",
        url_for("care.line_items", organisation=about.organisation),
        ask,
    )


def _files(ingest: IngestClient, about: Provider) -> Section:
    def ask() -> Rows:
        rows: Rows = []
        for file in ingest.visits_files(organisation=about.organisation, limit=SHOWN):
            link, counts = url_for("visits_files.one", file_id=file["id"]), file["counts"]
            rows.append(
                (
                    Cell(file["file_name"], link),
                    Cell(moment(file["uploaded_at"])),
                    figure(counts["read"], link) if counts else Cell("–", is_figure=True),
                    figure(counts["rejected"], link) if counts else Cell("–", is_figure=True),
                    Cell(FILE_STATES[file["state"]][0]),
                )
            )
        return rows

    return Section(
        "files",
        "Visits files",
        ("File", "Sent", "Rows", "Rejected", "State"),
        (rights.READ_VISITS,),
        "All visits files",
        url_for("visits_files.visits_files", organisation=about.organisation),
        ask,
    )


def _unmatched(matching: MatchingClient, about: Provider) -> Section:
    def ask() -> Rows:
        found = matching.unmatched_counts(organisation=about.organisation, reason=None)["reasons"]
        return [
            (
                Cell(REASONS[reason].why),
                figure(
                    number,
                    url_for("unmatched.unmatched", organisation=about.organisation, reason=reason),
                ),
            )
            for reason, number in found
        ]

    return Section(
        "unmatched",
        "Unmatched visits",
        ("Reason", "Visits"),
        (rights.READ_VISITS,),
        "All unmatched visits",
        url_for("unmatched.unmatched", organisation=about.organisation),
        ask,
    )


def _periods(payments: PaymentsClient, about: Provider) -> Section:
    def ask() -> Rows:
        rows: Rows = []
        for one in payments.payment_periods()[: -PERIODS - 1 : -1]:
            sums = payments.payment_period(start=one["start"], organisation=about.organisation)
            link = url_for("payments.one", start=one["start"], organisation=about.organisation)
            held = url_for(
                "payments.one", start=one["start"], organisation=about.organisation, tab="non_payable"
            )
            rows.append(
                (
                    Cell(period(one["start"], one["end"]), link),
                    Cell(sums["state"].capitalize()),
                    money(sums["cost"], link),
                    money(sums["income"], link),
                    money(sums["total"], link),
                    money(sums["non_payable"], held),
                )
            )
        return rows

    return Section(
        "money",
        "Money",
        ("Payment period", "State", "Cost", "Deductions", "Payable", "Non-payable"),
        (rights.READ_PAYMENTS,),
        "All payment periods",
        url_for("payments.periods"),
        ask,
    )


def _debts(payments: PaymentsClient, about: Provider) -> Section:
    link = url_for("payments_debts.debts", organisation=about.organisation)

    def ask() -> Rows:
        sums = payments.debt_sums(organisation=about.organisation)
        return [(figure(sums["number"], link), money(sums["owed"], link))] if sums["number"] else []

    return Section("debts", "Debts", ("Debts", "Still owed"), (rights.READ_PAYMENTS,), "All debts", link, ask)


def _holds(payments: PaymentsClient, about: Provider) -> Section:
    def ask() -> Rows:
        rows: Rows = []
        for one in payments.holds(organisation=about.organisation, after=None, limit=SHOWN):
            link = url_for("payments_holds.one", cpli_id=one["cpli_id"], week=one["week"])
            rows.append(
                (
                    Cell(week(one["week"]), link),
                    Cell(one["client"]),
                    Cell(one["reason"]),
                    money(one["held"], link),
                )
            )
        return rows

    return Section(
        "holds",
        "Weeks that are held",
        ("Week", "Client", "Reason", "Held"),
        (rights.READ_HOLDS,),
        "All weeks that are held",
        url_for("payments_holds.holds", organisation=about.organisation),
        ask,
    )


def _invoices(payments: PaymentsClient, about: Provider) -> Section:
    def ask() -> Rows:
        found = payments.invoices(
            organisation=about.organisation, contract=None, state=None, start=None, after=None, limit=SHOWN
        )
        return [
            (
                Cell(one["number"], url_for("invoices.one", invoice_id=one["id"])),
                Cell(one["contract"]),
                Cell(one["state"]),
                money(one["gross"], url_for("invoices.one", invoice_id=one["id"])),
            )
            for one in found
        ]

    return Section(
        "invoices",
        "Invoices and credit notes",
        ("Number", "Contract", "State", "Gross"),
        (rights.READ_INVOICES,),
        "All invoices and credit notes",
        url_for("invoices.invoices", organisation=about.organisation),
        ask,
    )


def _notices(disputes: DisputesClient, about: Provider) -> Section:
    def ask() -> Rows:
        found = disputes.breach_notices(organisation_id=about.organisation_id, limit=SHOWN)
        return [
            (
                Cell(str(one["number"]), url_for("breach_notices.one", notice_id=one["notice_id"])),
                Cell(one["state"]),
                Cell(day(one["due_on"])),
            )
            for one in found
        ]

    return Section(
        "notices",
        "Breach notices",
        ("Number", "State", "Answer due"),
        (rights.READ_NOTICES,),
        "All breach notices",
        url_for("breach_notices.listed", organisation=about.organisation),
        ask,
    )


def _measures(matching: MatchingClient, about: Provider) -> Section:
    """Those of the running quarter; each opens the visits that made it."""
    span = span_of("quarter", today())

    def ask() -> Rows:
        found = measures_of(matching, about.organisation, span)()
        figures: Any = next(iter(found.values()), {})
        days: dict[str, Any] = {"from": span.first.isoformat(), "to": span.last.isoformat()}
        rows: Rows = []
        for one in present_words(matching)():
            value = figures.get(one.key)
            if one.key in MEASURED and value is not None:
                link = url_for(
                    "measured_visits.visits", organisation=about.organisation, measure=one.key, **days
                )
                rows.append((Cell(one.name), figure(shown(one.unit, value), link if value != 0 else None)))
        return rows

    return Section(
        "measures",
        f"Measures, {span.name}",
        ("Measure", "Figure"),
        (rights.READ_MEASURES,),
        "All measures",
        url_for("measures.provider", organisation=about.organisation),
        ask,
    )
