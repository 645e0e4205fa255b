"""In what a visit differs from a care package line item, as matching compares them (RULES 5). Pure."""

from __future__ import annotations

from libs.common.care.names import fold
from libs.common.seams.ingest.visits import Visit
from libs.common.seams.matching.line_items import LineItem


def misfits(visit: Visit, item: LineItem) -> set[str]:
    """Which of `service`, `service_level`, `start_on` and `end_on` of a line item the visit does not fit."""
    cells = visit["values"]
    planned_on = visit["planned_on"]
    tests = {
        "service": is_service(cells["ServiceRef"], cells["ServiceName"], item),
        "service_level": fold(cells["ServiceLevel"]) == fold(item["service_level"]),
        "start_on": item["start_on"] <= planned_on,
        "end_on": item["end_on"] is None or planned_on <= item["end_on"],
    }
    return {name for name, fits in tests.items() if not fits}


def is_service(ref: str, name: str, item: LineItem) -> bool:
    """RULES 5: the service, when the visit names one, by a former name too; a ref stands for the name where care has
    one."""
    if ref and (item["service_ref"] or not name):
        return ref == item["service_ref"]
    return not name or fold(name) in (fold(item["service"]), *item["former_services"])
