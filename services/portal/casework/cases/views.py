"""Cases as pages show them, and what is said in them; letters go out at once when a provider is asked something."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from services.portal.accounts.environment import Parts
from services.portal.casework.cases.forms import MessageForm
from services.portal.casework.disputes import views as disputes_views
from services.portal.letters import notification_words
from services.portal.letters import store as letters_store
from services.portal.web import access
from services.portal.web.calls import ask, caller, gateway, is_council
from services.portal.web.client_names import client_names
from services.portal.web.people import names_of, provider_names

Row = dict[str, Any]

KEPT_ALL_THE_SAME = "Your message is kept. Somebody else changed this meanwhile, so nothing else was done: look at where it stands."
SUBSCRIPTIONS = {
    "dispute": "disputes",
    "enquiry": "enquiries",
    "action": "actions",
    "review": "reviews",
    "claim": "claims",
}
"""The letters that a provider's people can subscribe to, by kind of case."""


def case(kind: str, case_id: uuid.UUID) -> Row:
    """A case with {"people", "client", "organisation"} in words. Raises Refused ``not_found``."""
    return named([with_people(ask("disputes", "case", kind=kind, case_id=str(case_id)))])[0]


def with_people(found: Row) -> Row:
    """A case with the names of who spoke in it (``people``)."""
    who = (found["opened_by"], *(message["said_by"] for message in found["messages"]))
    found["people"] = names_of(access.the_parts(), access.account(), who)
    return found


def named(found: list[Row]) -> list[Row]:
    """Cases with the client's name (``client``) and the provider's (``organisation``)."""
    names = client_names(
        gateway(), caller(), (row["client_reference"] for row in found if row["client_reference"])
    )
    ids = {row["organisation_id"] for row in found}
    organisations = provider_names(access.the_parts(), gateway(), ids)
    for row in found:
        row["client"] = names.get(row["client_reference"], "")
        row["organisation"] = organisations[row["organisation_id"]]
    return found


def say(kind: str, case_id: uuid.UUID, form: MessageForm, move: str) -> Row:
    """Send a form without faults as a message of a case, with a move or without one; {"state", "is_moved"}."""
    said: Row = ask(
        "disputes",
        "say",
        kind=kind,
        case_id=str(case_id),
        message_id=str(form.id_of_message()),
        move=move,
        **form.said(),
    )
    return said


def tell_provider(
    kind: str, organisation_ids: Iterable[str], sentence: str, path: str, *, about: object
) -> None:
    """At once, a letter to whoever of these providers wants to know ([004] Email Notifications).

    Nothing when a provider asks itself. The sentence names no client; path: of the page to look at; about: the id of
    what was said, of which everybody is told once.
    """
    if is_council():
        write_to_providers(access.the_parts(), kind, organisation_ids, sentence, path, about=about)


def tell_of_raised(parts: Parts, raised: Sequence[Row]) -> None:
    """One letter to each provider of these disputes, once."""
    of_each: dict[str, list[str]] = defaultdict(list)
    for one in raised:
        of_each[one["organisation_id"]].append(one["case_id"])
    for organisation_id, case_ids in of_each.items():
        first = min(case_ids)  # the same one whenever these are told of
        sentence, path = disputes_views.raised_in_words(len(case_ids), first)
        write_to_providers(parts, "dispute", [organisation_id], sentence, path, about=first)


def write_to_providers(
    parts: Parts, kind: str, organisation_ids: Iterable[str], sentence: str, path: str, *, about: object
) -> None:
    """The letters themselves, whoever asked for what they tell.

    That somebody was told is kept beside the letter: what is sent twice is told once, and what failed between the
    message and its letters is told when it is sent again.
    """
    wanted, subscription = set(organisation_ids), SUBSCRIPTIONS[kind]
    with parts.sessions.begin() as transaction:
        for account in letters_store.subscribers(transaction, subscription):
            if str(account.organisation_id) in wanted and letters_store.tell(
                transaction, account.account_id, subscription, str(about), parts.clock()
            ):
                notification_words.case_changed(transaction, parts, account, sentence, path)
