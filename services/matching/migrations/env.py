"""How alembic runs here: the same for every service."""

from deploy.migrations import run_environment

run_environment()
