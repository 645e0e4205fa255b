"""What the guide says in tables: the visits file (RULES 3, [003]), visit types (RULES 6) and scenarios ([003])."""

from __future__ import annotations

from typing import Final, NamedTuple

_DATE = "Date: 3/10/2022, 03-Oct-22, 3 Oct 2022 or 2022-10-03; the day comes first"
_TIME = "Time: 8:30 or 08:30:15, up to 23:59:59"
_FLAG = "0 or 1, No or Yes"
_ID = "An id of the Commissioned Care Export"
ALWAYS, SOMETIMES, MAY = "Always", "Sometimes", "May be empty"


class Heading(NamedTuple):
    """One column of the visits file."""

    name: str
    needed: str
    form: str
    note: str


HEADINGS: Final = (
    Heading(
        "VisitRef",
        ALWAYS,
        "Text, up to 50 characters",
        "Your own reference of the visit, another one on each row. Send it again to correct the visit.",
    ),
    Heading("Deleted", MAY, _FLAG, "1 deletes the visit; then only VisitRef is needed. Empty is 0."),
    Heading(
        "PlannedVisitDate",
        ALWAYS,
        _DATE,
        "As agreed for the care package. Not in the future; for C24 and H at most 60 days ahead.",
    ),
    Heading("PlannedEntryTime", ALWAYS, _TIME, "As agreed. An exit before the entry is on the next day."),
    Heading("PlannedExitTime", ALWAYS, _TIME, "As agreed; not the same as the entry."),
    Heading("VisitType", ALWAYS, "A reference: DHS, DHF, E, C, U, C24 or H", "What became of the visit."),
    Heading("DeliveredVisitDate", SOMETIMES, _DATE, "For DHS, DHF and E alone. Not in the future."),
    Heading("DeliveredEntryTime", SOMETIMES, _TIME, "For DHS, DHF and E alone."),
    Heading("DeliveredEntryTimeIsOverridden", MAY, _FLAG, "When you correct a visit that was sent before."),
    Heading("DeliveredEntryTimeOverrideReason", MAY, "Text, up to 8,000 characters", "Why it was corrected."),
    Heading("DeliveredExitTime", SOMETIMES, _TIME, "For DHS, DHF and E alone."),
    Heading("DeliveredExitTimeIsOverridden", MAY, _FLAG, "When you correct a visit that was sent before."),
    Heading("DeliveredExitTimeOverrideReason", MAY, "Text, up to 8,000 characters", "Why it was corrected."),
    Heading("VarianceReason", MAY, "Text, up to 8,000 characters", "Why times differ from the plan."),
    Heading("Comments", SOMETIMES, "Text, up to 8,000 characters", "For E, U, C and C24: say what happened."),
    Heading("ClientRef", MAY, _ID, "Stands in for SSRef."),
    Heading(
        "SSRef",
        ALWAYS,
        "Text, up to 50 characters",
        "The council’s reference of the client. A row needs this, ClientRef or NHSNumber.",
    ),
    Heading("NHSNumber", MAY, "Ten digits", "Stands in for SSRef."),
    Heading("ServiceLevelRef", MAY, _ID, "Stands in for ServiceLevel."),
    Heading(
        "ServiceLevel",
        ALWAYS,
        "Text, up to 100 characters",
        "As the care package line item has it, such as Personal Care.",
    ),
    Heading("CarerRef", MAY, "Text, up to 100 characters", "One of the carers that you imported before."),
    Heading("ServiceRef", MAY, _ID, "Stands in for ServiceName."),
    Heading(
        "ServiceName",
        ALWAYS,
        "Text, up to 112 characters",
        "As the care package line item has it, with the zone.",
    ),
    Heading("OrganisationRef", MAY, _ID, "Your own organisation’s, if you fill it."),
    Heading(
        "OrganisationName", MAY, "Text, up to 112 characters", "Your own organisation’s, if you fill it."
    ),
)


class VisitType(NamedTuple):
    """How a visit type is used and paid."""

    ref: str
    use: str
    paid: str
    delivered: str
    comment: str


VISIT_TYPES: Final = (
    VisitType(
        "DHS", "The visit was made (all contracts but LWAH).", "Paid and charged", "Needed", "May be empty"
    ),
    VisitType(
        "DHF", "The visit was made, on the LWAH contract.", "Paid and charged", "Needed", "May be empty"
    ),
    VisitType(
        "E",
        "An emergency kept the carer for at least an hour over the plan, or an extra visit was approved.",
        "Paid and charged",
        "Needed",
        "Needed",
    ),
    VisitType(
        "C",
        "The client cancelled with less than 24 hours’ notice, or without any.",
        "Paid and charged on the planned time",
        "Left empty",
        "Needed",
    ),
    VisitType(
        "U",
        "The carer came, or tried to, and could not give the care: nobody opened, for example.",
        "Paid and charged on the planned time",
        "Left empty",
        "Needed",
    ),
    VisitType(
        "C24",
        "The client cancelled with more than 24 hours’ notice.",
        "Neither paid nor charged",
        "Left empty",
        "Needed",
    ),
    VisitType("H", "The client is in hospital.", "Neither paid nor charged", "Left empty", "May be empty"),
)


class Scenario(NamedTuple):
    """A case that is not a plain visit, and how it is sent."""

    title: str
    what_to_do: tuple[str, ...]


SCENARIOS: Final = (
    Scenario(
        "Two carers come together (double-handed care)",
        (
            "Send two rows for each call, one for each carer, each with a VisitRef of its own.",
            "Begin the comment of the second with Double-Handed, such as: Double-Handed - 2nd carer.",
        ),
    ),
    Scenario(
        "A second care package for planned extra care",
        (
            "The extra visits are planned, so they are DHS when they were made, not E.",
            "They match by their planned times: use those of the second package.",
        ),
    ),
    Scenario(
        "An extra visit in an emergency",
        (
            "Send it as a row of its own with the visit type E and a comment that says who agreed to it.",
            "The planned visit of that day stays as it is, on its own row.",
        ),
    ),
    Scenario(
        "The client wants to be taken to an appointment",
        (
            "Have it approved by Adult Social Care first, in writing.",
            "Then send an extra row with the visit type E and a comment.",
        ),
    ),
    Scenario(
        "The client wants another time",
        (
            "Now and then: send the planned times as agreed, the delivered times as they were, and a comment.",
            "Always: ask the council to change the care package.",
        ),
    ),
    Scenario(
        "Social work asks for a few extra visits",
        (
            "Where no second care package is set up for them: have it confirmed in writing, then send extra rows "
            "with the visit type E and a comment.",
        ),
    ),
    Scenario(
        "A client ends the care without the agreed notice",
        (
            "Send the visits of the notice period with the visit type C. They are paid and charged as planned.",
            "The council ends the care package on the last day of the notice period.",
        ),
    ),
)
