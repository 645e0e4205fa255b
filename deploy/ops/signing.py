"""Makes a key with which an asker signs what it asks services: `python -m deploy.ops.signing [portal|command]`."""

from __future__ import annotations

import base64
import secrets
import sys

from libs.common.rpc.signing import COMMAND_LINE, PORTAL, public_of


def main(arguments: list[str]) -> None:
    """Print both variables; SystemExit(2) for an asker that there is not."""
    asker = arguments[0] if arguments else PORTAL
    if asker not in (PORTAL, COMMAND_LINE) or len(arguments) > 1:
        print(f"usage: python -m deploy.ops.signing [{PORTAL}|{COMMAND_LINE}]", file=sys.stderr)
        raise SystemExit(2)
    key = f"{asker}:{base64.b64encode(secrets.token_bytes(32)).decode()}"
    print(f"RPC_SIGNING_KEY={key}\nRPC_TRUSTED_KEYS={public_of(key)}")


if __name__ == "__main__":
    main(sys.argv[1:])
