"""Alembic's environment of this schema."""

from deploy.migrations import run_environment

run_environment()
