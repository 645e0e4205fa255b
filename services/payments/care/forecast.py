"""What changed care would post, before it is applied (RULES 2): worked out as a posting is, and nothing is posted."""

import datetime as dt
import json
import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from libs.common.care.money import NOTHING, pounds_text
from libs.common.care.weeks import period_start_of
from libs.common.files.listed import read_listed
from libs.common.files.objects import write_object
from libs.common.messaging.messages import Message
from libs.common.messaging.outbox import emit
from services.payments.holds.held_weeks import HeldWeeks
from services.payments.invoiced.weeks import InvoicedWeeks
from services.payments.one_offs.steps import one_offs_to_post
from services.payments.packages import store as packages_store
from services.payments.packages.rules import StoredPackage, VisitType
from services.payments.packages.store import package_said
from services.payments.pay_rules import store as pay_rules_store
from services.payments.pay_rules.rules import DatedRules
from services.payments.periods import store as periods_store
from services.payments.posting.charges import Settlement
from services.payments.posting.settle import rows_owed
from services.payments.pricing import store as pricing_store
from services.payments.pricing.rules import CpliWeek, Delivered, PricedWeek
from services.payments.pricing.set_apart import price_or_reason

CLIENTS_AT_ONCE = 20
Row = dict[str, Any]


def forecast_care(session: Session, message: Message) -> None:
    """``care_matched``: what all clients whom the changes touch would be posted, by provider and in all."""
    said = SaidCare.read(message.body["object_key"])
    care = ChangedCare.of(session, said, message.cause_id)
    posted = Posted()
    clients = sorted(care.clients())
    for first in range(0, len(clients), CLIENTS_AT_ONCE):
        items, charges = care.rows_of(session, set(clients[first : first + CLIENTS_AT_ONCE]))
        posted.add(items, charges)
    names = dict(packages_store.list_organisations(session))
    key = f"forecasts/{message.body['import_id']}-{message.body['check_version']}-money-{uuid.uuid4()}.json"
    write_object(key, json.dumps(posted.as_document(said, names)).encode())
    emit(session, "care_forecast", message.body | {"object_key": key}, cause_id=message.cause_id)


@dataclass(slots=True)
class SaidCare:
    """What matching worked out. Of large files there is much: packages and weeks are kept as JSON until their client's
    turn."""

    providers: Mapping[str, Any] = field(default_factory=dict)
    methods: Sequence[Row] = ()
    packages: dict[int, bytes] = field(default_factory=dict)
    of_client: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    """the CPLIs among ``packages`` that a client would have"""
    weeks: dict[int, list[bytes]] = field(default_factory=lambda: defaultdict(list))
    """by CPLI"""

    @classmethod
    def read(cls, object_key: str) -> "SaidCare":
        """From the object store."""
        said = cls()
        for item in read_listed(object_key):
            if (package := item.get("package")) is not None:
                said.packages[package["cpli_id"]] = json.dumps(package).encode()
                said.of_client[package["client_id"]].append(package["cpli_id"])
            elif (week := item.get("week")) is not None:
                said.weeks[week["cpli_id"]].append(json.dumps(week).encode())
            else:
                said.providers, said.methods = item["providers"], item["methods"]
        return said

    def packages_of(self, clients: Iterable[str]) -> dict[int, StoredPackage]:
        """The packages that these clients would have, of those that are said."""
        return {
            cpli_id: package_said(json.loads(self.packages[cpli_id]))
            for client in clients
            for cpli_id in self.of_client.get(client, ())
        }

    def delivered_of(self, cpli_ids: Iterable[int]) -> dict[CpliWeek, Delivered]:
        """The weeks of these CPLIs whose visits would be others."""
        weeks = [json.loads(week) for cpli_id in cpli_ids for week in self.weeks.get(cpli_id, ())]
        return {
            (week["cpli_id"], dt.date.fromisoformat(week["monday"])): Delivered(
                week["visits"], week.get("lines")
            )
            for week in weeks
        }

    def client_reference_of(self, cpli_id: int) -> str:
        """Of a package that is said."""
        return str(json.loads(self.packages[cpli_id])["client_reference"])


@dataclass(slots=True)
class ChangedCare:
    """Packages and weeks as they would be, with all else that a price needs."""

    said: SaidCare
    known: dict[int, tuple[str, dt.date]]
    """client and StartDate of those that are known"""
    types: dict[str, VisitType]
    pay_rules: Mapping[str, Sequence[DatedRules]]
    settlement: Settlement

    @classmethod
    def of(cls, session: Session, said: SaidCare, cause_id: str) -> "ChangedCare":
        """From what matching worked out."""
        return cls(
            said,
            packages_store.clients_and_starts(session, {*said.packages, *said.weeks}),
            packages_store.visit_types(session),
            pay_rules_store.rules_by_contract(session),
            Settlement(periods_store.read_periods(session), "care", cause_id),
        )

    def clients(self) -> set[str]:
        """All whom the changes touch: those whom a package leaves too."""
        return {*self.said.of_client, *(client_id for client_id, _ in self.known.values())}

    def rows_of(self, session: Session, clients: set[str]) -> tuple[list[Row], list[Row]]:
        """The items and charges that would be posted for these clients."""
        unchanged = packages_store.packages_of_clients(session, clients)
        packages = {i: package for i, package in unchanged.items() if i not in self.said.packages}
        packages |= self.said.packages_of(sorted(clients))
        weeks = self.priced_weeks(session, packages)
        client_weeks = pricing_store.mondays_of_clients(session, clients)
        client_weeks |= {(week.client_id, week.monday) for week in weeks.values()}
        one_offs = one_offs_to_post(
            session,
            packages,
            changed=self.settlement.changed,
            cause_id=self.settlement.cause_id,
            moved_cplis=[
                i for i in packages.keys() & self.known.keys() if packages[i].start_on != self.known[i][1]
            ],
        )
        invoiced = InvoicedWeeks.of(session, packages, {monday for _, monday in client_weeks})
        weeks |= invoiced.charged_weeks(packages, client_weeks)
        held = HeldWeeks.of(session, weeks)
        items, charges = rows_owed(session, client_weeks, weeks, packages, held, invoiced, self.settlement)
        return [*items, *one_offs], charges

    def priced_weeks(
        self, session: Session, packages: Mapping[int, StoredPackage]
    ) -> dict[CpliWeek, PricedWeek]:
        """All weeks of these packages at the price that they would have."""
        delivered = pricing_store.weeks_to_price(session, pricing_store.weeks_of_cplis(session, packages))
        delivered |= self.said.delivered_of(packages)
        weeks = {week: self.priced_week(week, of_week, packages) for week, of_week in delivered.items()}
        return {week: priced for week, priced in weeks.items() if priced is not None}

    def priced_week(
        self, week: CpliWeek, delivered: Delivered, packages: Mapping[int, StoredPackage]
    ) -> PricedWeek | None:
        """One week; None where it can't be worked out: it will be set apart, and stay as it is."""
        cpli_id, monday = week
        package = packages[cpli_id]
        rules = self.pay_rules.get(package.contract, ())
        price, reason = price_or_reason(delivered, package, self.types, rules)
        return None if reason else PricedWeek(cpli_id, monday, 0, package.client_id, price)


@dataclass(slots=True)
class Posted:
    """Pounds that would be posted, those for finalised periods apart."""

    costs: dict[tuple[str, str], Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    """by organisation and ``open`` or ``finalised``"""
    deductions: dict[tuple[str, str], Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    cplis: dict[tuple[int, str], Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    charges: dict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))

    def add(self, items: Sequence[Row], charges: Sequence[Row]) -> None:
        """Count these in."""
        for item in items:
            where = "finalised" if is_for_finalised(item) else "open"
            sums = self.deductions if item["series"] == "income" else self.costs
            sums[item["organisation_id"], where] += item["amount"]
            if item["series"] != "income":
                self.cplis[item["cpli_id"], where] += item["amount"]
        for charge in charges:
            self.charges["finalised" if is_for_finalised(charge) else "open"] += charge["amount"]

    def as_document(self, said: SaidCare, names: Mapping[str, str]) -> Row:
        """What the check shows, in pounds as text; providers by name."""
        touched = {organisation_id for organisation_id, _ in (*self.costs, *self.deductions)}
        providers = [
            self._provider(organisation_id, said.providers.get(organisation_id), names)
            for organisation_id in touched | said.providers.keys()
        ]
        methods = [
            method
            | {"client": said.client_reference_of(method["cpli_id"])}
            | both(self.cplis, method["cpli_id"])
            for method in said.methods
        ]
        return {
            "providers": sorted(providers, key=lambda provider: provider["organisation"]),
            "charges": {where: pounds_text(self.charges[where]) for where in WHERES},
            "methods": methods,
        }

    def _provider(
        self, organisation_id: str, known: Mapping[str, Any] | None, names: Mapping[str, str]
    ) -> Row:
        weekly = known or {"name": names.get(organisation_id, organisation_id)}
        return {
            "organisation": weekly["name"],
            "weekly_before": weekly.get("weekly_before"),
            "weekly_after": weekly.get("weekly_after"),
            **both(self.costs, organisation_id),
            "deductions": both(self.deductions, organisation_id),
        }


WHERES = ("open", "finalised")


def both(sums: Mapping[tuple[Any, str], Decimal], key: Any) -> dict[str, str]:
    """Of open periods, and of finalised ones."""
    return {where: pounds_text(sums.get((key, where), NOTHING)) for where in WHERES}


def is_for_finalised(row: Row) -> bool:
    """Whether a row is about a period that is frozen: posted into a later one than its week's own."""
    if row["monday"] is None:
        return bool(row["kind"] == "adjustment")
    return bool(row["period_start"] != period_start_of(row["monday"]))
