"""The council's lists: visit types and service levels."""

from tests.oracle.facts.values import fold

DELIVERED = ("DHS", "DHF", "E")
FRUSTRATED = ("C", "U")
NOT_PAID = ("C24", "H")
LEVELS_WITH_VISITS = (
    "Personal Care",
    "Continuing Care",
    "Medication Only",
    "Fast Track",
    "Home Support - Urgent Care",
    "HTLAH Maintenance",
    "HTLAH Developmental",
    "Home Support",
)
LEVELS_WITHOUT_VISITS = (
    "Live in care",
    "Extra care housing core charges",
    "Extra care housing block payments",
    "Reablement episodes",
)
LEVEL_ALIASES = {"HTLAH - Maintenance": "HTLAH Maintenance", "HTLAH - Developmental": "HTLAH Developmental"}
LEVELS = {fold(name): name for name in (*LEVELS_WITH_VISITS, *LEVELS_WITHOUT_VISITS)} | {
    fold(alias): name for alias, name in LEVEL_ALIASES.items()
}
