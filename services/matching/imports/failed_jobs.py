"""Care imports whose message died: they end in a stated failure. One that is sent back is taken up where it failed."""

import uuid
from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy.orm import Session

from libs.common.operations.dead_letters import DeadLetter
from services.matching.imports import store

SENTENCES: Final = {
    "checking": "The care file could not be checked, and nothing of it was stored: send it again, and if that fails"
    " too, have operations look for it by its number, {id}.",
    "importing": "The care file could not be imported, and nothing of it was stored: send it again, and if that fails"
    " too, have operations look for it by its number, {id}.",
}


def end_job(session: Session, letter: DeadLetter) -> None:
    """The import that a dead letter asked for fails."""
    if letter.event != "care_import_wanted":
        return
    try:
        import_id = uuid.UUID(letter.cause_id)
    except ValueError:
        return
    found = store.care_import(session, import_id, lock=True)
    if found is not None and found["state"] in SENTENCES:
        state = found["state"]
        sentence = SENTENCES[state].format(id=import_id)
        store.end_import(session, import_id, state="failed", failed_in=state, refusal=sentence)


def state_at_work(found: Mapping[str, Any] | None) -> str | None:
    """In which state a file waits for its message, also after it failed in it; None for one that waits no more."""
    if found is None:
        return None
    state: str = found["failed_in"] if found["state"] == "failed" else found["state"]
    return state if state in SENTENCES else None
