"""Providers by name and by id. Matching alone knows who has which name; the portal asks it and works nothing out.

What the portal's own tables say of a name is how it was written then; it is shown only where matching can't be asked,
or has no care of the provider.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from typing import NamedTuple, Protocol, cast

from flask import Flask, g

from libs.common.rpc import SYSTEM, Caller
from services.portal.accounts import store as accounts_store
from services.portal.accounts.environment import Parts
from services.portal.clients.gateway import Gateway
from services.portal.clients.matching import MatchingClient


class Organisation(NamedTuple):
    """A provider: who it is, and how it is called."""

    organisation_id: uuid.UUID
    name: str


class OfOrganisation(Protocol):
    """A row of the portal that belongs to a provider, or to the council."""

    @property
    def organisation_id(self) -> uuid.UUID | None: ...
    @property
    def organisation(self) -> str | None: ...


def organisation_of(of: OfOrganisation) -> Organisation | None:
    """The provider of an account or the like, as it was written then; None for the council."""
    if of.organisation_id is None or of.organisation is None:
        return None
    return Organisation(of.organisation_id, of.organisation)


def id_of(gateway: Gateway, caller: Caller, name: str | None) -> str | None:
    """The id of a provider by a present or former name. None is a provider's own, and all for the council.

    Raises Refused ``not_found`` for a name that nobody has, or for a provider that is not its own.
    """
    return MatchingClient(gateway, caller).organisation_id(organisation=name)


def names_by_id(gateway: Gateway, ids: Iterable[str] | None = None) -> Mapping[str, str]:
    """The present names of these providers, or of all; none while matching can't be asked."""
    wanted = None if ids is None else sorted(set(ids))
    if wanted == []:
        return {}
    client = MatchingClient(gateway, SYSTEM, is_quick=True)
    answers = gateway.answers_by_now({"names": lambda: client.organisation_names(organisation_ids=wanted)})
    return answers.get("names", {})


def asker_name(gateway: Gateway, caller: Caller, organisation: str | None) -> str | None:
    """The provider that the council looks at, or the asker's own as it is called now; None for all providers."""
    own = caller["organisation"]
    return organisation if own is None else names_by_id(gateway, [own]).get(own)


def provider_names(parts: Parts, gateway: Gateway, ids: Iterable[str]) -> dict[str, str]:
    """The names of these providers, by their ids as services say them; of one without care, as accounts have it."""
    wanted = set(ids)
    known = names_by_id(gateway, wanted)
    strange = [uuid.UUID(one) for one in wanted - known.keys()]
    with parts.sessions.begin() as transaction:
        written = accounts_store.organisation_names(transaction, strange) if strange else {}
    return {one: known.get(one) or written.get(uuid.UUID(one), "") for one in wanted}


def register(app: Flask, gateway: Gateway) -> None:
    """Have templates say ``provider_name(account)``."""

    def provider_name(of: OfOrganisation) -> str | None:
        """How the provider of an account, a contact, … is called now; None for the council."""
        if of.organisation_id is None:
            return of.organisation
        if "provider_names" not in g:
            own = None if g.account is None else g.account.organisation_id
            g.provider_names = names_by_id(gateway, None if own is None else [str(own)])
        return cast(str | None, g.provider_names.get(str(of.organisation_id), of.organisation))

    app.jinja_env.globals["provider_name"] = provider_name
