"""Measures of organisations, and consistent under-delivery (RULES 16)."""

from __future__ import annotations

from typing import TypedDict


class Measures(TypedDict):
    """An organisation's measures: counts; shares in per cent (one decimal), hours and continuity (two) as text.

    None where there is nothing to divide by.
    """

    delivered: int
    frustrated: int
    cancelled: int
    hospital: int
    missed: int
    late: int
    early: int
    very_late: int
    short: int
    logged_share: str | None
    under_30_share: str | None
    continuity: str | None
    hours_delivered: str
    hours_commissioned: str
    time_critical_share: str | None


class MeasuresAndWholes(Measures):
    """An organisation's measures with what counts are parts of, beside ``delivered``.

    ``delivered_singly`` are the delivered visits without those of one diary, of which ``late``, ``early``,
    ``very_late``, ``short`` and the share under 30 minutes are parts; ``slots_wanted`` the slots × carers wanted, of
    which ``missed`` is one.
    """

    delivered_singly: int
    slots_wanted: int


class MeasuresPage(TypedDict):
    """Measures by the organisation's present name, and the id after which the next organisations come; None at the end."""

    organisations: dict[str, MeasuresAndWholes]
    after: str | None


class AreaMeasures(TypedDict):
    """Measures of all organisations together: shares over the sums, continuity over all clients.

    ``providers`` sent any visit in the span; ``measures`` is None where they are fewer than three. ``stale_weeks`` of
    organisations count as they were measured last: none but for a while after much was changed at once.
    """

    providers: int
    measures: MeasuresAndWholes | None
    stale_weeks: int


def shown_measures(measures: Measures) -> Measures:
    """The measures that everybody is shown, in their order, without what they are parts of."""
    shown: Measures = {name: measures[name] for name in Measures.__annotations__}  # type: ignore[literal-required, assignment, misc]
    return shown


class HoursOfWeek(TypedDict):
    """A week by its Monday, with its delivered and frustrated hours."""

    monday: str
    hours: str


class CpliDelivery(TypedDict):
    """A CPLI of which less (``under``) or more (``over``) is delivered than commissioned.

    Hours a week and pounds a year, as text with two decimals; ``client_saving_a_year`` is the client's part of the
    saving. ``weeks`` are those that were compared, the newest first, ``delivered_hours`` their mean. What the council
    or the client would save is None for a provider.
    """

    cpli_id: int
    organisation: str
    client: str
    direction: str
    commissioned_hours: str
    delivered_hours: str
    median_hours: str
    saving_a_year: str | None
    client_saving_a_year: str | None
    weeks: list[HoursOfWeek]


class DeliveryPage(TypedDict):
    """Of some organisations, and the id after which the next come; None at the end."""

    items: list[CpliDelivery]
    after: str | None


class MeasuredVisit(TypedDict):
    """A visit that made a measure. ``late_seconds``: how long after planned it began, below nought before it; None
    where nothing was delivered. Times are seconds since midnight; a delivered entry on a later day is 86,400 or more.
    """

    visit_ref: str
    client: str
    cpli_id: int
    visit_type: str
    day: str
    planned_entry: int
    planned_exit: int
    delivered_entry: int | None
    delivered_seconds: int | None
    late_seconds: int | None
    is_overridden: bool
    carer_ref: str


class MissedSlots(TypedDict):
    """A line item's day with fewer visits than slots: ``wanted`` slots × carers, ``visits`` of whatever type."""

    day: str
    cpli_id: int
    client: str
    wanted: int
    visits: int
    missed: int


class CriticalSlot(TypedDict):
    """A time-critical slot of a day, and the visits that were planned on it."""

    day: str
    cpli_id: int
    client: str
    entry: int
    exit: int
    is_kept: bool
    visits: list[str]


class CommissionedHours(TypedDict):
    """The hours commissioned of a line item over a span."""

    cpli_id: int
    client: str
    hours: str


class MeasuredPage(TypedDict):
    """What made a measure, in the order of days, and the day after which the next page begins; None at the end.

    Visits for most measures; slots by day for *missed* and *time-critical*, line items for *hours commissioned*.
    """

    visits: list[MeasuredVisit]
    missed: list[MissedSlots]
    critical: list[CriticalSlot]
    commissioned: list[CommissionedHours]
    after: str | None


class ThresholdChange(TypedDict):
    """A threshold as somebody set it; ``state``: ``current``, ``coming``, ``past`` or ``replaced``."""

    effective_from: str
    value: int
    state: str
    set_by: str
    set_at: str


class MeasureThreshold(TypedDict):
    """What holds of a threshold today, since which planned day (None: it is the default), what it can be, and all that was set."""

    name: str
    value: int
    since: str | None
    default: int
    lowest: int
    highest: int
    changes: list[ThresholdChange]


class TriedMeasures(TypedDict):
    """An organisation's measures by the thresholds that hold, and by those that are tried."""

    held: Measures
    tried: Measures


class TriedPage(TypedDict):
    """Of some organisations, and the id after which the next come; None at the end."""

    organisations: dict[str, TriedMeasures]
    after: str | None


class OneDiary(TypedDict):
    """What was said last of a contract (by its folded name) or a line item: monitored by total hours or not."""

    contract: str | None
    cpli_id: int | None
    is_one_diary: bool
    set_by: str
    set_at: str
