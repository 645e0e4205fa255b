"""`python -m deploy.cli`: the same as `caretally`."""

from deploy.cli import main

main()
