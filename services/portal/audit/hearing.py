"""Hearing what the command line did: a thread of the portal that takes it from the broker into the audit trail.

It waits in its queue while no portal is up.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid
from datetime import UTC

from libs.common.messaging.commands import SAID, read_command
from libs.common.messaging.failures import Verdict, judge, reason_of
from libs.common.messaging.link import Delivery
from libs.common.messaging.listener import Listener
from libs.common.messaging.topology import COMMANDS_QUEUE, DEAD_LETTERS_EXCHANGE
from libs.common.process import logs
from libs.common.process.database import Sessions
from libs.common.rpc.signing import NotTrusted, Trust, check_role
from libs.common.seams.commands import Forged
from services.portal.audit.commands import keep_command
from services.portal.clients.gateway import Gateway

_log = logs.log(__name__)

ATTEMPTS = 4
PAUSE_SECONDS = 2.0


class CommandsListener(Listener):
    """Hears of each command; what can never be kept goes to the dead letters."""

    def __init__(
        self, sessions: Sessions, gateway: Gateway, amqp_url: str, trust: Trust | None = None
    ) -> None:
        """trust: by whose signature it is known to come from the command line; None: nobody is checked."""
        super().__init__(COMMANDS_QUEUE, sessions, amqp_url, may_declare=False)
        self._factory, self._gateway, self._trust = sessions, gateway, trust

    def _take(self, delivery: Delivery) -> None:
        attempts = 0
        while error := self._kept(delivery):
            verdict = judge(error)
            _log.warning("command_not_kept", exc_info=error)
            if verdict is Verdict.WAIT:
                if not self._await_database(delivery):
                    return
                continue
            attempts += verdict is not Verdict.HELD_UP
            if verdict is Verdict.HOPELESS or attempts == ATTEMPTS:
                self._bury(delivery, error, attempts)
                return
            if self._stop.wait(PAUSE_SECONDS) or not self._link.is_current(delivery):
                return  # it comes again
        self._link.acknowledge(delivery)

    def _kept(self, delivery: Delivery) -> Exception | None:
        try:
            said = read_command(delivery.body)
            forged = self._forged(delivery) if said["part"] != "forged" else None
            keep_command(self._factory, self._gateway, forged or said)
        except Exception as error:  # noqa: BLE001 (the edge of a handler)
            return error
        return None

    def _forged(self, delivery: Delivery) -> Forged | None:
        """What evidence is told of what does not come from the command line; None for what does."""
        properties = delivery.properties
        try:
            if self._trust is not None:
                asker = self._trust.check(
                    SAID, properties.message_id or "", delivery.body, delivery.headers, may_wait=True
                )
                check_role(asker, {"role": "system"})
        except NotTrusted as error:
            _log.warning("command_not_trusted", why=str(error))
            return {
                "part": "forged",
                "action_id": str(uuid.UUID(bytes=hashlib.sha256(delivery.body).digest()[:16])),
                "at": dt.datetime.now(UTC).isoformat(),
                "service": "portal",
                "method": SAID,
                "user": properties.user_id,
                "signed_by": str(delivery.headers.get("signed_by") or "")[:200] or None,
                "why": str(error),
            }
        return None

    def _bury(self, delivery: Delivery, error: Exception, attempts: int) -> None:
        headers = {
            **{name: value for name, value in delivery.headers.items() if not name.startswith("x-")},
            "attempts": attempts,
            "reason": reason_of(error),
            "queue": self.queue,
            "died_at": dt.datetime.now(UTC).isoformat(timespec="milliseconds"),
        }
        self._link.pass_on(delivery, DEAD_LETTERS_EXCHANGE, self.queue, headers)
