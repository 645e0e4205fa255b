"""Commissioned care files for tests."""

import csv
import io
from typing import Any

from libs.common.files.care_headings import HEADINGS


def a_care_row(cpli_id: int, **cells: Any) -> dict[str, str]:
    """A row of a care file: seven hours a week of Personal Care for client A100 with Diamond Home Care Ltd."""
    row = dict.fromkeys(HEADINGS, "") | {
        "CpliId": cpli_id,
        "SSRef": "A100",
        "OrganisationName": "Diamond Home Care Ltd",
        "ServiceName": "Diamond Home Care - DAPL Oxford",
        "Contract": "DAPL",
        "ServiceLevel": "Personal Care",
        "StartDate": "01/08/2022",
        "Quantity": "7.00",
        "Unit": "Hr",
        "Frequency": "Weekly",
        "UnitCost": "20.00",
        "PaymentMethod": "Visits",
        "Authorised": "Y",
        "ContributionCollectedBy": "Council",
    }
    return {heading: str(cell) for heading, cell in (row | cells).items()}


def a_care_file(*rows: dict[str, str]) -> str:
    """These rows as CSV, with all headings."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, HEADINGS)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()
