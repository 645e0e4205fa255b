"""What is said of doubts."""

from typing import Final

HIDDEN: Final = "There is no such worklist."
"""To a provider: doubts are the council's."""
