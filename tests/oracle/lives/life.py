"""A council's whole life: what happens, and in which order."""

import datetime as dt
import random

from tests.oracle.lives.actuals import DrawnActuals
from tests.oracle.lives.care import DrawnCare
from tests.oracle.lives.decisions import DrawnDecisions
from tests.oracle.lives.invoices import DrawnInvoices
from tests.oracle.lives.names import CalledNow
from tests.oracle.lives.one_offs import DrawnOneOffs
from tests.oracle.lives.visits import DrawnVisits
from tests.oracle.story import FIRST_PERIOD, SECOND_PERIOD, Story


class DrawnLife:
    """Draws a council's life and tells it as a story, the same for the same seed."""

    def __init__(self, seed: int, story: Story) -> None:
        self.rnd = random.Random(seed)
        self.story = story
        self.care = DrawnCare(self.rnd, story, CalledNow(random.Random(seed)))
        self.visits = DrawnVisits(self.rnd, story, self.care)
        self.one_offs = DrawnOneOffs(random.Random(seed), story, self.care)
        self.decisions = DrawnDecisions(seed, story, self.care)
        self.actuals = DrawnActuals(random.Random(seed), story, self.care)
        self.invoices = DrawnInvoices(random.Random(seed), story, self.care)
        self.log: list[str] = []

    def run(self, operations: int) -> None:
        """Tell so many operations, and compare on the way and at the end."""
        self.care.add(12)
        for i in range(operations):
            operation = self.rnd.choices(
                (
                    self.visits.send_week,
                    self.visits.send_corrections,
                    self.care.change,
                    self.care.add,
                    self.care.give_identifier,
                    self.finalise,
                    self.enter_or_withdraw_stay,
                    self.care.rename_somebody,
                    self.care.take_name,
                    self.merge_clients,
                ),
                (5, 5, 6, 1, 3, 1, 2, 2, 2, 1),
            )[0]
            self.log.append(operation.__qualname__)
            operation()
            if i % 6 == 5:
                self.decisions.set_pay_rules()
            if i % 10 == 7:
                self.decisions.change_visit_type()
            if i % 3 == 2:
                self.one_offs.send()
            if i % 12 == 3:
                self.actuals.begin()
            if i % 2:
                self.actuals.enter()
            if i % 12 == 5:
                self.invoices.begin()
            self.invoices.go_on()
            if i % 10 == 9:
                self.one_offs.claim()
            if i % 2:
                self.log.append("decide_about_week")
                self.decisions.decide_about_week()
            if i % 4 == 3:
                self.story.compare()
        self.story.compare()

    def merge_clients(self) -> None:
        """Two clients turn out to be one."""
        one, other = self.rnd.sample(sorted(self.story.oracle.care.people.spells), 2)
        self.story.merge_clients(one, other)

    def enter_or_withdraw_stay(self) -> None:
        """A client is away, or an entry that said so was an error."""
        care = self.story.oracle.care
        if care.stays and self.rnd.random() < 0.3:
            self.story.withdraw_stay(self.rnd.choice(list(care.stays)))
            return
        known = sorted(care.people.spells)
        first = self.care.a_day(0, 60)
        last = self.rnd.choice((None, first + dt.timedelta(days=self.rnd.randrange(14))))
        kind = self.rnd.choice(("hospital", "hospital", "holiday", "residential_care", "respite"))
        self.story.enter_stay(self.rnd.choice(known), kind, first, last)

    def finalise(self) -> None:
        """The next period of all, or of one contract; the last weeks stay open."""
        contract = self.rnd.choice((None, *self.care.contracts()))
        through = self.story.oracle.ledger.periods.final_through(contract or "")
        start = FIRST_PERIOD if through < FIRST_PERIOD else through + dt.timedelta(days=28)
        if start <= SECOND_PERIOD:
            self.story.finalise(start, contract)
