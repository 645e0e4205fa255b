"""What clients are given where a document has text: the wire writes it as text."""

from __future__ import annotations

import datetime as dt
import uuid

Id = uuid.UUID | str
"""An id, as an address or as a document has it."""
Day = dt.date | str
After = tuple[str, str]
"""(moment, id) after which a page of a list begins."""
MatchedRef = tuple[str, str, int, str]
"""Organisation id, VisitRef, CpliId, Monday."""
CpliWeek = tuple[int, str]
"""CpliId, Monday."""
