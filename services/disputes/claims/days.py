"""Which days count among the seven of DAPL: calendar days, or (the contract's own words) working days (RULES 10)."""

import datetime as dt
import os
from functools import lru_cache

from libs.common.care.bank_holidays import bank_holidays
from libs.common.errors import ConfigError
from services.disputes.claims.rules import Counts, every_day, working_days

VARIABLE = "CLAIM_DAYS"


def is_counted_here(day: dt.date) -> bool:
    """Whether a day counts, by the environment. Raises ConfigError as `counts_of_environment` does."""
    return counts_of_environment()(day)


@lru_cache(maxsize=1)
def counts_of_environment() -> Counts:
    """By CLAIM_DAYS: calendar (unless it says otherwise) or working. ConfigError for anything else."""
    chosen = os.environ.get(VARIABLE, "") or "calendar"
    if chosen == "calendar":
        return every_day
    if chosen == "working":
        return working_days(frozenset(bank_holidays()))
    raise ConfigError(f"{VARIABLE} can't be “{chosen}”: set it to calendar or working.")
