"""The demonstration's providers, who exist nowhere: how they are paid, where they work, what an hour costs there."""

from __future__ import annotations

from dataclasses import dataclass

# Where a provider works: its contract and what an hour costs.
ZONES = {
    "DAPL Oxford": ("DAPL", "23.226"),
    "DAPL Vale": ("DAPL", "23.226"),
    "Zone 6 - Oxford": ("LWAH", "23.77"),
    "HTLAH North": ("HTLAH", "23.79"),
    "APL City": ("APL", "21.40"),
    "Spot": ("Spot", "24.10"),
}


@dataclass(frozen=True)
class Provider:
    """Who gives care, in which zones, to how many clients."""

    name: str
    office: str
    zones: tuple[str, ...]
    clients: int
    payment_method: str = "Visits"
    is_punctual: bool = True

    @property
    def short(self) -> str:
        return self.name.removesuffix(" Ltd")

    @property
    def initials(self) -> str:
        return "".join(word[0] for word in self.short.split())

    @property
    def carers(self) -> list[str]:
        return [f"{self.short[:2].upper()}{number:02}" for number in range(1, self.clients // 3 + 3)]

    def service(self, zone: str) -> str:
        return f"{self.short} - {zone}"


PROVIDERS = (
    Provider("Maple Tree Care Ltd", "office@mapletree.example", ("DAPL Oxford", "Zone 6 - Oxford"), 40),
    Provider("Otterbrook Homecare Ltd", "office@otterbrook.example", ("DAPL Vale", "HTLAH North"), 30),
    Provider("Lantern Home Support Ltd", "office@lantern.example", ("DAPL Oxford", "Zone 6 - Oxford"), 24),
    Provider(
        "Willowbank Carers Ltd", "office@willowbank.example", ("APL City", "DAPL Vale"), 14, is_punctual=False
    ),
    Provider(
        "Saffron Lane Care Ltd", "office@saffronlane.example", ("Spot", "DAPL Oxford"), 12, is_punctual=False
    ),
    Provider("Harbour Day Care Ltd", "office@harbour.example", ("DAPL Vale",), 9, "Actuals"),
    Provider("Meadow Court Care Ltd", "office@meadowcourt.example", ("APL City",), 6, "Invoice"),
)


def providers_by(payment_method: str) -> list[Provider]:
    """The providers that are paid in this way."""
    return [provider for provider in PROVIDERS if provider.payment_method == payment_method]
