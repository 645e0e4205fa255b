"""Names in the lives that chance draws: providers and services are renamed, and others take their names (RULES 2)."""

from __future__ import annotations

import random
import uuid
from dataclasses import dataclass, field

from tests.oracle.rows import CONTRACTS, DIAMOND, GUIDS, SERVICES

OPAL, OPAL_NORTH, NEW_ZONE = "Opal Care Ltd", "Opal - North", "Diamond Home Care - Zone 9"
"""A provider and a service that come under names that others gave up."""


def guid(name: str) -> str:
    """The ref of whoever had this name at first."""
    return str(uuid.uuid5(GUIDS, name)).upper()


@dataclass
class CalledNow:
    """How providers and services are called, by the names that they had at first."""

    rnd: random.Random
    names: dict[str, str] = field(default_factory=dict)
    former: dict[str, list[str]] = field(default_factory=dict)
    services: dict[str, tuple[str, ...]] = field(default_factory=lambda: dict(SERVICES))
    contracts: dict[str, str] = field(
        default_factory=lambda: dict(CONTRACTS) | {OPAL_NORTH: "DAPL", NEW_ZONE: "LWAH"}
    )

    @property
    def providers(self) -> tuple[str, ...]:
        """Who has come by now; Diamond is the largest."""
        return (DIAMOND, DIAMOND, *(one for one in self.services if one != DIAMOND))

    def provider_of(self, service: str) -> str:
        return next(one for one, services in self.services.items() if service in services)

    def now(self, first: str) -> str:
        return self.names.get(first, first)

    def name_written(self, first: str) -> str:
        """A name by which somebody is understood: the present one, mostly."""
        return self.rnd.choice([self.now(first)] * 3 + self.former.get(first, []))

    def cells(self, service: str) -> dict[str, str]:
        """What a care row says of a service and its provider."""
        provider = self.provider_of(service)
        return {
            "OrganisationName": self.now(provider),
            "OrganisationRef": guid(provider),
            "ServiceName": self.now(service),
            "ServiceRef": guid(service),
            "Contract": self.contracts[service],
        }

    def rename(self, first: str, name: str) -> None:
        self.former.setdefault(first, []).append(self.now(first))
        self.names[first] = name
        for names in self.former.values():
            if name in names:
                names.remove(name)

    def is_free(self, name: str) -> bool:
        """Whether nobody who has come is called so now."""
        known = [*self.services, *(one for services in self.services.values() for one in services)]
        return name not in map(self.now, known)

    def new_name(self, first: str) -> str:
        """Another name for somebody: a new one, or one from before."""
        fresh = f"{first} {self.rnd.choice(('North', 'South', 'Group'))} {self.rnd.randrange(100)}"
        return self.rnd.choice([fresh, fresh, *self.former.get(first, [])])

    def comes(self, newcomer: str, service: str, provider: str, name: str) -> None:
        """Somebody new comes under a name that another gave up."""
        self.services[provider] = (*self.services.get(provider, ()), service)
        self.names[newcomer] = name
        for names in self.former.values():
            if name in names:
                names.remove(name)
