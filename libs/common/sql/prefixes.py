"""Text that begins with what somebody typed, as a range that an index in code-point order (``COLLATE "C"``) finds."""

LAST_CODE_POINT = "\U0010ffff"


def prefix_range(prefix: str) -> tuple[str, str]:
    """(first, end): a text begins with ``prefix`` if ``first <= text < end`` by code points."""
    return prefix, prefix + LAST_CODE_POINT
