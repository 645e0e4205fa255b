"""Figures as measures show them: rounded once, half up, as text (RULES 16). Pure."""

from fractions import Fraction


def per_cent(part: int, whole: int) -> str | None:
    """A share to one decimal; None where there is nothing to divide by."""
    return _rounded(Fraction(part * 100, whole), 1) if whole else None


def two_decimals(figure: Fraction) -> str:
    """Hours, or a mean."""
    return _rounded(figure, 2)


def _rounded(figure: Fraction, decimals: int) -> str:
    """Half up, away from nought; with so many decimals."""
    scaled = abs(figure) * 10**decimals
    units = int(scaled + Fraction(1, 2))
    sign = "-" if figure < 0 and units else ""
    return f"{sign}{units // 10**decimals}.{units % 10**decimals:0{decimals}}"
