"""The sections of a page of KPIs: each is one function, and asks for its span and for the one before (RULES 16)."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from libs.common.casework.concerns import STATES
from libs.common.seams.disputes.kpis import AnsweredCases
from libs.common.seams.ingest.figures import FileFigures
from services.portal.clients.gateway import Gateway
from services.portal.monitoring.asking import present_words
from services.portal.monitoring.kpi import words
from services.portal.monitoring.kpi.figures import Asked, Figure, Kpis, Opens, Section
from services.portal.monitoring.kpi.rules import Span, share_text

Values = dict[str, Any]
OF_CONCERNS: Final[dict[str, tuple[str, Mapping[str, Sequence[str]]]]] = {
    "concerns": ("concerns.concerns", {"state": STATES}),
    "breach_notices": ("breach_notices.listed", {}),
}
"""What lists these, and what of them besides their months."""
OF_AREA: Final = (
    "The area is all {providers} providers together that sent visits of {span}: shares are of the sums, and carers for "
    "each client the mean over all clients."
)
STALE: Final = " What changed a moment ago is still being counted in: look again in a minute."
NO_AREA: Final = "The area’s figures are shown where at least three providers sent visits."


def find_kpis(gateway: Gateway, asked: Asked, name: str) -> Kpis:
    """A provider's page of a span; all sections are asked at once. Raises Refused ``not_found``."""
    span = asked.span
    about = asked.organisation_id
    sections, meetings = gateway.both(
        lambda: gateway.all_at_once([functools.partial(section, asked) for section in SECTIONS]),
        lambda: asked.disputes.meetings(organisation_id=about, first=span.first, last=span.last),
    )
    return Kpis(name, span, [section for section in sections if section is not None], meetings)


def measures(asked: Asked) -> Section:
    """The measures, beside those of the span before and the area's."""
    value, before = _measures_of(asked, asked.span), _measures_of(asked, asked.before)
    span = asked.span
    of_area = asked.matching.area_measures(first=span.first.isoformat(), last=span.last.isoformat())
    area: Values = dict(of_area["measures"] or {})
    words_of_area = OF_AREA.format(providers=of_area["providers"], span=span.words) if area else NO_AREA
    if of_area["stale_weeks"]:
        words_of_area += STALE
    days = {"from": span.first.isoformat(), "to": span.last.isoformat()}
    figures = [
        Figure(
            one.key,
            one.name,
            one.unit,
            one.definition,
            _text(value, one.key),
            _text(before, one.key),
            _text(area, one.key),
            Opens("measured_visits.visits", {"measure": one.key, **days}),
        )
        for one in present_words(asked.matching)()
    ]
    return Section("measures", "Measures", figures, words_of_area, has_area=bool(area))


def _measures_of(asked: Asked, span: Span) -> Values:
    found = asked.matching.measures(
        first=span.first.isoformat(), last=span.last.isoformat(), organisation=asked.organisation
    )
    return next((dict(one) for one in found.values()), {})


def cases(asked: Asked) -> Section:
    """What was raised, days to answer, and what is still open."""
    value, before = (
        asked.disputes.dispute_figures(
            organisation_id=asked.organisation_id, first=span.first, last=span.last
        )
        for span in (asked.span, asked.before)
    )
    figures = []
    for kind, of_kind in words.CASES.items():
        now: AnsweredCases = value[kind]  # type: ignore[literal-required]
        then: AnsweredCases = before[kind]  # type: ignore[literal-required]
        figures += [
            Figure(
                f"{kind}_{key}",
                one.name,
                one.unit,
                one.definition,
                _text(dict(now), key),
                _text(dict(then), key),
                opens=Opens("kpis.cases", {"kind": kind}),
            )
            for key, one in of_kind.items()
        ]
    return Section("disputes", "Disputes, actions and enquiries", figures)


def concerns(asked: Asked) -> Section | None:
    """Concerns and breach notices, as far as the asker may know of them: providers of their breach notices alone."""
    value, before = (
        dict(
            asked.disputes.concern_figures(
                organisation=asked.organisation_id, first=span.first, last=span.last
            )
        )
        for span in (asked.span, asked.before)
    )
    months = {"first": f"{asked.span.first:%Y-%m}", "last": f"{asked.span.last:%Y-%m}"}
    figures = [
        Figure(
            key,
            one.name,
            one.unit,
            one.definition,
            _text(value, key),
            _text(before, key),
            opens=Opens(OF_CONCERNS[key][0], {**OF_CONCERNS[key][1], **months}),
        )
        for key, one in words.CONCERNS.items()
        if value[key] is not None
    ]
    return Section("concerns", "Concerns and breach notices", figures) if figures else None


def offers(asked: Asked) -> Section:
    """Offers of care, what became of them, and how long the provider took."""
    value, before = (
        dict(
            asked.disputes.offer_figures(
                organisation_id=asked.organisation_id, first=span.first, last=span.last
            )
        )
        for span in (asked.span, asked.before)
    )
    figures = [
        Figure(
            f"offers_{key}",
            one.name,
            one.unit,
            one.definition,
            _text(value, key),
            _text(before, key),
            opens=Opens("kpis.offers"),
        )
        for key, one in words.OFFERS.items()
    ]
    return Section("offers", "Offers of care", figures)


def files(asked: Asked) -> Section:
    """Files, rejected rows, and weeks that came late."""
    value, before = (_file_values(_files_of(asked, span)) for span in (asked.span, asked.before))
    figures = [
        Figure(
            f"files_{key}",
            one.name,
            one.unit,
            one.definition,
            _text(value, key),
            _text(before, key),
            opens=Opens("kpis.files"),
        )
        for key, one in words.FILES.items()
    ]
    return Section("files", "Visits files", figures)


def _files_of(asked: Asked, span: Span) -> FileFigures:
    return asked.ingest.file_figures(
        organisation=asked.organisation,
        first=span.first,
        last=span.last,
        submission_days=asked.submission_days,
    )


def _file_values(found: FileFigures) -> Values:
    return {
        "files": found["files"],
        "rows": found["rows"],
        "rejected": found["rejected"],
        "rejected_share": share_text(found["rejected"], found["rows"]),
        "late": len(found["late"]),
    }


def _text(values: Values, key: str) -> str | None:
    found = values.get(key)
    return None if found is None else str(found)


SECTIONS: Final[tuple[Callable[[Asked], Section | None], ...]] = (
    measures,
    cases,
    concerns,
    offers,
    files,
)
"""In the order of the page; None is a section that this asker does not see."""
