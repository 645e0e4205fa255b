"""All reports, in the order in which they are listed."""

from services.portal.reports import commissioned, overlapping, pending, remittance, unmatched
from services.portal.reports.declared import Report

REPORTS: tuple[Report, ...] = (
    commissioned.REPORT,
    pending.REPORT,
    remittance.REPORT,
    unmatched.REPORT,
    overlapping.REPORT,
)
