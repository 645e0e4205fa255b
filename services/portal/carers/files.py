"""Carers files between their check and their import: named by a random word that is good for their sender alone."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass
from typing import Final

from libs.common.errors import Refused
from libs.common.rpc import Caller
from services.portal.accounts.environment import Parts
from services.portal.storage import handles

NAME_KEPT = 60
KIND: Final = "carers file"
GOOD_FOR: Final = dt.timedelta(days=1)


@dataclass(frozen=True)
class CarersFile:
    """A file in the object store. organisation: the provider that the council chose; None for a provider's own."""

    file_id: str
    file_name: str
    organisation: str | None

    @property
    def object_key(self) -> str:
        return f"carers-files/{self.file_id}.csv"


def kept(parts: Parts, caller: Caller, file: CarersFile) -> str:
    """The word that stands for a file in addresses."""
    return handles.keep(
        parts, caller, KIND, asdict(file) | {"file_name": file.file_name[:NAME_KEPT]}, GOOD_FOR
    )


def named(parts: Parts, caller: Caller, word: str) -> CarersFile:
    """The file that a word stands for. Raises Refused ``not_found`` for what this caller was not given."""
    found = handles.find(parts, caller, KIND, word)
    if found is None:
        raise Refused("not_found", "There is no carers file of this name.")
    return CarersFile(**found)
