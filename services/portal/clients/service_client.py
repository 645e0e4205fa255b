"""What every typed client is made of. A client has a method for each of its service's, and nothing else asks by RPC."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from libs.common.rpc import SYSTEM, Caller
from libs.common.seams.operations import Buried, ProgressCounts, SetApart, WhyApart
from libs.common.seams.subjects import AskedAbout, HeldPart, HeldRows
from services.portal.clients.gateway import Gateway
from services.portal.clients.settings import SETTINGS, note_change


class ServiceClient:
    """Asks one service for one caller.

    Every method raises Refused, with the code that the service gives, and ServiceUnavailable when it does not answer
    in time: whether it was done is not known then, and the same may be asked again.
    """

    service: ClassVar[str]

    def __init__(self, gateway: Gateway, caller: Caller, *, is_quick: bool = False) -> None:
        """is_quick: for what a page can do without; waits PRESENCE_SECONDS instead of CALL_SECONDS."""
        self._call = gateway.ask_quickly if is_quick else gateway.ask
        self._caller = caller

    def _ask(self, method: str, **payload: object) -> Any:
        """The answer, as the service's document for this method says (`libs.common.seams`)."""
        if method in SETTINGS:
            return self._set(method, payload)
        return self._call(self.service, method, self._caller, **payload)

    def _set(self, method: str, payload: dict[str, Any]) -> Any:
        """Set something, and have evidence say what it was and is."""
        reading = SETTINGS[method]
        taken = {name: payload[name] for name in reading.takes}
        before = self._call(self.service, reading.method, SYSTEM, **taken)
        answer = self._call(self.service, method, self._caller, **payload)
        after = self._call(self.service, reading.method, SYSTEM, **taken)
        note_change(reading.method.replace("_", " "), before, after)
        return answer

    def waiting(self) -> dict[str, int]:
        """What waits for the caller, in numbers by name."""
        return self._ask("waiting")

    def progress(self, *, cause_id: str | None = None) -> ProgressCounts:
        """How many messages the service emitted and heard, by event: for one cause, or all that ever were."""
        return self._ask("progress", cause_id=cause_id)

    def set_apart(self) -> list[SetApart]:
        """What is set apart, the oldest first. Council only."""
        return self._ask("set_apart")

    def why_apart(self, *, things: list[tuple[str, str]]) -> list[WhyApart]:
        """Those of these things, by kind and key, that are set apart, as far as the caller may see them."""
        return self._ask("why_apart", things=things)

    def dead_letters(self) -> list[Buried]:
        """Messages of this service that could not be handled, and those of them that were discarded. Council only."""
        return self._ask("dead_letters")

    def discard_dead_letter(self, *, message_id: str, why: str) -> None:
        """Decide that a message need never be handled. Raises Refused ``not_found``, ``already_discarded``."""
        self._ask("discard_dead_letter", message_id=message_id, why=why)

    def count_listed(self, *, listed: str, asked: dict[str, Any]) -> int:
        """How many rows the list that this method answers has in all, one more than COUNTED_TO where there are more."""
        return self._ask("count_listed", listed=listed, asked=asked)

    def held_objects(self, *, keys: list[str]) -> dict[str, str | None]:
        """Those of these stored objects that the service needs, with the id of the organisation whose they are."""
        return self._ask("held_objects", keys=keys)

    def held_parts(self) -> list[HeldPart]:
        """The parts of what the service holds about a person. Council only."""
        return self._ask("held_parts")

    def held_rows(self, *, part: str, about: AskedAbout, after: str | None) -> HeldRows:
        """A page of a part. Council only; raises Refused ``not_found``."""
        return self._ask("held_rows", part=part, after=after, **about)

    def retry_set_apart(self, *, apart_id: uuid.UUID | None) -> int:
        """Have what is set apart tried again, or all; how many things. Council only."""
        return self._ask("retry_set_apart", apart_id=apart_id)
