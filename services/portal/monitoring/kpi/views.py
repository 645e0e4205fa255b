"""What is asked of a page of KPIs, in addresses of pages and of the API, and what is answered."""

from __future__ import annotations

import datetime as dt

from libs.common.care.clock import london_day
from libs.common.errors import Refused
from libs.common.seams.disputes.kpis import KpiSpan
from services.portal.monitoring.kpi.figures import Asked, Kpis
from services.portal.monitoring.kpi.rules import Span, span_named, span_of
from services.portal.monitoring.kpi.sections import find_kpis
from services.portal.web import access
from services.portal.web.access import caller
from services.portal.web.calls import disputes, gateway, ingest, matching
from services.portal.web.names.organisations import id_of, names_by_id

NO_SPAN = "Name a span by its first month, such as 2022-10, or a quarter as 2022-Q4."


def today() -> dt.date:
    """The council's day."""
    return london_day(access.the_parts().clock())


def find_span(name: str, holds: KpiSpan) -> Span:
    """The span of this name, today's where none is named. Raises Refused ``bad_query``."""
    found = span_named(name, **holds) if name else span_of(today(), **holds)
    if found is None:
        raise Refused("bad_query", NO_SPAN, {"field": "span"})
    return found


def find_asked(organisation: str | None, span: Span) -> Asked:
    """Of whom and of which span somebody asks.

    Raises Refused ``not_found`` for an unknown provider, ``organisation_wanted`` where the council names none.
    """
    organisation_id = id_of(gateway(), caller(), organisation)
    if organisation_id is None:
        raise Refused("organisation_wanted", "Say which provider: ?organisation=NAME.")
    return Asked(
        organisation=organisation,
        organisation_id=organisation_id,
        span=span,
        submission_days=access.the_parts().submission_days,
        disputes=disputes(),
        ingest=ingest(),
        matching=matching(),
    )


def find_page(organisation: str | None, span: Span) -> Kpis:
    """A provider's page of a span. Raises Refused as `find_asked` does."""
    asked = find_asked(organisation, span)
    return find_kpis(gateway(), asked, provider_name(asked))


def provider_name(asked: Asked) -> str:
    """How the provider is called now."""
    named = names_by_id(gateway(), [asked.organisation_id])
    return named.get(asked.organisation_id) or asked.organisation or ""
