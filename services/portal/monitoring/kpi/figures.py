"""What a page of KPIs is made of: figures in sections, each with its definition and what opens what made it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from libs.common.seams.disputes.meetings import Meeting
from services.portal.clients.disputes import DisputesClient
from services.portal.clients.ingest import IngestClient
from services.portal.clients.matching import MatchingClient
from services.portal.monitoring.kpi.rules import Span

NO_FIGURE: Final = "–"


@dataclass(frozen=True)
class Opens:
    """The page that shows what made a figure: its endpoint, and what it is asked besides provider and span."""

    endpoint: str
    query: Mapping[str, str] = field(default_factory=dict)


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
    """A figure as people read it: 1,204, 98.5%, 1,203.05 hours, 2.50, 3.5 days."""
    if text is None:
        return NO_FIGURE
    if unit == "count":
        return f"{int(text):,}"
    if unit == "per cent":
        return f"{text}%"
    whole, _, decimals = text.partition(".")
    number = f"{int(whole):,}.{decimals}" if decimals else f"{int(whole):,}"
    return f"{number} {unit}" if unit in ("hours", "days") else number
