"""The ids that new organisations are given: by the services that keep them, and by nobody who only shows them."""

import uuid

from libs.common.care.names import fold

_ORGANISATIONS = uuid.UUID("6f1d2c0e-54a7-5b8e-9d63-0c7b1a4e8f25")
"""Never change it: stored ids were made with it."""


def organisation_id_of(name: str) -> uuid.UUID:
    """The id that an organisation is given under a name that nobody ever had, which services can say before its care
    has arrived. Whoever is known already is found by ref or name (`find_named`), never by this."""
    return uuid.uuid5(_ORGANISATIONS, fold(name))
