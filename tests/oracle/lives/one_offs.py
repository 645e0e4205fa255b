"""One-off payments as they are drawn, and the claims that some of them stand for."""

import datetime as dt
import random

from tests.oracle.lives.care import DrawnCare, Row, identifiers_of
from tests.oracle.lives.names import guid
from tests.oracle.rows import DAPL, DIAMOND, PEARL
from tests.oracle.story import FIRST_PERIOD, Story
from tests.support.builders.care_files import a_care_row

HOSPITAL_INCENTIVE = "Hospital Incentive Payment"
ONE_OFFS_FROM = 1001
"""Their CpliIds: the others are numbered from 1."""


class DrawnOneOffs:
    """Draws one-off packages and claims, by a chance of their own."""

    def __init__(self, rnd: random.Random, story: Story, care: DrawnCare) -> None:
        self.rnd, self.story, self.care, self.called = rnd, story, care, care.called
        self.rows: dict[int, Row] = {}
        self.claimed: set[tuple[object, ...]] = set()

    def send(self) -> None:
        """Send new one-offs, and others changed."""
        rnd = self.rnd
        changed = {
            i: row | self.called.cells(self._service_of(row)) | self._a_change()
            for i, row in self.rows.items()
            if rnd.random() < 0.3
        }
        first = ONE_OFFS_FROM + len(self.rows)
        new = {cpli_id: self._a_one_off(cpli_id) for cpli_id in range(first, first + rnd.randrange(3))}
        rows = changed | new
        if rows:
            self.story.import_care(*rows.values())
            self.rows |= rows

    def _a_one_off(self, cpli_id: int) -> Row:
        rnd = self.rnd
        service = rnd.choice(self.called.services[rnd.choice((DIAMOND, DIAMOND, PEARL))])
        return a_care_row(
            cpli_id,
            **identifiers_of(rnd.choice(self.care.clients)),
            **self.called.cells(service),
            ServiceLevel=rnd.choice((HOSPITAL_INCENTIVE, HOSPITAL_INCENTIVE, "Personal Care")),
            StartDate=self._a_start(),
            Quantity=rnd.choice(("1", "1", "2", "0.5")),
            Unit="Payment",
            Frequency="One-off",
            UnitCost=rnd.choice(("15.00", "11.89", "23.77", "15.005")),
            PaymentMethod=rnd.choice(("Visits", "Actuals", "Invoice")),
            Authorised=rnd.choice("YYYN"),
            AssessedContribution="1.00",
            ContributionCollectedBy="Provider",
        )

    def _a_change(self) -> Row:
        rnd = self.rnd
        return rnd.choice(
            (
                {"UnitCost": rnd.choice(("15.00", "20.00", "0"))},
                {"Authorised": rnd.choice("YN")},
                {"StartDate": self._a_start()},
                {"StartDate": self._a_start()},
                {"Unit": "Hr", "Frequency": "Weekly"},
                {"Unit": "Payment", "Frequency": "One-off"},
                {"ServiceLevel": rnd.choice((HOSPITAL_INCENTIVE, "Personal Care"))},
                {"Suspensions": "03/10/2022-31/10/2022 hospital"},
                identifiers_of(rnd.choice(self.care.clients)),
                self.called.cells(rnd.choice(self.called.services[rnd.choice((DIAMOND, PEARL))])),
            )
        )

    def _a_start(self) -> str:
        """A day of the periods that may be finalised, or later."""
        return str(FIRST_PERIOD + dt.timedelta(days=self.rnd.randrange(100)))

    def _service_of(self, row: Row) -> str:
        """The name that a row's service had at first."""
        services = (one for of_provider in self.called.services.values() for one in of_provider)
        return next(one for one in services if guid(one) == row["ServiceRef"])

    def claim(self) -> None:
        """Diamond is paid for a client's stay in hospital; a stay is paid once."""
        rnd, care = self.rnd, self.story.oracle.care
        diamond = care.organisations.refs[guid(DIAMOND)]
        client = rnd.choice([p for p in care.packages.values() if p.organisation == diamond]).client
        known = sorted(care.people.spells)
        identifier = next((i for i in known if care.people.newest(i) == client), None)
        if identifier is None:  # all that named the client names others by now
            return
        admitted = FIRST_PERIOD + dt.timedelta(days=rnd.randrange(70))
        if (client, admitted) not in self.claimed:
            self.claimed.add((client, admitted))
            resumed = admitted + dt.timedelta(days=rnd.randrange(1, 9))
            self.story.claim(identifier, admitted, resumed, self.called.now(DAPL), self.called.now(DIAMOND))
