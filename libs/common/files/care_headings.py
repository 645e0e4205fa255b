"""The columns of a commissioned care file (RULES 2)."""

from typing import Final

REQUIRED_HEADINGS: Final = (
    "CpliId",
    "ClientRef",
    "SSRef",
    "NHSNumber",
    "Title",
    "Forename",
    "Surname",
    "DateOfBirth",
    "OrganisationRef",
    "OrganisationName",
    "ServiceRef",
    "ServiceName",
    "Contract",
    "ServiceLevelRef",
    "ServiceLevel",
    "StartDate",
    "EndDate",
    "Quantity",
    "Unit",
    "Frequency",
    "UnitCost",
    "Pricing",
    "PaymentMethod",
    "Authorised",
    "Timetable",
    "AssessedContribution",
    "ContributionCollectedBy",
)
OPTIONAL_HEADINGS: Final = (
    "EffectiveFrom",
    "CostCentre",
    "Subjective",
    "ServiceGroupClass",
    "OrganisationAddress",
    "Suspensions",
    "CouncilRef",
    "OneDiary",
)
HEADINGS: Final[tuple[str, ...]] = (*REQUIRED_HEADINGS, *OPTIONAL_HEADINGS)
