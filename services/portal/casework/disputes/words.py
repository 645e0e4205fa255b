"""The types of dispute, explained (RULES 9)."""

from __future__ import annotations

from typing import Final

EXPLAINED: Final = {
    "Invoice Case": "The provider is expected to invoice for this care package, not to send visits.",
    "Reablement / Other Case": "Visits data is not required for this case.",
    "Ceased Care Package": "The care package has ended.",
    "Client Deceased": "The client has passed away.",
    "Client Has Gone Private": "The council is no longer involved with the case.",
    "Client In Hospital": "The visit is said to be delivered while the client was in hospital.",
    "Client In Respite Care": "The client has gone into planned respite care.",
    "Incorrect Data": "Data is missing, wrong or in the wrong format.",
    "Client Disputes Visits Data": "The client does not agree that the visit went ahead, or with the notice of its cancellation.",
    "Missing Comment": "A visit of this type needs a comment, above all an exceptional, undeliverable or cancelled one.",
}
"""What [003] says of each type of dispute."""
