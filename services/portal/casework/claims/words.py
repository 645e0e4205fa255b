"""The states of one-off claims as their pages show them, and who decides."""

from __future__ import annotations

from typing import Final

from libs.common.casework.cases import (
    ACCEPTED,
    CANCELLED,
    CLAIM,
    COUNCIL,
    PENDING,
    REJECTED,
    UNSUBMITTED,
    states_seen_by,
)

TAGS: Final = {
    UNSUBMITTED: "grey",
    PENDING: "yellow",
    ACCEPTED: "green",
    REJECTED: "red",
    CANCELLED: "grey",
}
"""The colour of each."""
"""The roles of the council that decide on claims."""
STATES_OF_COUNCIL: Final = states_seen_by(CLAIM, COUNCIL)
