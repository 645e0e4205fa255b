"""The council's lists as they are before it changes them: visit types (RULES 6) and service levels (RULES 2)."""

from typing import Final, Literal, NamedTuple

PAYMENT_METHODS: Final = ("Visits", "Actuals", "Invoice")
"""How a care package line item is paid (RULES 2, 13)."""


class VisitType(NamedTuple):
    """`basis` is the time that is paid and charged; None when neither is."""

    ref: str
    name: str
    delivered: bool
    paid: bool
    charged: bool
    basis: Literal["delivered", "planned"] | None


class ServiceLevel(NamedTuple):
    """`aliases` are other spellings that providers and contracts use for the same level."""

    name: str
    requires_visits: bool
    aliases: tuple[str, ...] = ()


DEFAULT_VISIT_TYPES: tuple[VisitType, ...] = (
    VisitType("DHS", "Delivered - Home Support", True, True, True, "delivered"),
    VisitType("DHF", "Delivered - Home First (LWAH)", True, True, True, "delivered"),
    VisitType("E", "Exceptional", True, True, True, "delivered"),
    VisitType("C", "Cancelled < 24", False, True, True, "planned"),
    VisitType("U", "Undeliverable", False, True, True, "planned"),
    VisitType("C24", "Cancelled > 24", False, False, False, None),
    VisitType("H", "Hospital", False, False, False, None),
)

DEFAULT_SERVICE_LEVELS: tuple[ServiceLevel, ...] = (
    ServiceLevel("Personal Care", True),
    ServiceLevel("Continuing Care", True),
    ServiceLevel("Medication Only", True),
    ServiceLevel("Fast Track", True),
    # The en dash folds to the hyphen; it is listed because the council's own list is written with it.
    ServiceLevel("Home Support - Urgent Care", True, ("Home Support – Urgent Care",)),
    ServiceLevel("HTLAH Maintenance", True, ("HTLAH - Maintenance",)),
    ServiceLevel("HTLAH Developmental", True, ("HTLAH - Developmental",)),
    ServiceLevel("Home Support", True),
    ServiceLevel("Live in care", False),
    ServiceLevel("Extra care housing core charges", False),
    ServiceLevel("Extra care housing block payments", False),
    ServiceLevel("Reablement episodes", False),
)
