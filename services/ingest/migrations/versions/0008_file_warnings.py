"""What is doubtful in a file as a whole has a code and its rows beside its sentence."""

from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Sentences of files before become documents; they were all about columns."""
    op.execute(
        "UPDATE ingest.visits_files SET file_warnings = (SELECT jsonb_agg(jsonb_build_object("
        "'code', 'extra_columns', 'rows', NULL, 'row', NULL, 'message', sentence) ORDER BY place)"
        " FROM jsonb_array_elements_text(file_warnings) WITH ORDINALITY AS said (sentence, place))"
        " WHERE file_warnings <> '[]'"
    )
