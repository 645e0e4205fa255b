"""What people are told at the top of the next page: in green what they had done, and otherwise what was not."""

from __future__ import annotations

from typing import Final

from flask import flash

DONE: Final = "message"
"""The category that Flask gives to sentences of none."""
NOT_DONE: Final = "not-done"
"""The category of a sentence that no green banner may stand above (`said` of forms.html)."""


def tell_not_done(sentence: str) -> None:
    """Say that what was asked was not done, or was answered otherwise."""
    flash(sentence, NOT_DONE)


def tell_whether_done(is_done: bool, sentence: str) -> None:
    """Say what came of what was asked; `is_done` when at least a part of it was done."""
    flash(sentence, DONE if is_done else NOT_DONE)
