"""A provider's office, for the demonstration and for trying out: sends files as the portal sends them for it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from deploy.cli.system import System, amqp_url, store_content

LONGEST_SECONDS = 300


class Office:
    """The office of one provider, which the services know by `who`."""

    def __init__(self, organisation: str, who: str) -> None:
        self.organisation = organisation
        council = System(amqp_url())
        organisation_id = council.ask("matching", "find_organisation", name=organisation)["organisation_id"]
        council.close()
        self._system = System(amqp_url(), {"who": who, "role": "provider", "organisation": organisation_id})

    def close(self) -> None:
        """Give its connections back."""
        self._system.close()

    def sends_carers(self, content: bytes) -> None:
        """Send the provider's carers."""
        _, key = store_content("carers-files", content)
        self._system.ask("ingest", "send_carers_file", organisation=None, object_key=key)

    def sends_visits(self, content: bytes, file_name: str) -> None:
        """Send a visits file and wait until it is applied. RuntimeError when it is not."""
        file_id, key = store_content("visits-files", content)
        facts = {"file_id": file_id, "file_name": file_name, "object_key": key}
        self._system.ask("ingest", "send_visits_file", organisation=None, confirms_itself=True, **facts)
        found = self._system.wait_for(
            lambda: self._system.ask("ingest", "visits_file", file_id=file_id),
            lambda document: document["state"] in ("applied", "refused", "failed"),
            LONGEST_SECONDS,
        )
        if found["state"] != "applied":
            raise RuntimeError(f"{file_name} of {self.organisation} is {found['state']}, not applied")

    def generates_actuals(self, monday: dt.date) -> list[dict[str, Any]]:
        """Make a week's actuals as planned; what there is of the week now."""
        week = self._system.ask("ingest", "generate_actuals", monday=monday.isoformat(), organisation=None)
        actuals: list[dict[str, Any]] = week["actuals"]
        return actuals

    def saves_actual(self, actual: dict[str, Any], lines: Sequence[dict[str, Any]]) -> None:
        """Submit what was delivered in a week of a line item."""
        seen = {"cpli_id": actual["cpli_id"], "monday": actual["week"], "version": actual["version"]}
        self._system.ask("ingest", "save_actual", lines=list(lines), **seen)
