"""Which clients a service's answer names, whatever the answer is: evidence says who was told of whom."""

from __future__ import annotations

from typing import Any, Final

KEYS: Final = frozenset(
    ("client", "client_id", "client_reference", "client_ref", "ssref", "SSRef", "ClientRef")
)
"""By which answers, and rows of files in them, name a client."""
MOST: Final = 500
MOST_LOOKED_AT: Final = 20_000
"""Parts of one answer: an answer that is longer is a file's, and said to be one."""


def clients_in(answer: Any) -> list[str]:
    """The clients that an answer names, each once, as it names them."""
    found, waiting = dict[str, None](), [answer]
    looked_at = 0
    while waiting and len(found) < MOST and looked_at < MOST_LOOKED_AT:
        part = waiting.pop()
        looked_at += 1
        if isinstance(part, dict):
            found.update(dict.fromkeys(_named_in(part)))
            part = part.values()
        waiting.extend(one for one in part if isinstance(one, dict | list))
    return [*found][:MOST]


def _named_in(part: dict[str, Any]) -> list[str]:
    """The client that this part names; by NHSNumber where a row of a file has nothing else."""
    named = [value for key, value in part.items() if key in KEYS and value and isinstance(value, str)]
    alone = part.get("NHSNumber")
    return named or ([alone] if alone and isinstance(alone, str) else [])
