"""What services and their askers agree on about lists."""

from typing import Final

COUNTED_TO: Final = 1_000
"""So far a list is counted exactly: what is longer is so many *or more*, and costs no scan (RULES 20)."""
