"""Letters to providers at once, when the council has sent, accepted or ended a breach notice (RULES 16)."""

from __future__ import annotations

from flask import url_for

from services.portal.concerns.words import LETTERS
from services.portal.letters import notification_words
from services.portal.letters import store as letters_store
from services.portal.web.access import the_parts
from services.portal.web.calls import disputes

SUBSCRIPTION = "breach_notices"


def tell_of_notice(notice_id: str | None, move: str, about: object) -> None:
    """A letter to whoever of the provider wants to know; none where the move ended no notice.

    about: the id of the step, so that what is sent twice is told once. The letter names no client.
    """
    if notice_id is None or move not in LETTERS:
        return
    found, parts = disputes().breach_notice(notice_id=notice_id), the_parts()
    sentence = LETTERS[move].format(number=found["number"])
    path = url_for("breach_notices.one", notice_id=notice_id)
    with parts.sessions.begin() as transaction:
        for account in letters_store.subscribers(transaction, SUBSCRIPTION):
            if str(account.organisation_id) == found["organisation_id"] and letters_store.tell(
                transaction, account.account_id, SUBSCRIPTION, str(about), parts.clock()
            ):
                notification_words.case_changed(transaction, parts, account, sentence, path)
