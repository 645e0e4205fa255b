"""The command line: `caretally`."""

from __future__ import annotations

import os
import sys

from libs.common.process.loading import loading


def main() -> None:
    """Run a command: exit 0, 1 with one sentence on standard error, or 2 for wrong usage.

    With LOG_LEVEL=DEBUG what nobody expected shows its whole trace.
    """
    try:
        with loading():
            from deploy.cli.commands import app_for

            app = app_for(sys.argv[1] if len(sys.argv) > 1 else None)
        app()
    except BrokenPipeError:
        sys.stderr.close()  # the reader of our output left: nothing to say to anybody
        raise SystemExit(1) from None
    except Exception as error:  # the edge of the process
        if os.environ.get("LOG_LEVEL") == "DEBUG":
            raise
        reason = (str(error).strip().splitlines() or ["no reason given"])[0]
        print(f"The command failed ({type(error).__name__}: {reason}).", file=sys.stderr)
        raise SystemExit(1) from None
