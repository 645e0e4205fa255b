"""Bank holidays of England and Wales, from the list that GOV.UK publishes. It comes with a package: nothing is asked for."""

import datetime as dt
from functools import lru_cache


@lru_cache(maxsize=1)
def bank_holidays() -> dict[dt.date, str]:
    """Every bank holiday that is known, with its name. One that is proclaimed later is a special day of the contract."""
    # Late: it brings all that downloads need, and only contracts with rates by day ask.
    from govuk_bank_holidays.bank_holidays import BankHolidays

    known = BankHolidays(use_cached_holidays=True)
    return {one["date"]: one["title"] for one in known.get_holidays(BankHolidays.ENGLAND_AND_WALES)}


def known_until() -> dt.date:
    """The last day of the last year whose bank holidays are known."""
    return dt.date(max(bank_holidays()).year, 12, 31)
