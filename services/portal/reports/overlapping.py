"""Overlapping Visits: one carer in two places at once ([000], RULES 16)."""

from __future__ import annotations

from libs.common.seams.ingest.overlaps import OverlappingVisit
from services.portal.monitoring.overlaps import SIGNS, Found, Limits, list_overlaps
from services.portal.reports import choices
from services.portal.reports.declared import About, Asking, Column, Filter, Lines, Place, Report, Row, Values
from services.portal.reports.ranges import check_days
from services.portal.reports.rendering.links import to_visit
from services.portal.web import formats

WITHIN, ACROSS = "Within one provider", "Across providers"


def lines(asking: Asking, values: Values, place: Place | None, limit: int) -> Lines:
    """A part of the pairs."""
    limits: Limits = {
        "organisation": values["organisation"],
        "carer": values["carer"],
        "where": values.get("where"),
        "is_left_running": values["left_running"],
    }
    days = (values["first"], values["last"])
    found, after = list_overlaps(asking.ingest, asking.matching, limits, *days, place, limit)
    return Lines([to_line(one, asking.is_council) for one in found], after)


def to_line(found: Found, is_council: bool) -> Row:
    """A line of the report: two visits of one carer, and the money at stake."""
    pair, stake = found
    one, other = pair["visits"]
    return {
        "day": pair["day"],
        "carer": pair["carer"] or one["carer_ref"],
        "known_by": "Name" if pair["is_across"] else "CarerRef",
        "minutes": f"{pair['seconds'] // 60}",
        "seconds": pair["seconds"],
        "left_running": "; ".join(SIGNS[sign] for sign in pair["left_running"]),
        "at_stake": stake["amount"] if stake else None,
        "unit_cost": stake["unit_cost"] if stake else None,
        "rate_of": ("First visit" if stake["by_first"] else "Second visit") if stake else None,
        "is_council": is_council,
        **_visit_cells("one", one, pair["day"]),
        **_visit_cells("other", other, pair["day"]),
    }


def _visit_cells(which: str, visit: OverlappingVisit, day: str) -> Row:
    times = f"{visit['entry']} to {visit['exit']}"
    return {
        f"{which}_organisation": visit["organisation"],
        f"{which}_carer": visit["carer_ref"],
        f"{which}_ref": visit["ref"],
        f"{which}_client": visit["client"],
        f"{which}_day": visit["day"],
        f"{which}_times": times if visit["day"] == day else f"{times}, {formats.day(visit['day'])}",
    }


def about(asking: Asking, values: Values) -> About:
    """The limits that hold on the last day."""
    held = asking.ask_once(asking.ingest.overlap_limits_of_day, day=values["last"].isoformat())
    notes = [
        f"On {formats.day(values['last'])} visits overlap that run at once for {minutes(held['least_minutes'])} or more."
        f" The first looks left running where it ended within {minutes(held['end_minutes'])} of the second one’s end, or"
        f" lasted {minutes(held['delivered_minutes'])} or more where {minutes(held['planned_minutes'])} or less were"
        " planned: often a carer forgot to log out."
    ]
    if asking.is_council:
        notes.append("These limits are set under Lists.")
    return About(notes=notes)


def minutes(number: int) -> str:
    return formats.counted(number, "minute")


def wheres(asking: Asking, values: Values) -> list[tuple[str, str]]:
    return [("within", WITHIN), ("across", ACROSS)]


def _columns(which: str, band: str) -> tuple[Column, ...]:
    return (
        Column(f"{which}_organisation", "Organisation", band=band, width=1.7),
        Column(f"{which}_carer", "CarerRef", band=band, is_group=True),
        Column(f"{which}_ref", "Visit", band=band, link=to_visit(f"{which}_ref", f"{which}_organisation")),
        Column(f"{which}_client", "SSRef", band=band),
        Column(f"{which}_day", "Date", "day", band=band, is_group=True),
        Column(f"{which}_times", "Delivered", band=band, width=1.5),
    )


REPORT = Report(
    slug="overlapping-visits",
    title="Overlapping Visits",
    words="Find visits in which one carer was in two places at once, by the delivered times, and what that may cost.",
    filters=(
        choices.ORGANISATION,
        Filter("carer", "Carer’s name or CarerRef"),
        Filter("where", "Where", "choice", "Everywhere", wheres, is_for_council=True),
        choices.FIRST,
        choices.LAST,
        Filter("left_running", "Only where the first visit looks left running", "tick"),
    ),
    columns=(
        Column("day", "Day", "day", is_group=True),
        Column("carer", "Carer", width=1.4),
        Column("known_by", "Known by", is_group=True),
        *_columns("one", "First visit"),
        *_columns("other", "Second visit"),
        Column("minutes", "Minutes", "count", width=0.8),
        Column("seconds", "Seconds", "count", is_group=True),
        Column("at_stake", "At stake", "money", width=0.9, nothing="Not paid"),
        Column("unit_cost", "Unit cost", is_group=True),
        Column("rate_of", "Unit cost of", is_group=True),
        Column("left_running", "Left running?", width=1.2),
    ),
    lines=lines,
    place=(str, list),
    headings=(lambda row: formats.day(row["day"]),),
    check=check_days,
    defaults=choices.newest_weeks(1),
    about=about,
    notes=(
        "A carer is known by the CarerRef within a provider. Providers have references of their own, so across providers "
        "a carer is known by the name that both gave: make sure that it is one person.",
        "Minutes are those in which both visits ran. At stake is what they cost by the second at the unit cost of the "
        "visit that was begun first, or of the second where the first is not paid.",
    ),
    empty="No overlap was found.",
)
