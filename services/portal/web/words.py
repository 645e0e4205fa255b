"""The words that pages use for what services say in codes."""

from __future__ import annotations

from typing import Final, NamedTuple

VISIT_TYPES: Final = {
    "DHS": "Delivered - Home Support",
    "DHF": "Delivered - Home First",
    "E": "Exceptional",
    "C": "Cancelled < 24",
    "U": "Undeliverable",
    "C24": "Cancelled > 24",
    "H": "Hospital",
}
"""RULES 6."""


class Reason(NamedTuple):
    """Why a visit has no match (RULES 5), and what its provider can do."""

    why: str
    what_to_do: str


REASONS: Final = {
    "no_package": Reason(
        "There is no care package for this client with the organisation",
        "Check the client’s SSRef. If it is right, the council may not have set the package up yet: the visit will "
        "match by itself once it has.",
    ),
    "wrong_service": Reason(
        "The client has no care package of this service",
        "Copy the service name, with its zone, from the care package line item and send the visit again.",
    ),
    "wrong_service_level": Reason(
        "The client has no care package of this service level",
        "Copy the service level from the care package line item and send the visit again.",
    ),
    "visits_not_required": Reason(
        "Visits are not required for this service level", "Delete the visit: it needs no visits data."
    ),
    "invoice_case": Reason(
        "This care is not paid from visits",
        "It is paid by invoice or by actuals: delete the visit and leave this client out of the file.",
    ),
    "not_authorised": Reason(
        "The care package is not authorised yet",
        "Nothing to do: the visit will match by itself once the council has authorised the package.",
    ),
    "suspended": Reason(
        "The care package is suspended on the planned date",
        "Check the date. If care was given, ask the council about the suspension.",
    ),
    "before_start": Reason(
        "The planned date is before the care package starts",
        "Check the date against the start of the care package line item, and send the visit again.",
    ),
    "after_end": Reason(
        "The planned date is after the care package ended",
        "Check the date against the end of the care package line item. Delete the visit if it was sent in error.",
    ),
    "between_packages": Reason(
        "The planned date is between two care packages",
        "Check the date against the start and end of the care package line items, and send the visit again.",
    ),
}

REASONS_FOR_DELETION: Final = (
    "Live in care: visits data is not required",
    "SPOT package of care",
    "Continuing health care client",
    "The visit is before the start date of the care package line item",
    "The visit is after the end date of the care package line item",
    "The client has died",
    "The client has gone private",
    "The package of care did not go ahead",
    "Wrong zone in the service name",
    "Wrong service level",
)
"""The guide's common ones, which anybody who may delete a visit may choose."""

STATUS_TAGS: Final = {
    "New": "govuk-tag--blue",
    "Matched": "govuk-tag--green",
    "Unmatched": "govuk-tag--red",
    "Missing Data": "govuk-tag--yellow",
    "Deleted": "govuk-tag--grey",
}

ISSUES: Final = {
    "missing_comment": "It needs a comment",
    "exceptional_under_an_hour": "Exceptional, but less than an hour over and without a comment",
    "long_visit": "At least an hour longer than planned",
    "visits_not_required": "Its service level needs no visits data",
    "nhs_number_check": "The NHS number is not a valid one",
    "wrong_delivered_type": "The visit type is not the one of this contract",
    "unplanned_date": "Delivered more than a day from the planned date",
    "over_twelve_hours": "Planned or delivered for more than twelve hours",
}
"""RULES 3: stored with a data-quality issue."""

FILE_STATES: Final = {
    "checking": ("Being checked", "govuk-tag--blue"),
    "checked": ("To be confirmed", "govuk-tag--yellow"),
    "refused": ("Refused", "govuk-tag--red"),
    "applying": ("Being updated", "govuk-tag--blue"),
    "applied": ("Updated", "govuk-tag--green"),
    "cancelled": ("Cancelled", "govuk-tag--grey"),
    "failed": ("Failed", "govuk-tag--red"),
}

CARE_STATES: Final = FILE_STATES | {
    "importing": FILE_STATES["applying"],
    "imported": FILE_STATES["applied"],
}

CIRCUMSTANCES: Final = {
    "hospital": "In hospital",
    "respite": "In respite care",
    "residential_care": "In residential care",
    "holiday": "On holiday",
    "deceased": "Deceased",
    "gone_private": "Gone private",
    "continuing_health_care": "Continuing health care",
}
"""RULES 1, 2."""

KINDS: Final = {
    "cost": "Cost",
    "income": "Income (deduction)",
    "adjustment": "Adjustment",
    "manual": "Manual adjustment",
    "claim": "One-off claim",
    "one_off": "One-off payment",
    "vat": "VAT",
    "debt": "Debt that comes off",
    "debt_carried": "Debt carried on",
    "debt_written_off": "Debt written off",
}

_ADVICE: Final = {
    "columns_shifted": "Put quotation marks around text that holds a comma",
    "visit_ref_repeated": "Give each visit a reference of its own",
    "unknown_visit": "Check the VisitRef of visits to delete",
    "visit_type_unknown": "Enter a visit type of the list",
    "service_level_unknown": "Enter a service level of the council’s list",
    "carer_unknown": "Import your carers first, or leave CarerRef empty",
    "too_long": "Shorten {column}",
    "control_character": "Type {column} again, without control characters",
    "delivered_in_future": "Correct dates of delivery after today",
    "planned_in_future": "Correct planned dates after today",
    "planned_far_ahead": "Correct planned dates more than 60 days ahead",
    "carer_ref_repeated": "Name each carer once",
    "missing_comment": "Add a comment where one is needed",
    "long_visit": "Check visits of an hour or more over plan",
    "nhs_number_check": "Check NHS numbers",
    "missing": "Enter {column}",
    "client_missing": "Enter an SSRef, ClientRef or NHSNumber",
    "two_clients": "Correct identifiers that belong to two clients",
    "two_organisations": "Correct organisations whose ref and name disagree",
    "two_services": "Correct services whose ref and name disagree",
    "two_levels": "Correct service levels whose ref and name disagree",
    "end_before_start": "Correct EndDates before StartDates",
    "guid_malformed": "Correct {column}",
    "unplanned_date": "Check visits delivered more than a day from plan",
    "over_twelve_hours": "Check visits of more than twelve hours",
    "headings_again": "Take out the headings once more",
    "spreadsheet_number": "Take {column} from your own system again, where a spreadsheet made a number of it",
    "client_noughts": "Put back the noughts that a spreadsheet took from SSRef",
    "carer_noughts": "Put back the noughts that a spreadsheet took from CarerRef",
}
_ADVICE_BY_END: Final = {
    "_missing": "Enter {column}",
    "_unreadable": "Correct {column}",
    "_not_expected": "Empty {column}, or change the visit type",
    "_no_duration": "Enter two different times",
    "_unknown": "Use a known {column}",
    "_disagrees": "Make {column} agree, or leave it empty",
}


def advice(code: str, column: str, rows: int) -> str:
    """What to do about one kind of finding, and in how many rows: `Enter PlannedVisitDate in 2 rows`."""
    by_end = next((words for end, words in _ADVICE_BY_END.items() if code.endswith(end)), "Check {column}")
    words = _ADVICE.get(code, by_end).format(column=column)
    return f"{words} in {rows:,} row{'' if rows == 1 else 's'}"
