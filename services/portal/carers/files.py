"""Carers files between their check and their import: named by a sealed word that is good for their sender alone."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from itsdangerous import BadSignature, URLSafeSerializer

from libs.common.errors import Refused
from libs.common.rpc import Caller
from services.portal.accounts.environment import Parts

NAME_KEPT = 60


@dataclass(frozen=True)
class CarersFile:
    """A file in the object store. organisation: the provider that the council chose; None for a provider's own."""

    file_id: str
    file_name: str
    organisation: str | None

    @property
    def object_key(self) -> str:
        return f"carers-files/{self.file_id}.csv"


def sealed(parts: Parts, caller: Caller, file: CarersFile) -> str:
    """The word that stands for a file in addresses."""
    facts = [file.file_id, file.file_name[:NAME_KEPT], file.organisation]
    return str(_serializer(parts, caller).dumps(facts))


def unsealed(parts: Parts, caller: Caller, word: str) -> CarersFile:
    """The file that a word stands for. Raises Refused ``not_found`` for what was not sealed for this organisation."""
    try:
        file_id, file_name, organisation = _serializer(parts, caller).loads(word)
    except (BadSignature, ValueError) as error:
        raise Refused("not_found", "There is no carers file of this name.") from error
    return CarersFile(str(uuid.UUID(file_id)), file_name, organisation)


def _serializer(parts: Parts, caller: Caller) -> URLSafeSerializer:
    return URLSafeSerializer(parts.secret, salt=f"a carers file|{caller['organisation'] or 'council'}")
