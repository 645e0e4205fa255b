"""The VAT registration number of a provider: its form and its check digits (RULES 13)."""

from stdnum.exceptions import ValidationError
from stdnum.gb import vat

EXAMPLE = "GB 980 7806 84"


def read_vat_number(written: str) -> str | None:
    """The number as it is kept (GB and its digits), or None for one that has another form or wrong check digits."""
    try:
        return f"GB{vat.validate(written)}"
    except ValidationError:
        return None
