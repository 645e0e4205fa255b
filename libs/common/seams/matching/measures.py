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
    saving. ``weeks`` are those that were compared, the newest first.
    """

    cpli_id: int
    organisation: str
    direction: str
    commissioned_hours: str
    median_hours: str
    saving_a_year: str
    client_saving_a_year: str
    weeks: list[HoursOfWeek]


class DeliveryPage(TypedDict):
    """Of some organisations, and the id after which the next come; None at the end."""

    items: list[CpliDelivery]
    after: str | None
