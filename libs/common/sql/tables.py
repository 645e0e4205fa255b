"""How Python types become columns, the same in every service's models."""

import datetime as dt
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, DateTime, Numeric, Text
from sqlalchemy.dialects.postgresql import JSONB

COLUMN_TYPES: dict[Any, Any] = {
    str: Text,
    int: BigInteger,
    Decimal: Numeric,
    dict[str, Any]: JSONB,
    list[Any]: JSONB,
    dt.datetime: DateTime(timezone=True),
}
