"""Files of actuals for tests."""

import csv
import io

from libs.common.files.actual_files import HEADINGS


def an_actual_row(cpli_id: int = 1, **cells: str) -> dict[str, str]:
    """A row of a file of actuals: an hour on the Monday of the week of 3 October 2022."""
    row = dict.fromkeys(HEADINGS, "") | {
        "CpliId": str(cpli_id),
        "Week": "2022-10-03",
        "Day": "Mon",
        "Delivered": "1:00",
    }
    return row | cells


def an_actuals_file(*rows: dict[str, str]) -> str:
    """These rows as CSV, with all headings."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, HEADINGS)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()
