"""The rules of contacts and their change requests (RULES 12, [003] Contacts), pure: values in, values out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Final

from libs.common.rights.table import PROVIDER_ROLES

FIELDS: Final = {
    "title": "Title",
    "forename": "Forename",
    "surname": "Surname",
    "address_1": "Address 1",
    "address_2": "Address 2",
    "address_3": "Address 3",
    "town": "Town",
    "county": "County",
    "postcode": "Postcode",
    "country": "Country",
    "uprn": "UPRN",
    "usrn": "USRN",
    "mobile": "Mobile",
    "telephone": "Telephone",
    "fax": "Fax",
    "email": "E-mail",
    "job_title": "Job title",
    "portal_email": "Portal e-mail address",
}
"""What is known of a contact, in the order of [003]'s form, and what pages call it."""
NEEDED: Final = (
    "forename", "surname", "address_1", "town", "postcode", "telephone", "email", "portal_email"
)  # fmt: skip
"""[003] asks for these: a full address is its first line, the town and the postcode."""
LONGEST: Final = 112

KINDS: Final = {
    "update_contact": "Update Contact",
    "new_contact": "New Contact",
    "add_role": "Add Contact Role",
    "remove_role": "Delete Contact Role",
}
MOVES: Final = {"pending": ("accepted", "rejected"), "accepted": (), "rejected": ()}
"""From a state of a change request to the ones that may follow."""
SHOWN_FOR: Final = dt.timedelta(days=31)
"""By default the list has what is not older than a month, and all that is pending."""

Details = Mapping[str, str]
Change = tuple[str, str, str]
"""a field, what it was, what it is to be"""


def changes(before: Details, after: Details) -> list[Change]:
    """The fields that differ, in the order of the form; a field that is not known is empty."""
    return [
        (field, before.get(field, ""), after.get(field, ""))
        for field in FIELDS
        if before.get(field, "") != after.get(field, "")
    ]


def changed(before: Details, wanted: Sequence[Change]) -> dict[str, str]:
    """The details with these changes; other fields stay as they are now."""
    return {**before, **{field: after for field, _, after in wanted}}


def name_of(details: Details) -> str:
    """`Ms Tahmina Miah`; the portal e-mail address where no name is known."""
    parts = (details.get(field, "") for field in ("title", "forename", "surname"))
    return " ".join(filter(None, parts)) or details.get("portal_email", "")


def listed_name(details: Details) -> str:
    """`Miah, Tahmina`, as the list has it."""
    parts = (details.get(field, "") for field in ("surname", "forename"))
    return ", ".join(filter(None, parts)) or details.get("portal_email", "")


def may_move(state: str, to: str) -> bool:
    """Whether a change request may go from one state to the other."""
    return to in MOVES[state]


def account_role(roles: Collection[str]) -> str | None:
    """The role of the account of a contact with these roles: the first of them; None without any.

    A home manager may do all that accounts payable may.
    """
    return next((role for role in PROVIDER_ROLES if role in roles), None)
