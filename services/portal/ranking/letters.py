"""Letters to a provider at once, when the council has answered its appeal (RULES 16)."""

from __future__ import annotations

from libs.common.seams.matching.monitoring.ranking import Appeal
from services.portal.letters import notification_words
from services.portal.letters import store as letters_store
from services.portal.web.access import the_parts

SUBSCRIPTION = "rankings"


def tell_of_answer(found: Appeal) -> None:
    """A letter to whoever of the provider wants to know; one each, also where the same is answered twice."""
    parts = the_parts()
    sentence = f"Your appeal against your place on {found['list']} is {found['state']}."
    with parts.sessions.begin() as transaction:
        for account in letters_store.subscribers(transaction, SUBSCRIPTION):
            if str(account.organisation_id) == found["organisation_id"] and letters_store.tell(
                transaction, account.account_id, SUBSCRIPTION, found["appeal_id"], parts.clock()
            ):
                notification_words.case_changed(
                    transaction, parts, account, sentence, f"/ranking/{found['ranking_id']}"
                )
