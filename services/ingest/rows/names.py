"""What a row names, against the lists of the council and the organisation (RULES 3).

Each answer is worked out once for each different writing in the file, as files repeat few names many times.
"""

import datetime as dt
from collections.abc import Callable
from typing import Any, Generic, NamedTuple, TypeVar

from libs.common.care.names import fold
from libs.common.files.identifiers import identifier
from libs.common.files.values import parse_date, parse_time
from services.ingest.rows.facts import LevelFact, Reference, ServiceFact
from services.ingest.rows.identifiers import CarerRef, Client, Identifiers, carer_of, client_of, guid_of
from services.ingest.rows.words import Problem, problem

MOST_REMEMBERED = 50_000
Key = TypeVar("Key")
Answer = TypeVar("Answer")


class Remembered(dict[Key, Answer], Generic[Key, Answer]):
    """A function's answers, remembered for one file: `answers[key]` asks only once."""

    def __init__(self, ask: Callable[[Key], Answer]) -> None:
        super().__init__()
        self._ask = ask

    def __missing__(self, key: Key) -> Answer:
        answer = self[key] = self._ask(key)
        return answer


class Level(NamedTuple):
    """The service level that a row names, None when it is none of the list."""

    fact: LevelFact | None
    problems: tuple[Problem, ...] = ()


class Service(NamedTuple):
    """The service that a row names; `fact` is None when it is not known (yet).

    `wrong_type` is the delivered visit type that its contract does not use, '' when there is no telling.
    """

    ref: str
    fact: ServiceFact | None
    problems: tuple[Problem, ...] = ()
    wrong_type: str = ""


Pair = tuple[str, str]
"""A ref and a name as a row writes them, cleaned."""


def level_of(reference: Reference, pair: Pair) -> Level:
    """RULES 3: none of ServiceLevel, ServiceLevelRef; one that is not on the list; two that disagree."""
    written_ref, name = pair
    if not name and not identifier(written_ref):
        return Level(None, (problem("service_level_missing", "ServiceLevel"),))
    ref, problems = guid_of("ServiceLevelRef", written_ref)
    by_name = reference.levels.get(fold(name)) if name else None
    by_ref = reference.level_refs.get(ref) if ref else None
    if name and by_name is None:
        problems += (problem("service_level_unknown", "ServiceLevel", name),)
    if ref and by_ref is None:
        problems += (problem("service_level_ref_unknown", "ServiceLevelRef", written_ref),)
    if by_name and by_ref and fold(by_name.name) != fold(by_ref.name):
        problems += (problem("service_level_disagrees", "ServiceLevelRef", written_ref, name=by_name.name),)
    return Level(by_name or by_ref, problems)


def service_of(reference: Reference, pair: Pair) -> Service:
    """RULES 3: a ServiceRef of another organisation, and a ref and a name that disagree, reject the row.

    A former name is understood where no ref contradicts it (RULES 2). An unknown name, or an unknown ref, does not: the package may not have been set up yet. But they disagree when
    either is known and the other is not its own: that can't come right by waiting.
    """
    written_ref, name = pair
    ref, problems = guid_of("ServiceRef", written_ref)
    if ref in reference.foreign_service_refs:
        return Service(ref, None, (problem("service_of_other_organisation", "ServiceRef", written_ref),))
    by_ref = reference.service_refs.get(ref) if ref else None
    by_name = reference.services.get(fold(name)) if name else None
    if by_name and ref and by_name.ref.upper() != ref and fold(name) in by_name.former_names:
        by_name = None  # whoever has this ref may have taken the name
    if ref and name and _services_disagree(ref, name, by_ref, by_name):
        problems += (problem("service_disagrees", "ServiceRef", written_ref, name=name),)
    fact = by_name or by_ref
    return Service(ref, fact, problems, _wrong_delivered_type(fact) if fact else "")


def _wrong_delivered_type(service: ServiceFact) -> str:
    """RULES 3, `wrong_delivered_type`: DHS is not for LWAH, which has DHF, and DHF is for nothing else."""
    return "DHS" if service.contract.upper() == "LWAH" else "DHF"


def _services_disagree(ref: str, name: str, by_ref: ServiceFact | None, by_name: ServiceFact | None) -> bool:
    if by_ref is not None:
        return fold(name) != fold(by_ref.name) and fold(name) not in by_ref.former_names
    # A service whose own ref is not known can't contradict the row's.
    return by_name is not None and bool(by_name.ref) and by_name.ref.upper() != ref


def organisation_problems(reference: Reference, pair: Pair) -> tuple[Problem, ...]:
    """RULES 3: an organisation that is not the uploader's; a ref and a name that disagree.

    Both may be empty: the uploader's own is meant. While the organisation's ref is not known only another's disagrees
    with it, as visits may come before the care that says it.
    """
    written_ref, name = pair
    ref, problems = guid_of("OrganisationRef", written_ref)
    is_name_own = fold(name) == fold(reference.organisation_name) or fold(name) in reference.former_names
    is_ref_own = reference.organisation_ref in (None, ref) and ref not in reference.foreign_organisation_refs
    if ref and name and is_ref_own != is_name_own:
        column, value = ("OrganisationName", name) if is_ref_own else ("OrganisationRef", written_ref)
        return (*problems, problem("organisation_disagrees", column, value))
    if name and not is_name_own:
        problems += (
            problem("other_organisation", "OrganisationName", name, name=reference.organisation_name),
        )
    if ref and not is_ref_own:
        problems += (
            problem("other_organisation", "OrganisationRef", written_ref, name=reference.organisation_name),
        )
    return problems


class Lists:
    """The remembered answers for one file."""

    def __init__(self, reference: Reference) -> None:
        self.dates: Remembered[str, dt.date | None] = Remembered(parse_date)
        self.times: Remembered[str, int | None] = Remembered(parse_time)
        self.clients: Remembered[Identifiers, Client] = Remembered(lambda ids: client_of(reference, ids))
        self.carers: Remembered[str, CarerRef] = Remembered(lambda text: carer_of(reference, text))
        self.levels: Remembered[Pair, Level] = Remembered(lambda pair: level_of(reference, pair))
        self.services: Remembered[Pair, Service] = Remembered(lambda pair: service_of(reference, pair))
        self.organisations: Remembered[Pair, tuple[Problem, ...]] = Remembered(
            lambda pair: organisation_problems(reference, pair)
        )

    def are_long(self) -> bool:
        """Whether a file writes so many different things that remembering them all would take too much memory."""
        return sum(map(len, self._all())) > MOST_REMEMBERED

    def forget(self) -> None:
        """Begin to remember anew."""
        for answers in self._all():
            answers.clear()

    def _all(self) -> tuple[Remembered[Any, Any], ...]:
        return (
            self.dates,
            self.times,
            self.clients,
            self.carers,
            self.levels,
            self.services,
            self.organisations,
        )
