"""What a page of KPIs is made of: figures in sections, each with its definition and what opens what made it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from libs.common.seams.disputes.meetings import Meeting
from services.portal.clients.disputes import DisputesClient
from services.portal.clients.ingest import IngestClient
from services.portal.clients.matching import MatchingClient
from services.portal.monitoring import figures as measure_figures
from services.portal.monitoring.kpi.rules import Span


@dataclass(frozen=True)
class Opens:
    """The page that shows what made a figure: its endpoint, and what it is asked besides the provider.

    Pages of KPIs are asked for the span too. Whoever may not see the page is given no link.
    """

    endpoint: str
    query: Mapping[str, str | Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Figure:
    """A number of the span, of the span before, and of the area where there is one; as text, None where there is none.

    unit: ``count``, ``per cent``, ``hours``, ``mean`` or ``days``.
    """

    key: str
    name: str
    unit: str
    definition: str
    value: str | None
    before: str | None
    area: str | None = None
    opens: Opens | None = None


@dataclass(frozen=True)
class Section:
    """Figures of one subject, in order. ``words``: what stands above them."""

    key: str
    heading: str
    figures: Sequence[Figure]
    words: str = ""
    has_area: bool = False


@dataclass(frozen=True)
class Asked:
    """Of whom and of which span somebody asks, and whom to ask on their behalf.

    organisation: as the council names it, None for a provider's own.
    """

    organisation: str | None
    organisation_id: str
    span: Span
    submission_days: int
    disputes: DisputesClient
    ingest: IngestClient
    matching: MatchingClient

    @property
    def before(self) -> Span:
        """The span before."""
        return self.span.moved(-1)


@dataclass(frozen=True)
class Kpis:
    """A provider's page of a span. ``name``: how the provider is called now."""

    name: str
    span: Span
    sections: Sequence[Section]
    meetings: Sequence[Meeting]

    @property
    def before(self) -> Span:
        """The span that is shown beside it."""
        return self.span.moved(-1)


def shown(unit: str, text: str | None) -> str:
    """A figure as people read it: 1,204, 98.5 %, 1,203.05 hours, 2.50, 3.5 days."""
    value = int(text) if text is not None and unit == "count" else text
    number = measure_figures.shown(unit, value)
    return f"{number} {unit}" if text is not None and unit in ("hours", "days") else number
