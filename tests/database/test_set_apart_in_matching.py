"""One visit that can't be stored, or one client's week that can't be matched, is set apart; all others are matched."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import text

from libs.common.apart import InParts
from libs.common.outbox import receive
from services.matching.worker import HANDLERS
from tests.care_files import a_care_file, a_care_row
from tests.council import Council
from tests.delivery import Delivery
from tests.said import a_message
from tests.visit_files import a_file, a_row

PROVIDER = "Diamond Home Care Ltd"
DAY = "03/10/2022"


def a_visit(ref: str, client: str, **cells: str) -> tuple[str, ...]:
    facts = {"VisitRef": ref, "SSRef": client, "PlannedVisitDate": DAY, "DeliveredVisitDate": DAY}
    return a_row(**(facts | cells))
