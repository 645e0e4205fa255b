"""`python -m deploy.dev.demo.app_number KEY`: what an authenticator app with this key shows now.

For whoever looks at the demonstration without a telephone at hand. It knows no account and asks nothing: who has the
key has the app.
"""

from __future__ import annotations

import argparse
import sys
import time

import pyotp


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m deploy.dev.demo.app_number", description=__doc__)
    parser.add_argument(
        "key", metavar="KEY", help="32 letters and digits, as the demonstration or the page shows them"
    )
    key = parser.parse_args().key.replace(" ", "").upper()
    try:
        app = pyotp.TOTP(key)
        number = app.now()
    except ValueError:
        parser.error("that is no key of an authenticator app")
    left = app.interval - int(time.time()) % app.interval
    print(f"{number}   (for {left} seconds more; each number is good for one sign-in)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
