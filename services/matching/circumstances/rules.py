"""A client's dated circumstances (RULES 1). Pure: values in, values out."""

from services.matching.care.rules import Circumstance

KINDS = (
    "hospital",
    "respite",
    "residential_care",
    "holiday",
    "deceased",
    "gone_private",
    "continuing_health_care",
)


def overlaps(one: Circumstance, other: Circumstance) -> bool:
    """Whether two circumstances of one kind share a day: they would be one."""
    return one.kind == other.kind and one.from_on <= other.last_on and other.from_on <= one.last_on
