"""Organisations and services of a care book, and what the rows of a file make of their names (RULES 2). Pure.

Beside its present name each keeps its ``former_names``, folded, until another takes one.
"""

import uuid
from collections.abc import Iterator
from typing import Any, NamedTuple

from libs.common.care.names import fold
from libs.common.care.organisation_ids import organisation_id_of
from services.matching.book.naming import Claim, Meant, Named, Names
from services.matching.book.rules import CareRow

Facts = dict[str, Any]


class Kind(NamedTuple):
    """Organisations or services: the columns of their refs and names, and what they are called in a sentence."""

    ref: str
    ref_column: str
    name_column: str
    code: str
    words: str


ORGANISATION = Kind(
    "organisation_ref", "OrganisationRef", "OrganisationName", "two_organisations", "an organisation"
)
SERVICE = Kind("service_ref", "ServiceRef", "ServiceName", "two_services", "a service")


class Listed:
    """The organisations, or the services, of a book by id; changes are written into the book's own facts."""

    def __init__(self, kind: Kind, facts: dict[str, Facts]) -> None:
        self.kind = kind
        self.facts = facts
        self.changed: set[str] = set()
        self.before = dict(facts)  # a row puts new facts in the place of old ones
        self._formerly = {
            (scope_of(found), name): one for one, found in facts.items() for name in found["former_names"]
        }
        everybody = {
            one: Named(scope_of(found), found[kind.ref] or "", found["folded_name"])
            for one, found in facts.items()
        }
        self.names = Names(everybody, self._formerly, self._mint)

    def _mint(self, name: str, is_of_another: bool) -> str:
        """Who is called as nobody ever was has the id that visits sent before any care were given."""
        minted = str(organisation_id_of(name))
        is_free = self.kind is ORGANISATION and not is_of_another and minted not in self.names.everybody
        return minted if is_free else str(uuid.uuid4())

    def write(self, one: str, name: str, facts: Facts) -> bool:
        """Write what a row says of whom it names so; whether that is new."""
        before = self.facts.get(one)
        is_present = self.names.everybody[one].name == fold(name)
        facts |= self._called(one, name) if before is None or is_present else names_in(before)
        if facts == before:
            return False
        self.facts[one] = facts
        self.changed.add(one)
        return True

    def _called(self, one: str, name: str) -> Facts:
        """Name and former names of one who is called so now; whoever was called so before is no longer known by it."""
        folded, before = fold(name), self.facts.get(one)
        former = list(before["former_names"]) if before else []
        if before is None or before["folded_name"] != folded:
            scope = self.names.everybody[one].scope
            self._forget(scope, folded)
            former = [known for known in former if known != folded]
            if before and self.names.owner((scope, before["folded_name"])) is None:
                former.append(before["folded_name"])
                self._formerly[scope, before["folded_name"]] = one
        return {"name": name, "folded_name": folded, "former_names": former}

    def _forget(self, scope: str, folded: str) -> None:
        one = self._formerly.pop((scope, folded), None)
        if one is not None:
            kept = [name for name in self.facts[one]["former_names"] if name != folded]
            self.facts[one] = self.facts[one] | {"former_names": kept}
            self.changed.add(one)

    def contradiction(self, claim: Claim, meant: Meant) -> tuple[str, str, str]:
        """Column, code and message of a row whose ref and name contradict each other."""
        assert meant.contradicts is not None  # noqa: S101 (the caller has looked)
        named = self.names.everybody[meant.contradicts]
        said = self.facts.get(meant.contradicts, {}).get("name", "")
        if named.ref != claim.ref:
            sentence = (
                f"{self.kind.name_column} is that of {self.kind.words} with another {self.kind.ref_column}"
            )
        elif named.scope != claim.scope:
            sentence = f"{self.kind.ref_column} is that of {self.kind.words} of another organisation"
        else:
            sentence = f"{self.kind.ref_column} is that of “{said}”"
        by = "" if named.since is None else f", by row {named.since}"
        return self.kind.ref_column, self.kind.code, f"{sentence}{by}: correct the one that is wrong."

    def renamed(self) -> list[tuple[str, str]]:
        """Who is called otherwise than before: the name before and the name now, in order."""
        return sorted(
            (self.before[one]["name"], self.facts[one]["name"])
            for one in self.changed & self.before.keys()
            if self.before[one]["folded_name"] != self.facts[one]["folded_name"]
        )

    def is_unsaid(self) -> bool:
        """Whether something was foreseen that no accepted row said in the end."""
        return self.names.is_unsaid() or any(
            named.since is not None and one in self.facts and self.facts[one]["folded_name"] != named.name
            for one, named in self.names.everybody.items()
        )


def scope_of(facts: Facts) -> str:
    """Services are named within their organisation."""
    return str(facts.get("organisation_id", ""))


def names_in(facts: Facts) -> Facts:
    """Name and former names, as they are."""
    return {name: facts[name] for name in ("name", "folded_name", "former_names")}


class NamesSaid:
    """What the rows of a file say of organisations and services: each thing once, of the first row that says it."""

    def __init__(self) -> None:
        self._first: dict[tuple[str, str, str, str], int] = {}

    def add(self, row: CareRow) -> None:
        """Rows come in their order."""
        said = (row.organisation_ref, row.organisation_name, row.service_ref, row.service_name)
        self._first.setdefault(said, row.row)

    def organisations(self) -> Iterator[Claim]:
        """What is said of organisations."""
        for (ref, name, _, _), row in self._first.items():
            yield Claim(row, "", ref, fold(name))

    def services(self) -> Iterator[tuple[Claim, Claim]]:
        """What is said of organisations, each with what is said of one of their services, in no scope yet."""
        for (ref, name, service_ref, service_name), row in self._first.items():
            yield Claim(row, "", ref, fold(name)), Claim(row, "", service_ref, fold(service_name))


class CareNames:
    """The organisations and services of a care book, by what rows call them."""

    def __init__(self, organisations: dict[str, Facts], services: dict[str, Facts]) -> None:
        self.organisations = Listed(ORGANISATION, organisations)
        self.services = Listed(SERVICE, services)

    def foresee(self, said: "NamesSaid") -> None:
        """Take the renamings of a file's rows, before any of them is taken."""
        self.organisations.names.foresee(said.organisations())
        self.services.names.foresee(
            service._replace(scope=known)
            for organisation, service in said.services()
            if (known := self.organisations.names.meant(organisation).known) is not None
        )

    def contradictions(self, row: CareRow) -> Iterator[tuple[str, str, str]]:
        """Column, code and message of a ref and a name that contradict what is known, or an earlier row."""
        claim = organisation_claim(row)
        organisation = self.organisations.names.meant(claim)
        if organisation.contradicts is not None:
            yield self.organisations.contradiction(claim, organisation)
            return
        # A service of somebody new can contradict another organisation's alone: any scope but that will do.
        claim = service_claim(row, organisation.known or "somebody new")
        service = self.services.names.meant(claim)
        if service.contradicts is not None:
            yield self.services.contradiction(claim, service)

    def organisation_of(self, row: CareRow) -> str:
        """The organisation of an accepted row."""
        claim = organisation_claim(row)
        return self.organisations.names.settle(claim, self.organisations.names.meant(claim).known)

    def service_of(self, row: CareRow, organisation_id: str) -> str:
        """The service of an accepted row."""
        claim = service_claim(row, organisation_id)
        return self.services.names.settle(claim, self.services.names.meant(claim).known)

    def is_unsaid(self) -> bool:
        """Whether something was foreseen that no accepted row said in the end."""
        return self.organisations.is_unsaid() or self.services.is_unsaid()


def organisation_claim(row: CareRow) -> Claim:
    """What a row says of its organisation."""
    return Claim(row.row, "", row.organisation_ref, fold(row.organisation_name))


def service_claim(row: CareRow, organisation_id: str) -> Claim:
    """What a row says of its service."""
    return Claim(row.row, organisation_id, row.service_ref, fold(row.service_name))
