"""Queries of payments on the terms of contracts and the VAT rates of services (RULES 13)."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from libs.common.care.names import fold
from services.payments.invoices.rules import OPEN
from services.payments.pricing.rules import ClientWeek

RatesByService = Mapping[tuple[str, str], Decimal]
"""Per cent, by organisation and the service's folded name."""


def insert_terms(session: Session, contract: str, from_period: dt.date, terms: str, who: str) -> None:
    """Note a contract's terms from a period on."""
    session.execute(
        text(
            "INSERT INTO contract_terms (contract, from_period, terms, set_by)"
            " VALUES (:contract, :from_period, :terms, :who)"
        ),
        {"contract": contract, "from_period": from_period, "terms": terms, "who": who},
    )


def weeks_of_actuals(session: Session, contract: str, since: dt.date) -> list[ClientWeek]:
    """The clients' weeks from a Monday on that have an actual under a contract."""
    rows = session.execute(
        text(
            "SELECT DISTINCT p.client_id::text, w.monday FROM weeks w JOIN packages p USING (cpli_id)"
            " WHERE p.contract = :contract AND p.payment_method = 'Actuals' AND w.monday >= :since ORDER BY 1, 2"
        ),
        {"contract": contract, "since": since},
    )
    return [(client_id, monday) for client_id, monday in rows]


def open_weeks_of(session: Session, organisation_id: str, folded_service: str) -> list[ClientWeek]:
    """The clients' weeks that open invoices of an organisation hold of a service."""
    rows = session.execute(
        text(
            "SELECT DISTINCT l.client_id::text, l.monday, l.service FROM invoice_lines l JOIN invoices i"
            " USING (invoice_id) WHERE i.organisation_id = CAST(:organisation AS uuid) AND i.kind = 'invoice'"
            " AND i.state = ANY(:open)"
        ),
        {"organisation": organisation_id, "open": list(OPEN)},
    )
    return sorted({(client_id, monday) for client_id, monday, name in rows if fold(name) == folded_service})


def read_vat_rates(session: Session) -> RatesByService:
    """The rate of every service that ever had one."""
    rows = session.execute(
        text(
            "SELECT DISTINCT ON (organisation_id, folded_service) organisation_id::text, folded_service, rate"
            " FROM service_vat_rates ORDER BY organisation_id, folded_service, rate_id DESC"
        )
    )
    return {(organisation_id, service): rate for organisation_id, service, rate in rows}


def list_vat_rates(session: Session) -> list[tuple[str, str, Decimal]]:
    """Organisation, service as it was written, and rate, of every service that ever had one."""
    rows = session.execute(
        text(
            "SELECT DISTINCT ON (organisation_id, folded_service) organisation_id::text, service, rate"
            " FROM service_vat_rates ORDER BY organisation_id, folded_service, rate_id DESC"
        )
    )
    return [(organisation_id, service, rate) for organisation_id, service, rate in rows]


def insert_vat_rate(
    session: Session, organisation_id: str, folded: str, service: str, rate: Decimal, who: str
) -> None:
    """Note a service's rate."""
    session.execute(
        text(
            "INSERT INTO service_vat_rates (organisation_id, folded_service, service, rate, set_by)"
            " VALUES (CAST(:organisation AS uuid), :folded, :service, :rate, :who)"
        ),
        {"organisation": organisation_id, "folded": folded, "service": service, "rate": rate, "who": who},
    )


def services_of(session: Session, organisation_id: str) -> list[dict[str, Any]]:
    """The services of an organisation's packages, with their contracts."""
    rows = session.execute(
        text(
            "SELECT DISTINCT service, contract FROM packages WHERE organisation_id = CAST(:organisation AS uuid)"
            " AND service <> '' ORDER BY 1, 2"
        ),
        {"organisation": organisation_id},
    )
    return [dict(row) for row in rows.mappings()]
