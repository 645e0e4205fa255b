"""What holds for the text of every cell of a care row (RULES 2, 3): cleaning, lengths, control characters. Pure."""

from collections.abc import Iterator, Mapping, Sequence

from libs.common.files.values import cleaned, control_character

TEXT_LIMITS = {
    "SSRef": 50,
    "NHSNumber": 20,
    "Title": 50,
    "Forename": 100,
    "Surname": 100,
    "OrganisationName": 112,
    "ServiceName": 112,
    "Contract": 50,
    "ServiceLevel": 100,
    "Pricing": 100,
    "Timetable": 8_000,
    "CostCentre": 100,
    "Subjective": 100,
    "ServiceGroupClass": 100,
    "OrganisationAddress": 500,
    "Suspensions": 8_000,
    "CouncilRef": 100,
}
"""Characters: those of visits (RULES 3), and sensible ones. Dates, numbers and GUIDs are short when they can be read."""
_SHORTEST_LIMIT = min(TEXT_LIMITS.values())
FREE_TEXT = frozenset({"Title", "Forename", "Surname", "OrganisationAddress", "Suspensions"})
"""What people write, in which joiners are text."""
OF_LINES = frozenset({"OrganisationAddress", "Timetable", "Suspensions"})
"""Columns in which line breaks and tabs are no mistake."""


def cleaned_cells(headings: Sequence[str], values: Sequence[str]) -> dict[str, str]:
    """The cells of a row by heading, as they are judged (RULES 3); what stands beyond the headings is left out."""
    pairs = zip(headings, values, strict=False)
    return {
        heading: value.strip() if value.isprintable() else cleaned(value, is_prose=heading in FREE_TEXT)
        for heading, value in pairs
    }


def text_faults(cells: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """Column, code and message of text over its length or with a control character: it rejects its row alone."""
    for column, text in cells.items():
        if len(text) <= _SHORTEST_LIMIT and text.isprintable():
            continue
        limit = TEXT_LIMITS.get(column)
        if limit is not None and len(text) > limit:
            yield (
                column,
                "too_long",
                f"{column} has {len(text):,} characters and may have {limit:,}: shorten it.",
            )
        if found := control_character(text, but="\r\n\t" if column in OF_LINES else ""):
            point = f"U+{ord(found):04X}"
            yield (
                column,
                "control_character",
                f"{column} holds a control character ({point}): type the text again without it.",
            )
