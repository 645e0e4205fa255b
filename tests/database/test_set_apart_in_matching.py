"""One visit that can't be stored, or one client's week that can't be matched, is set apart; all others are matched."""

from tests.visit_files import a_row

PROVIDER = "Diamond Home Care Ltd"
DAY = "03/10/2022"


def a_visit(ref: str, client: str, **cells: str) -> tuple[str, ...]:
    facts = {"VisitRef": ref, "SSRef": client, "PlannedVisitDate": DAY, "DeliveredVisitDate": DAY}
    return a_row(**(facts | cells))
