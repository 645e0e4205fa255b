"""The parts of what ingest holds about a person: visits with their versions, and actuals of their care.

Ingest knows visits by organisation and VisitRef: whose they are, matching says, and asks for them so. A version that
names somebody else (the client was corrected) is that person's, and left out here.
"""

from __future__ import annotations

from typing import Final

from libs.common.subjects.parts import CARER, OF_CPLI, OF_VISITS, Part

_COLUMNS: Final = """
    v.visit_ref, v.version, v.deleted, v.changed_at, v.planned_on, {entry} AS planned_entry, {exit} AS planned_exit,
    v.visit_type, v.delivered_on, {delivered_entry} AS delivered_entry, {delivered_exit} AS delivered_exit,
    v.entry_overridden, v.entry_override_reason, v.exit_overridden, v.exit_override_reason, v.variance_reason,
    v.comments, v.ssref, v.client_ref, v.nhs_number, v.service_level, v.service_name, v.carer_ref,
    array_to_string(v.issues, ', ') AS issues
""".format(
    entry="make_interval(secs => v.planned_entry)::text",
    exit="make_interval(secs => v.planned_exit)::text",
    delivered_entry="make_interval(secs => v.delivered_entry)::text",
    delivered_exit="make_interval(secs => v.delivered_exit)::text",
)
_HEADINGS: Final = (
    *("Provider", "VisitRef", "Version", "Deleted", "Written", "PlannedVisitDate", "PlannedEntryTime"),
    *("PlannedExitTime", "VisitType", "DeliveredVisitDate", "DeliveredEntryTime", "DeliveredExitTime"),
    *("DeliveredEntryTimeIsOverridden", "DeliveredEntryTimeOverrideReason", "DeliveredExitTimeIsOverridden"),
    *("DeliveredExitTimeOverrideReason", "VarianceReason", "Comments", "SSRef", "ClientRef", "NHSNumber"),
    *("ServiceLevel", "ServiceName", CARER, "Data-quality issues"),
)
_PLACE: Final = (
    "v.planned_on || ' ' || v.organisation_id || ' ' || v.visit_ref || ' ' || lpad(v.version::text, 20, '0')"
)
_NAMES_NO_OTHER: Final = """
    (coalesce(nullif(v.ssref, ''), nullif(v.client_ref, ''), nullif(v.nhs_number, '')) IS NULL
    OR coalesce(nullif(v.ssref, ''), nullif(v.client_ref, ''), nullif(v.nhs_number, '')) = ANY(CAST(:names AS text[])))
"""


def _of_visits(table: str) -> str:
    return f"""
    SELECT coalesce({_PLACE}, v.visit_ref) AS place, o.name, {_COLUMNS}
    FROM {OF_VISITS} asked JOIN {table} v USING (organisation_id, visit_ref)
    LEFT JOIN organisations o USING (organisation_id) WHERE {_NAMES_NO_OTHER}
    """


VISITS: Final = Part(
    "visits",
    "Visits",
    "Each visit as it stands, with what was planned and what was delivered. Carers have numbers in place of names.",
    _of_visits("visits"),
    _HEADINGS,
    ("visits",),
    is_prose=True,
    by_visits=True,
)
VERSIONS: Final = Part(
    "visits-before",
    "Visits, as they were before",
    "Each version of a visit that a later one replaced.",
    _of_visits("visit_versions"),
    _HEADINGS,
    ("visit_versions",),
    is_prose=True,
    by_visits=True,
)
DELETIONS: Final = Part(
    "visits-deleted",
    "Why visits were deleted",
    "The reason that was given.",
    f"""
    SELECT d.organisation_id || ' ' || d.visit_ref || ' ' || lpad(d.version::text, 20, '0') AS place, o.name, d.visit_ref,
        d.version, d.reason
    FROM {OF_VISITS} asked JOIN visit_deletions d USING (organisation_id, visit_ref)
    LEFT JOIN organisations o USING (organisation_id)
    """,
    ("Provider", "VisitRef", "Version", "Why"),
    ("visit_deletions",),
    is_prose=True,
    by_visits=True,
)
_ACTUAL: Final = """
    SELECT lpad(a.cpli_id::text, 20, '0') || ' ' || a.monday || ' ' || lpad(a.version::text, 20, '0') AS place, o.name,
        a.cpli_id, a.monday, a.state, a.lines, a.reason, a.changed_at
    FROM {table} a LEFT JOIN organisations o USING (organisation_id) WHERE a.cpli_id {of}
"""
_ACTUAL_HEADINGS: Final = (
    *("Provider", "CpliId", "Week from", "State"),
    *("First day, last day, delivered and frustrated seconds, visits, comment", "Why deleted", "Written"),
)
ACTUALS: Final = Part(
    "actuals",
    "Actuals",
    "What providers entered for a week of care that is paid without visits.",
    _ACTUAL.format(table="actuals", of=OF_CPLI),
    _ACTUAL_HEADINGS,
    ("actuals",),
    is_prose=True,
)
ACTUALS_BEFORE: Final = Part(
    "actuals-before",
    "Actuals, as they were before",
    "Each version that a later one replaced.",
    _ACTUAL.format(table="actual_versions", of=OF_CPLI),
    _ACTUAL_HEADINGS,
    ("actual_versions",),
    is_prose=True,
)
PARTS: Final = (VISITS, VERSIONS, DELETIONS, ACTUALS, ACTUALS_BEFORE)
LEFT_OUT: Final = {
    "actual_packages": "a copy of commissioned care, which matching holds",
    "client_references": "a copy of references, which matching holds",
    "staged_visits": "rows of files under check, for 7 days; they are visits once they are applied",
    "file_errors": "rejected rows, kept with their file of many people: they name nobody whom the system knows",
    "carers": "carers, not clients",
}
"""Tables that name clients or their visits and care, and are in no part, each with the reason."""
