"""What a provider reads about a row: one plain sentence for each code, that names the value and says what to do."""

from typing import NamedTuple

from libs.common.files.values import shown

LONGEST_VALUE = 200
"""Characters of a cell that are shown beside what is wrong with it."""


class Problem(NamedTuple):
    """A reason for which a row is rejected, or an issue with which it is stored. It doesn't know its row yet."""

    column: str
    code: str
    message: str
    value: str


_GUID = "copy it from the Commissioned Care Export, or leave it empty"
_EXIT = "enter two different times (an exit before the entry is read as past midnight)"

MESSAGES: dict[str, str] = {
    # the row and its reference
    "columns_shifted": "The row has text ('{value}') beyond the last heading, so its columns have shifted:"
    ' put straight quotation marks (") around a text that holds a comma.',
    "visit_ref_missing": "VisitRef is empty: give each visit a reference of its own.",
    "visit_ref_repeated": "VisitRef '{value}' is on rows {rows}: give each visit a reference of its own.",
    "deleted_unreadable": "Deleted is '{value}': write 0 or N for a visit to keep, 1 or Y for one to delete.",
    "unknown_visit": "There is no visit '{value}' to delete: check the VisitRef, or take the row out.",
    "too_long": "{column} has {length:,} characters and may have {limit:,}: shorten it.",
    "control_character": "{column} holds a control character (U+{point:04X}): type the text again without it.",
    "cannot_be_stored": "The row can't be stored as it is: type its texts again, shorter and in plain letters.",
    # planned
    "planned_date_missing": "PlannedVisitDate is empty: enter the day for which the visit was planned.",
    "planned_date_unreadable": "PlannedVisitDate '{value}' {why}.",
    "planned_entry_missing": "PlannedEntryTime is empty: enter the time at which the visit was planned to start.",
    "planned_entry_unreadable": "PlannedEntryTime '{value}' {why}.",
    "planned_exit_missing": "PlannedExitTime is empty: enter the time at which the visit was planned to end.",
    "planned_exit_unreadable": "PlannedExitTime '{value}' {why}.",
    "planned_no_duration": f"PlannedEntryTime and PlannedExitTime are both {{value}}: {_EXIT}.",
    "planned_in_future": "PlannedVisitDate '{value}' is after today, {today:%d/%m/%Y}: correct the date, or send the"
    " visit of type {type} once its day has come.",
    "planned_far_ahead": "PlannedVisitDate '{value}' is more than 60 days ahead: correct the date, or send the visit"
    " nearer to its day (up to {last:%d/%m/%Y} today).",
    # delivered
    "visit_type_missing": "VisitType is empty: enter one of {types}.",
    "visit_type_unknown": "VisitType '{value}' is not known: enter one of {types}{hint}.",
    "delivered_date_missing": "DeliveredVisitDate is empty: a visit of type {type} was delivered, so enter the day.",
    "delivered_date_unreadable": "DeliveredVisitDate '{value}' {why}.",
    "delivered_date_not_expected": "DeliveredVisitDate is '{value}', but a visit of type {type} was not delivered:"
    " empty it, or change the type.",
    "delivered_entry_missing": "DeliveredEntryTime is empty: a visit of type {type} was delivered, so enter the time.",
    "delivered_entry_unreadable": "DeliveredEntryTime '{value}' {why}.",
    "delivered_entry_not_expected": "DeliveredEntryTime is '{value}', but a visit of type {type} was not delivered:"
    " empty it, or change the type.",
    "delivered_exit_missing": "DeliveredExitTime is empty: a visit of type {type} was delivered, so enter the time.",
    "delivered_exit_unreadable": "DeliveredExitTime '{value}' {why}.",
    "delivered_exit_not_expected": "DeliveredExitTime is '{value}', but a visit of type {type} was not delivered:"
    " empty it, or change the type.",
    "delivered_no_duration": f"DeliveredEntryTime and DeliveredExitTime are both {{value}}: {_EXIT}.",
    "delivered_in_future": "DeliveredVisitDate '{value}' is after today, {today:%d/%m/%Y}: correct the date, or send"
    " the visit once it has been delivered.",
    "overridden_unreadable": "{column} is '{value}': write 1 or Y, 0 or N, or leave it empty.",
    # whom and what it names
    "client_missing": "The row names no client: enter the client's SSRef (or ClientRef or NHSNumber).",
    "guid_malformed": f"{{column}} '{{value}}' is not a GUID such as 5F54B181-1C7B-469E-B37C-4B93FA9EBE1E: {_GUID}.",
    "service_level_missing": "ServiceLevel is empty: enter the service level of the client's care package.",
    "service_level_unknown": "ServiceLevel '{value}' is not on the council's list: enter the service level of the"
    " client's care package.",
    "service_level_ref_unknown": f"ServiceLevelRef {{value}} is not on the council's list: {_GUID}.",
    "service_level_disagrees": "ServiceLevelRef {value} is not the reference of '{name}': correct one, or leave"
    " ServiceLevelRef empty.",
    "service_of_other_organisation": f"ServiceRef {{value}} is a service of another organisation: {_GUID}.",
    "service_disagrees": "ServiceRef {value} is not the reference of '{name}': correct one, or leave ServiceRef empty.",
    "other_organisation": "{column} '{value}' is not your organisation, {name}: leave it empty, or send the row as that"
    " organisation.",
    "organisation_disagrees": "OrganisationRef and OrganisationName name different organisations: correct '{value}', or"
    " leave both empty.",
    "carer_unknown": "CarerRef '{value}' is not one of your carers: import your carers first, or leave it empty.",
    "spreadsheet_number": "{column} '{value}' is what a spreadsheet made of a long number, so its other digits are lost:"
    " take the reference from your rostering program again, and give the column the format of text.",
    "client_noughts": "SSRef '{value}' is not known, but '{meant}' is: a spreadsheet takes noughts from the front of a"
    " number, so write '{meant}', and give the column the format of text.",
    "carer_noughts": "CarerRef '{value}' is not one of your carers, but '{meant}' is: a spreadsheet takes noughts from"
    " the front of a number, so write '{meant}', and give the column the format of text.",
    "carer_ref_missing": "CarerRef is empty: give each carer a reference of their own.",
    "carer_ref_repeated": "CarerRef '{value}' is on rows {rows}: name each carer once, under a reference of their own.",
    # data-quality issues
    "missing_comment": "A visit of type {type} needs a comment: say in Comments what happened.",
    "exceptional_under_an_hour": "The visit is exceptional (E) but took {over} than planned, and has no comment: use E"
    " from an hour over, or say in Comments what happened.",
    "long_visit": "The visit took {over} than planned: check its times, or use type E and a comment for an emergency.",
    "visits_not_required": "Visits of service level '{value}' are not required: leave them out of the file.",
    "nhs_number_check": "NHSNumber '{value}' is not a valid NHS number: check its ten digits.",
    "wrong_delivered_type": "VisitType is {value}, but a delivered visit of '{service}' (contract {contract}) has type"
    " {wanted}.",
    "unplanned_date": "The visit was delivered on {delivered:%d/%m/%Y} and planned for {planned:%d/%m/%Y}, more than a day"
    " apart: check both dates.",
    "over_twelve_hours": "The visit was {kind} for {hours}, more than 12 hours: check whether its entry and exit are"
    " swapped, or on the wrong side of midnight.",
}


def problem(code: str, column: str, value: str = "", **facts: object) -> Problem:
    """A problem with the sentence of its code; `facts` are what the sentence names besides column and value."""
    message = MESSAGES[code].format(column=column, value=shown(value), **facts)
    return Problem(column, code, message, shown(value, LONGEST_VALUE))
