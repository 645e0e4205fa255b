"""Actuals as they are drawn: weeks saved as planned, with less, frustrated, with more than planned, and deleted."""

import datetime as dt
import random

from tests.oracle.lives.care import DrawnCare
from tests.oracle.lives.visits import MONDAYS
from tests.oracle.money.actuals import Entered
from tests.oracle.story import Story


class DrawnActuals:
    """Draws what providers enter, by a chance of its own."""

    def __init__(self, rnd: random.Random, story: Story, care: DrawnCare) -> None:
        self.rnd, self.story, self.care = rnd, story, care
        self.told: list[str] = []

    def begin(self) -> None:
        """Some care is paid by actuals from now on."""
        known = self.care.rows
        rows = [known[i] for i in self.rnd.sample(sorted(known), min(4, len(known)))]
        self.care.send([row | {"PaymentMethod": "Actuals", "Unit": "Hr", "Authorised": "Y"} for row in rows])

    def enter(self) -> None:
        """Some weeks of such care are saved, or saved anew, or deleted."""
        packages = self.story.oracle.care.packages.values()
        known = sorted(p.cpli_id for p in packages if self.story.oracle.actuals.is_paid_so(p))
        for cpli_id in self.rnd.sample(known, min(3, len(known))):
            monday = self.rnd.choice(MONDAYS)
            planned = self.story.oracle.actuals.planned(cpli_id, monday)
            if planned and self.rnd.random() < 0.1:
                self.story.delete_actual(cpli_id, monday)
            elif planned:
                self.told.append(self.story.save_actual(cpli_id, monday, self._entered(planned)))

    def _entered(self, planned: dict[tuple[dt.date, dt.date], int]) -> Entered:
        entered = {}
        for days, seconds in planned.items():
            less = seconds // 60 * self.rnd.randrange(5) // 4 * 60
            kind = self.rnd.choice(("planned", "less", "less", "frustrated", "more"))
            entered[days] = {
                "planned": (seconds, 0),
                "less": (less, 0),
                "frustrated": (less, seconds - less),
                "more": (seconds + 900, 0),
            }[kind]
        return entered
