"""Letters to providers at once, when the council has begun something, said something or decided ([004] Email Notifications)."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from typing import TypedDict

from services.portal.casework.cases.kinds import KINDS, address_of
from services.portal.casework.cases.words import WORDS
from services.portal.letters import notification_words
from services.portal.letters import store as letters_store
from services.portal.web.access import caller, the_parts

BEGUN = "open"
"""In the words of letters: a case was begun. Otherwise they go by the move that was made, or by nothing."""


class NumberedCase(TypedDict):
    """What a letter needs to know of a case."""

    case_id: str
    number: int
    kind: str
    organisation_id: str


def tell_of_move(case: NumberedCase, move: str, message_id: uuid.UUID) -> None:
    """A letter to the provider of a case, where the council has made this move by this message, or said something."""
    sentence = WORDS[case["kind"]].letters.get(move)
    if sentence is not None:
        told, path = sentence.format(number=case["number"]), address_of(case["kind"], case["case_id"])
        tell_providers(case["kind"], [case["organisation_id"]], told, path, about=message_id)


def tell_providers(
    kind: str,
    organisation_ids: Iterable[str],
    sentence: str,
    path: str,
    *,
    about: object,
    lines: Sequence[str] = (),
) -> None:
    """A letter to whoever of these providers wants to know; none when a provider asks itself.

    The sentence and the lines under it name no client; path: of the page to look at; about: the id of what was said. That somebody was told
    of it is kept beside the letter: what is sent twice is told once, and what failed between the message and its
    letters is told when it is sent again.
    """
    if caller()["organisation"] is not None:
        return
    parts, wanted, subscription = the_parts(), set(organisation_ids), KINDS[kind].many
    with parts.sessions.begin() as transaction:
        for account in letters_store.subscribers(transaction, subscription):
            if str(account.organisation_id) in wanted and letters_store.tell(
                transaction, account.account_id, subscription, str(about), parts.clock()
            ):
                notification_words.case_changed(transaction, parts, account, sentence, path, lines)
