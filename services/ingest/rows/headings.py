"""The columns of the files that providers send (RULES 3), and where each stands in a row that has been read."""

from libs.common.files import visit_headings

HEADINGS = visit_headings.HEADINGS

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

CLIENT = (SSREF, CLIENT_REF, NHS_NUMBER)
"""The identifiers of a client, the one that counts first (RULES 5)."""

CARER_HEADINGS: tuple[str, ...] = ("CarerRef", "Forename", "Surname")
