"""What evidence is of: the kinds of events, each with its words."""

from __future__ import annotations

from typing import Final

SIGNED_IN: Final = "signed_in"
NOT_SIGNED_IN: Final = "not_signed_in"
LOCKED: Final = "locked"
SIGNED_OUT: Final = "signed_out"
REFUSED: Final = "refused"
BAD_TOKEN: Final = "bad_token"  # noqa: S105 (it names a kind)
READ: Final = "read"
EXPORTED: Final = "exported"
CHANGED: Final = "changed"
FORGED: Final = "forged"
DISPOSED: Final = "disposed"

WORDS: Final = {
    SIGNED_IN: "Signed in",
    NOT_SIGNED_IN: "Was wrong at sign-in",
    LOCKED: "Tried a sign-in that is locked",
    SIGNED_OUT: "Signed out",
    REFUSED: "Was refused",
    BAD_TOKEN: "Sent a token that lets nobody in",
    READ: "Looked at",
    EXPORTED: "Took all that is held about",
    CHANGED: "Changed",
    FORGED: "Asked a service in another’s name",
    DISPOSED: "Disposed of old evidence",
}
