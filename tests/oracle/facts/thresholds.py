"""From what on something counts in monitoring (RULES 16): dated data, with the defaults of the rules."""

import datetime as dt
from collections import defaultdict

DEFAULTS = {
    "late_minutes": 15,
    "early_minutes": 15,
    "short_per_cent": 80,
    "under_minutes": 30,
    "critical_minutes": 15,
    "very_late_is_missed": 0,
    "under_delivery_per_cent": 80,
    "over_delivery_per_cent": 110,
    "weeks_looked_at": 6,
    "weeks_wanted": 4,
}


class Thresholds:
    """What was set of each threshold, by the planned day from which it holds."""

    def __init__(self) -> None:
        self.said: dict[str, dict[dt.date, int]] = defaultdict(dict)

    def on(self, name: str, day: dt.date) -> int:
        """What holds of a threshold for what is planned on a day."""
        begun = [start for start in self.said[name] if start <= day]
        return self.said[name][max(begun)] if begun else DEFAULTS[name]
