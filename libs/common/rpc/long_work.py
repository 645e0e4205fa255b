"""Methods of services that are declared to take long: honest work that no limit may cut short, and whoever asks again
meets the same work, or finds it done."""

from __future__ import annotations

from typing import Final

LONG_WORK: Final = frozenset(
    {
        # payments
        "finalise_period",
        "finalising_checklist",
        "prepare_run",
        "approve_run",
        "effect",
        "try_pay_rules",
        "create_invoice",
        "accept_invoice",
        "totals",
        "weeks",
        # matching
        "ranking",
        "propose_ranking",
        "proposed_ranking",
        "measures",
        "measured_visits",
        "area_measures",
        "under_delivery",
        "try_thresholds",
        "set_measure_threshold",
        "set_one_diary",
        "merge_clients",
        "preview_client_merge",
        "match_counts",
        # of several: proposals that are carried out, all said again
        "decide_proposal",
        "resync",
        "retry_set_apart",
    }
)
LONG_SECONDS: Final = 120.0
"""How long a command goes on asking for such work once it seems to be under way."""
