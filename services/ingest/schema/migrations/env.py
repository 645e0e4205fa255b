"""Alembic's environment of this schema."""

from deploy.ops.migrate import run_environment

run_environment()
