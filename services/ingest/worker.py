"""Which events go to which step of ingest."""

from libs.common.working import serve_worker
from services.ingest.workflow import apply_file, check_file, take_care, take_forecast

HANDLERS = {
    "check_wanted": check_file,
    "apply_wanted": apply_file,
    "care_changed": take_care,
    "file_forecast": take_forecast,
}


def main() -> None:
    """Serve until SIGTERM."""
    serve_worker("ingest", HANDLERS)
