"""The demonstration's monitoring: concerns, a meeting, a frozen ranking and care that is offered down it (RULES 16).

Measures, under-delivery, overlaps and what fits nothing come from the visits themselves.
"""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from deploy.cli.system import System, amqp_url
from deploy.dev.demo.care import IDS
from deploy.dev.demo.dates import Calendar
from deploy.dev.demo.providers import PROVIDERS, Provider
from libs.common.care.quarters import quarter_of
from libs.common.rpc import Caller

PLACEMENTS: Caller = {
    "who": "placements@council.example",
    "role": "council",
    "organisation": None,
    "staff": "commissioning",
}
QUALITY: Caller = {**PLACEMENTS, "who": "quality@council.example"}
ONE_DIARY = "Spot"
"""The contract that is monitored by total hours."""
LIST = "Zone 1 - Oxford"
PRICES = (
    ("Maple Tree Care Ltd", "23.226"),
    ("Otterbrook Homecare Ltd", "23.79"),
    ("Lantern Home Support Ltd", "22.95"),
    ("Willowbank Carers Ltd", "21.40"),
)
"""Who is on the list, and what an hour costs there."""
DAYS_TO_ANSWER = 14


@dataclass(frozen=True)
class Complaint:
    """A concern as it came in, and the moves that were made since: each a move, its words and what else it names."""

    organisation: str
    kind: str
    source: str
    words: str
    moves: tuple[tuple[str, str, dict[str, str]], ...] = ()


CONCERNS = (
    Complaint(
        "Willowbank Carers Ltd",
        "Late",
        "family",
        "The morning call came after ten again; breakfast and tablets were late.",
    ),
    Complaint(
        "Saffron Lane Care Ltd",
        "Conduct",
        "social_worker",
        "The carer spoke sharply to the client about being slow at the door.",
        (
            ("investigate", "", {}),
            ("refer", "Passed on for a visit.", {"referred_to": "quality_improvement"}),
        ),
    ),
    Complaint(
        "Maple Tree Care Ltd",
        "Missed",
        "client",
        "Nobody came on Sunday evening.",
        (
            ("investigate", "", {}),
            ("find_unfounded", "The client was in hospital that evening.", {}),
            ("close", "", {}),
        ),
    ),
    Complaint(
        "Otterbrook Homecare Ltd",
        "Short",
        "placement",
        "An hour is commissioned every day; the log shows half an hour, week after week.",
        (("investigate", "The log agrees.", {}),),
    ),
)
"""The last one ends in a breach notice."""


class Monitoring:
    """Makes it all once: what has an id of its own is the same when it is made again."""

    def __init__(self, calendar: Calendar) -> None:
        self._calendar = calendar
        self._placements, self._quality = System(amqp_url(), PLACEMENTS), System(amqp_url(), QUALITY)
        self._ids = {provider.name: self._id_of(provider) for provider in PROVIDERS}

    def close(self) -> None:
        """Give its connections back."""
        self._placements.close()
        self._quality.close()

    def happens(self, today: dt.date) -> str:
        """All of it; what there is now, in a line."""
        self._placements.ask("matching", "set_one_diary", contract=ONE_DIARY, cpli_id=None, is_one_diary=True)
        for one in CONCERNS:
            self._raise(one)
        self._send_notice(CONCERNS[-1], today)
        self._meet(today)
        self._offer(self._freeze(), today)
        return f"{len(CONCERNS)} concerns, a breach notice with its answer, a frozen ranking and care offered down it."

    def _id_of(self, provider: Provider) -> str:
        found = self._placements.ask("matching", "find_organisation", name=provider.name)
        return str(found["organisation_id"])

    def _raise(self, one: Complaint) -> None:
        concern_id = _named(f"concern {one.words}")
        self._placements.ask(
            "disputes",
            "raise_concern",
            concern_id=concern_id,
            organisation_id=self._ids[one.organisation],
            kind=one.kind,
            source=one.source,
            words=one.words,
        )
        for number, (move, words, more) in enumerate(one.moves, 1):
            self._placements.ask(
                "disputes",
                "move_concern",
                concern_id=concern_id,
                step_id=_named(f"step {number} of {concern_id}"),
                move=move,
                words=words,
                version=number,
                **more,
            )

    def _send_notice(self, one: Complaint, today: dt.date) -> None:
        """The council sends it, the provider answers before its deadline."""
        notice_id = _named("breach notice")
        self._placements.ask(
            "disputes",
            "send_breach_notice",
            concern_id=_named(f"concern {one.words}"),
            notice_id=notice_id,
            version=1 + len(one.moves),
            words="Deliver the hours that are commissioned, or tell us what the client needs instead.",
            due_on=(today + dt.timedelta(days=DAYS_TO_ANSWER)).isoformat(),
            visits=[],
        )
        office = self._office(one.organisation)
        office.ask(
            "disputes",
            "answer_breach_notice",
            notice_id=notice_id,
            answer_id=_named("answer to the breach notice"),
            words="The carers leave when the client asks them to. We ask for a review of the plan.",
        )
        office.close()

    def _meet(self, today: dt.date) -> None:
        self._placements.ask(
            "disputes",
            "keep_meeting",
            meeting_id=_named("meeting"),
            organisation_id=self._ids[PRICES[-1][0]],
            held_on=today.isoformat(),
            people="Commissioning; the registered manager and the rota lead",
            notes="Late morning calls in the Vale since a driver left.",
            agreed="A second driver by the end of the month; figures again next quarter.",
            is_shared=True,
        )

    def _freeze(self) -> str:
        """A list, its prices, a ranking that one person proposes and another freezes; the id of the list."""
        list_id, quarter = _named(f"list {LIST}"), quarter_of(self._calendar.first_monday)
        self._placements.ask("matching", "make_ranked_list", list_id=list_id, name=LIST)
        for organisation, price in PRICES:
            self._placements.ask(
                "matching",
                "set_ranked_price",
                list_id=list_id,
                organisation=organisation,
                quarter=str(quarter.before()),
                price=price,
            )
        proposed = self._placements.ask(
            "matching", "propose_ranking", list_id=list_id, quarter=str(quarter), seen=None
        )
        self._quality.ask(
            "matching", "decide_proposal", proposal_id=proposed["proposal_id"], approves=True, reason=""
        )
        newest = self._placements.ask("matching", "newest_ranking", list_id=list_id)
        last = self._office(newest["organisations"][-1]["organisation"])
        last.ask(
            "matching",
            "appeal_ranking",
            appeal_id=_named("appeal"),
            ranking_id=newest["ranking_id"],
            note="Our late calls were on the two days of the flood; the roads were closed.",
        )
        last.close()
        return list_id

    def _offer(self, list_id: str, today: dt.date) -> None:
        """Care that the first declines and the second accepts, and care that waits for an answer."""
        order = self._placements.ask("matching", "newest_ranking", list_id=list_id)
        for number, hours in enumerate(("7.00", "10.50")):
            requisition_id = _named(f"requisition {number}")
            self._placements.ask(
                "disputes",
                "make_requisition",
                requisition_id=requisition_id,
                list_id=list_id,
                list_name=order["list"],
                ranking_id=order["ranking_id"],
                quarter=order["quarter"],
                providers=[
                    {key: one[key] for key in ("place", "organisation_id", "organisation")}
                    for one in order["organisations"]
                ],
                service_name="Home care",
                service_level="Personal Care",
                zone="Oxford",
                hours=hours,
                timetable="Mornings and evenings",
                start_on=(today + dt.timedelta(days=7)).isoformat(),
            )
        first, second = _named("requisition 0"), _named("requisition 1")
        self._answered(
            order["organisations"][0], first, "declined", "No driver for mornings until next month."
        )
        self._answered(order["organisations"][1], first, "accepted", "")
        self._asked(order["organisations"][0], second)

    def _asked(self, provider: dict[str, Any], requisition_id: str) -> str:
        offer_id = _named(f"offer {provider['place']} of {requisition_id}")
        self._placements.ask(
            "disputes",
            "make_offer",
            requisition_id=requisition_id,
            offer_id=offer_id,
            place=provider["place"],
        )
        return offer_id

    def _answered(self, provider: dict[str, Any], requisition_id: str, answer: str, reason: str) -> None:
        offer_id = self._asked(provider, requisition_id)
        office = self._office(provider["organisation"])
        office.ask("disputes", "answer_offer", offer_id=offer_id, answer=answer, reason=reason)
        office.close()

    def _office(self, organisation: str) -> System:
        return System(
            amqp_url(),
            {"who": f"{organisation} office", "role": "provider", "organisation": self._ids[organisation]},
        )


def _named(of: str) -> str:
    """An id that is the same whenever it is made."""
    return str(uuid.uuid5(IDS, of))
