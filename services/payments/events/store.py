"""Queries of payments on its public streams: the next numbers, and the moment that events carry."""

import datetime as dt
from collections.abc import Mapping

from sqlalchemy import text
from sqlalchemy.orm import Session


def take_numbers(session: Session, streams: Mapping[str, int]) -> dict[str, int]:
    """Take the next numbers of public streams; answers the first number of each. Sorted: no deadlock."""
    first = {}
    for stream in sorted(streams):
        last = session.scalar(
            text(
                "INSERT INTO public_sequences (stream, last_number) VALUES (:stream, :count)"
                " ON CONFLICT (stream) DO UPDATE SET last_number = public_sequences.last_number + :count"
                " RETURNING last_number"
            ),
            {"stream": stream, "count": streams[stream]},
        )
        first[stream] = (last or 0) - streams[stream] + 1
    return first


def read_moment(session: Session) -> dt.datetime:
    """The moment this transaction began, as its rows carry it."""
    moment: dt.datetime = session.scalar(text("SELECT now()"))
    return moment
