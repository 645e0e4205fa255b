"""The figures as a table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

WORDS = {
    "floor_seconds": "floor, s",
    "floor_with_matches_seconds": "floor that keeps matches, s",
    "first_seconds": "pipeline: first week, s",
    "unchanged_seconds": "  the same again, s",
    "corrected_seconds": "  every visit corrected, s",
    "ratio": "pipeline / floor",
    "ratio_to_floor_with_matches": "pipeline / floor that keeps matches",
    "cpu_ratio": "  the same of processor seconds",
    "visits_a_second": "visits a second",
    "ms_a_visit": "ms a visit",
    "ms_a_visit_small": "ms a visit, a tenth of the clients",
    "single_correction_seconds": "one corrected visit under load, s",
    "single_correction_seconds_worst": "  the slowest of them, s",
    "single_actual_seconds": "one corrected actual under load, s",
    "single_actual_seconds_worst": "  the slowest of them, s",
}


def as_text(result: Mapping[str, Any]) -> str:
    """All that was measured, the parts of every run, then the summary."""
    lines = [f"{result['visits']:,} visits of {result['clients']:,} clients"]
    lines += [run_as_text(number, run) for number, run in enumerate(result["runs"], 1)]
    if "textbook" in result:
        textbook = result["textbook"]
        lines.append(f"\ntextbook: {textbook['visits']:,} visits in {textbook['seconds']:.1f} s,")
        lines.append(f"  {textbook['visits_a_second']:.0f} visits a second")
    if "measures" in result:
        lines.append("\nmeasures of a quarter, s")
        lines += [_row(name.replace("_", " "), _figure(value)) for name, value in result["measures"].items()]
    lines.append("")
    lines += [_row(WORDS[name], _figure(value)) for name, value in result["summary"].items()]
    return "\n".join(lines)


def run_as_text(number: int, run: Mapping[str, Any]) -> str:
    """The parts of one run."""
    lines = [f"\nrun {number}"]
    for name in ("floor", "floor_with_matches"):
        if name in run:
            parts = {**run[name]["parts"], "in all": run[name]["seconds"]}
            lines.append(_row(name.replace("_", " "), _parts(parts)))
            lines.append(_row("  processor", _parts(run[name]["cpu_seconds"])))
    for name, load in run.get("pipeline", {}).items():
        if name == "single_correction_seconds":
            lines.append(_row("single corrections", _singles(load)))
        else:
            lines += _load_rows(name, load)
    if "single_actual_seconds" in run:
        lines.append(_row("single actuals", _singles(run["single_actual_seconds"])))
    return "\n".join(lines)


def _singles(seconds: Iterable[float]) -> str:
    return ", ".join(f"{one:.2f}" for one in seconds)


def _load_rows(name: str, load: Mapping[str, Any]) -> list[str]:
    seconds = (
        f"checked in {load['check_seconds']:.2f}, paid in {load['pay_seconds']:.2f}, {load['items']:,} items"
    )
    return [_row(name, seconds), _row("  processor", _parts(load["cpu_seconds"]))]


def _parts(seconds: Mapping[str, float]) -> str:
    return ", ".join(f"{name} {value:.2f}" for name, value in seconds.items())


def _row(name: str, value: str) -> str:
    return f"{name:<40} {value}"


def _figure(value: float | None) -> str:
    return "-" if value is None else f"{value:,.2f}" if value < 1000 else f"{value:,.0f}"
