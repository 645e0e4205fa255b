"""All reports, in the order in which they are listed."""

from services.portal.reports import (
    cleansing,
    commissioned,
    more_carers,
    overlapping,
    pending,
    remittance,
    unmatched,
)
from services.portal.reports.declared import Report

REPORTS: tuple[Report, ...] = (
    commissioned.REPORT,
    pending.REPORT,
    remittance.REPORT,
    unmatched.REPORT,
    overlapping.REPORT,
    more_carers.REPORT,
    cleansing.REPORT,
)

UNLISTED: tuple[Report, ...] = (cleansing.ROWS,)
"""Those to which others lead."""
