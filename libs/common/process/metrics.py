"""What a process counts, in the form Prometheus reads."""

from __future__ import annotations

from prometheus_client import CONTENT_TYPE_LATEST, Counter, Histogram, generate_latest

RPC_ANSWERS = Counter("caretally_rpc_answers", "RPC requests by method and outcome.", ["method", "outcome"])
RPC_SECONDS = Histogram(
    "caretally_rpc_seconds",
    "Time from taking an RPC request to its answer, in seconds.",
    ["method"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0),
)
CONTENT_TYPE = CONTENT_TYPE_LATEST


def exposition() -> bytes:
    """Every metric of this process as the body of /metrics."""
    return generate_latest()
