"""The words that pages of payments use for what the service says in codes."""

from __future__ import annotations

from typing import Final

STATES: Final = {
    "current": ("Current", "govuk-tag--blue"),
    "partially finalised": ("Partially finalised", "govuk-tag--yellow"),
    "finalised": ("Finalised", "govuk-tag--green"),
}
"""Of payment periods."""

PORTIONS: Final = {
    "payable": ("Payable", "govuk-tag--green"),
    "cancelled": ("Cancelled", "govuk-tag--red"),
    "suspended": ("Suspended", "govuk-tag--yellow"),
    "carried_forward": ("Carried forward", "govuk-tag--blue"),
    "released": ("Released", "govuk-tag--blue"),
    "in_instalments": ("In instalments", "govuk-tag--blue"),
}
"""How what of an item stands in a period."""

HOLDS: Final = {
    "cancel": "Cancel: it will not be paid",
    "suspend": "Suspend: it waits, and can be released into a later period",
    "carry-forward": "Carry forward: it is paid in the next period instead",
}
"""The holds of a week of care, and what they mean."""

HELD: Final = {
    "cancel": ("Cancelled", "govuk-tag--red"),
    "suspend": ("Suspended", "govuk-tag--yellow"),
    "carry-forward": ("Carried forward", "govuk-tag--blue"),
    "release": ("Released", "govuk-tag--green"),
}
"""How a week stands by the newest decision about it."""

CHARGE_OF_HOLD: Final = {
    "keep": "Charge the client as before",
    "nothing": "Charge nothing for what is held; other care stays charged",
}
"""What is decided about the client’s charge for a held week."""

CHARGE_OF_RELEASE: Final = {
    "keep": "Charge the client for it again",
    "nothing": "Go on charging nothing for it",
}

CHARGED: Final = {"keep": "charged", "nothing": "not charged for what is held"}
"""The same in a list."""

MOVES: Final = {
    "cancel": "Cancel: the payment will not be made",
    "suspend": "Suspend: it waits, and can be released into a later period",
    "carry_forward": "Carry forward: it is paid in the next period instead",
    "split": "Split into instalments: the first is paid in this period, the others in the next ones",
    "release": "Release: it is paid after all, in this period or the earliest open one",
}
"""What can be done with it, and what that means."""

DONE: Final = {
    "cancel": "Cancelled",
    "suspend": "Suspended",
    "carry_forward": "Carried forward",
    "split": "Split into instalments",
    "release": "Released",
}

ANSWERS: Final = {
    "confirmed": ("Confirmed", "govuk-tag--green"),
    "rejected": ("Rejected", "govuk-tag--red"),
}
"""What a provider says about the scheduled payment of a period."""

ANSWERING: Final = {
    "unanswered": "Is the scheduled payment of {payable} right? You can confirm it, or reject it with a reason.",
    "of_all": "You answer for all contracts of this payment period at once.",
    "confirmed": "If something is wrong after all, you can still reject it with a reason.",
    "rejected": "The council looks into it. Once it is settled, you can confirm the payment.",
    "confirmed_before": "What is payable has changed since then to {payable}: confirm it, or reject it with a reason.",
    "rejected_before": "What is payable has changed since then to {payable}: confirm it, or reject it with a reason.",
}
"""What a provider may do with the payment now, by the name of the decision (`rules.answering`)."""

RUNS: Final = {
    "prepared": ("To be approved", "govuk-tag--yellow"),
    "approved": ("Approved", "govuk-tag--green"),
    "rejected": ("Rejected", "govuk-tag--red"),
    "superseded": ("Prepared anew", "govuk-tag--grey"),
}
"""States of payment runs."""

REMARKS: Final = {
    "large_change": "Large change",
    "fell_to_nothing": "Paid last period, nothing now",
    "first_payment": "First payment",
    "below_nothing": "Below nothing by {lacking}: it is a debt once the period is finalised",
    "adjustments": "{adjustments} by hand, {adjusted} in all",
    "holds": "{holds} held, {held}",
    "rejected": "Rejected by the provider",
    "disputes": "{disputes} in dispute, {disputed}",
    "unmatched": "{unmatched} unmatched, about {estimated}",
}
"""What stands out of a provider’s line of a payment run, with its figures."""

REMARKS_OF_ALL: Final = REMARKS | {
    "first_payment": "{first_payments}",
    "below_nothing": "Providers below nothing by {lacking} together: their debts once the period is finalised",
    "rejected": "Rejected by {rejected}",
}
"""The same of all providers together."""
