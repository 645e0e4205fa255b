"""What is doubtful in a file as a whole (RULES 3): shown once, before its counts, and no issue of any row."""

from typing import NamedTuple

from libs.common.seams.ingest.files import FileWarningDocument


class FileWarning(NamedTuple):
    """A sentence about a file; in how many rows, and the first of them. Both are None where no row is meant."""

    code: str
    rows: int | None
    row: int | None
    message: str

    def to_document(self) -> FileWarningDocument:
        """As the faces show it (DESIGN 4.1)."""
        return {"code": self.code, "rows": self.rows, "row": self.row, "message": self.message}
