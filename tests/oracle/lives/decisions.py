"""What the council decides as it is drawn: pay rules, visit types, and holds of weeks."""

import datetime as dt
import random

from tests.oracle.lives.care import DrawnCare
from tests.oracle.lives.visits import MONDAYS
from tests.oracle.story import FIRST_PERIOD, Story
from tests.support.builders.pay_rules import pay_rules, some_pay_rules


class DrawnDecisions:
    """Draws decisions, each kind by a chance of its own."""

    def __init__(self, seed: int, story: Story, care: DrawnCare) -> None:
        self.story, self.care = story, care
        self.rnd_of_rules = random.Random(seed)
        self.rnd_of_types = random.Random(seed)
        self.rnd_of_holds = random.Random(seed)

    def set_pay_rules(self) -> None:
        """Other pay rules for a contract, or none any more."""
        rnd = self.rnd_of_rules
        contract = rnd.choice(self.care.contracts())
        start = FIRST_PERIOD + dt.timedelta(days=rnd.randrange(-10, 60))
        self.story.set_pay_rules(contract, start, some_pay_rules(rnd) if rnd.random() < 0.9 else pay_rules())

    def change_visit_type(self) -> None:
        """Another visit type is paid or not, from a planned date on."""
        rnd = self.rnd_of_types
        ref = rnd.choice(("DHS", "E", "C", "H", "C24"))
        kinds = ("delivered", "planned", "") if ref in ("DHS", "E") else ("planned", "")
        start = FIRST_PERIOD + dt.timedelta(days=rnd.randrange(-10, 60))
        self.story.change_visit_type(ref, start, rnd.choice(kinds))

    def decide_about_week(self) -> None:
        """A week is held, held otherwise, released, or charged otherwise; mostly one for which something was posted."""
        rnd, oracle = self.rnd_of_holds, self.story.oracle
        held, decided = sorted(oracle.weeks_held()), sorted(oracle.ledger.holding.holds.newest)
        charge = rnd.choice((None, None, "keep", "nothing"))
        operation = rnd.choice(("hold", "hold", "again", "release", "charge"))
        if operation == "release" and held:
            self.story.release(*rnd.choice(held), charge)
        elif operation == "charge" and decided:
            self.story.decide_charge(*rnd.choice(decided), rnd.choice(("keep", "nothing")))
        else:
            posted = sorted({key[1:3] for key in oracle.ledger.posted if key[0] == "payable"})
            weeks = held if operation == "again" else posted
            week = (
                rnd.choice(weeks)
                if weeks
                else (rnd.choice(sorted(oracle.care.packages)), rnd.choice(MONDAYS))
            )
            self.story.hold(*week, rnd.choice(("cancel", "suspend", "suspend", "carry-forward")), charge)
