"""The columns of the files that providers send (RULES 3), and where each stands in a row that has been read."""

HEADINGS: tuple[str, ...] = (
    "VisitRef",
    "Deleted",
    "PlannedVisitDate",
    "PlannedEntryTime",
    "PlannedExitTime",
    "VisitType",
    "DeliveredVisitDate",
    "DeliveredEntryTime",
    "DeliveredEntryTimeIsOverridden",
    "DeliveredEntryTimeOverrideReason",
    "DeliveredExitTime",
    "DeliveredExitTimeIsOverridden",
    "DeliveredExitTimeOverrideReason",
    "VarianceReason",
    "Comments",
    "ClientRef",
    "SSRef",
    "NHSNumber",
    "ServiceLevelRef",
    "ServiceLevel",
    "CarerRef",
    "ServiceRef",
    "ServiceName",
    "OrganisationRef",
    "OrganisationName",
)

(
    VISIT_REF,
    DELETED,
    PLANNED_DATE,
    PLANNED_ENTRY,
    PLANNED_EXIT,
    VISIT_TYPE,
    DELIVERED_DATE,
    DELIVERED_ENTRY,
    ENTRY_OVERRIDDEN,
    ENTRY_OVERRIDE_REASON,
    DELIVERED_EXIT,
    EXIT_OVERRIDDEN,
    EXIT_OVERRIDE_REASON,
    VARIANCE_REASON,
    COMMENTS,
    CLIENT_REF,
    SSREF,
    NHS_NUMBER,
    SERVICE_LEVEL_REF,
    SERVICE_LEVEL,
    CARER_REF,
    SERVICE_REF,
    SERVICE_NAME,
    ORGANISATION_REF,
    ORGANISATION_NAME,
) = range(len(HEADINGS))

CARER_HEADINGS: tuple[str, ...] = ("CarerRef", "Forename", "Surname")

REASONS = "Reasons"
"""The column that a download of rejected rows has besides the 25."""
