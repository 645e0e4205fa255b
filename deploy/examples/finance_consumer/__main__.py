"""`python -m finance_consumer run` hears events; `python -m finance_consumer totals` prints what they come to."""

from __future__ import annotations

import argparse
import json
import os

from .consumer import Consumer
from .ledger import Ledger


def main() -> None:
    """Read the command line and do as it says."""
    parser = argparse.ArgumentParser(prog="finance_consumer", description=__doc__)
    parser.add_argument("command", choices=("run", "totals"))
    parser.add_argument("--database", default="finance.sqlite", help="the file with this system's books")
    parser.add_argument("--queue", default="finance.payments.v1", help="this system's own queue")
    parser.add_argument("--until-quiet", type=float, metavar="SECONDS", help="end when none came for so long")
    options = parser.parse_args()
    ledger = Ledger(options.database)
    try:
        if options.command == "totals":
            print(json.dumps(ledger.totals(), indent=1))
            return
        url = os.environ.get("AMQP_URL")
        if not url:
            parser.error("AMQP_URL must be set: amqp://finance:PASSWORD@HOST:5672/%2F")
        Consumer(url, options.queue, ledger).run(options.until_quiet)
    except KeyboardInterrupt:
        pass
    finally:
        ledger.close()


if __name__ == "__main__":
    main()
