"""`python -m deploy.dev.bench`: the floor, the pipeline, their ratio, and the textbook way beside them."""

from __future__ import annotations

import argparse
import json
import signal
import sys
from statistics import median
from typing import Any

from deploy.dev.bench import measures, textbook
from deploy.dev.bench.actuals import CorrectedActual
from deploy.dev.bench.council import MadeCouncil, corrected, make_council, sent_again
from deploy.dev.bench.floor import floor
from deploy.dev.bench.pipeline import Load, Pipeline
from deploy.dev.bench.report import as_text, run_as_text
from deploy.dev.bench.servers import Servers, servers, working_stack

PARTS = ("floor", "pipeline", "actuals", "small", "textbook", "measures")
TEXTBOOK_VISITS = 1000
CORRECTIONS = 8
CORRECTED_ACTUALS = 24
PAUSE_SECONDS = 0.2


def main() -> None:
    """Measure what is asked for; a table, or one JSON document with --json."""
    options = _options()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that the servers are ended too
    with servers() as running:
        council = make_council(running.folder / "council", options.clients)
        result = measured(running, council, options)
    print(json.dumps(result, indent=1) if options.json else as_text(result))


def measured(running: Servers, council: MadeCouncil, options: argparse.Namespace) -> dict[str, Any]:
    """All figures. Floor and pipeline take turns, so that a machine that slows down slows both."""
    result: dict[str, Any] = {"clients": council.clients, "visits": council.visits_count(), "runs": []}
    for number in range(options.repeat):
        _say(f"run {number + 1} of {options.repeat}")
        run: dict[str, Any] = {}
        if "floor" in options.parts:
            run["floor"] = floor(running, council, keeps_matches=False)
            run["floor_with_matches"] = floor(running, council, keeps_matches=True)
        if "pipeline" in options.parts:
            run["pipeline"] = weeks(running, council)
        if "actuals" in options.parts:
            run["single_actual_seconds"] = corrected_actual(running, council)
        result["runs"].append(run)
        _say(run_as_text(number + 1, run))
    if "small" in options.parts:
        small = make_council(running.folder / "small", max(1, council.clients // 10))
        with_small = [first_week(running, small) for _ in range(options.repeat)]
        result["small"] = {
            "clients": small.clients,
            "visits": small.visits_count(),
            "pay_seconds": [load.pay_seconds for load in with_small],
        }
    if "textbook" in options.parts:
        _say("the textbook way")
        result["textbook"] = textbook.measured(running, council, TEXTBOOK_VISITS)
    if "measures" in options.parts:
        _say("measures of a quarter")
        result["measures"] = measures.measured(running, council.clients)
    return result | {"summary": summary(result)}


def first_week(running: Servers, council: MadeCouncil) -> Load:
    """The first week alone."""
    with working_stack(running) as stack:
        pipeline = Pipeline(stack, council)
        pipeline.import_care()
        load = pipeline.load(council.visits())
        pipeline.close()
    return load


def weeks(running: Servers, council: MadeCouncil) -> dict[str, Any]:
    """The first week, the same again, the same corrected, and single corrections under a load."""
    files = council.visits()
    late = [corrected(file) for file in files]
    with working_stack(running) as stack:
        pipeline = Pipeline(stack, council)
        pipeline.import_care()
        loads = {
            "first": pipeline.load(files),
            "unchanged": pipeline.load([sent_again(file) for file in files]),
            "corrected": pipeline.load(late),
        }
        chosen = [files[number % len(files)] for number in range(CORRECTIONS)]
        singles = [
            corrected(file, 7, only=pipeline.paid_visit(file.organisation, 100 + number))
            for number, file in enumerate(chosen)
        ]
        seconds = pipeline.corrections_seconds([corrected(file, 2) for file in files], singles, PAUSE_SECONDS)
        pipeline.close()
    return {name: vars(load) for name, load in loads.items()} | {"single_correction_seconds": seconds}


def corrected_actual(running: Servers, council: MadeCouncil) -> list[float]:
    """One actual, corrected again and again under a load."""
    with working_stack(running) as stack:
        pipeline = Pipeline(stack, council)
        pipeline.import_care()
        actual = CorrectedActual(pipeline, council)
        pipeline.load(council.visits())
        seconds = actual.seconds_under_load(CORRECTED_ACTUALS, PAUSE_SECONDS)
        pipeline.close()
    return seconds


def summary(result: dict[str, Any]) -> dict[str, Any]:
    """Medians over the runs, and the ratios."""
    found: dict[str, Any] = {}
    runs = result["runs"]
    for name in ("floor", "floor_with_matches"):
        if name in runs[0]:
            found[f"{name}_seconds"] = median(run[name]["seconds"] for run in runs)
    if "pipeline" in runs[0]:
        for name in ("first", "unchanged", "corrected"):
            found[f"{name}_seconds"] = median(run["pipeline"][name]["pay_seconds"] for run in runs)
        found["visits_a_second"] = result["visits"] / found["first_seconds"]
        found["ms_a_visit"] = 1000 * found["first_seconds"] / result["visits"]
        singles = [seconds for run in runs for seconds in run["pipeline"]["single_correction_seconds"]]
        found["single_correction_seconds"] = median(singles) if singles else None
        found["single_correction_seconds_worst"] = max(singles, default=None)
    if "single_actual_seconds" in runs[0]:
        actuals = [seconds for run in runs for seconds in run["single_actual_seconds"]]
        found["single_actual_seconds"] = median(actuals) if actuals else None
        found["single_actual_seconds_worst"] = max(actuals, default=None)
    if "floor_seconds" in found and "first_seconds" in found:
        ratios = [run["pipeline"]["first"]["pay_seconds"] / run["floor"]["seconds"] for run in runs]
        found["ratio"] = median(ratios)
        found["cpu_ratio"] = median(_cpu(run["pipeline"]["first"]) / _cpu(run["floor"]) for run in runs)
        kept = [
            run["pipeline"]["first"]["pay_seconds"] / run["floor_with_matches"]["seconds"] for run in runs
        ]
        found["ratio_to_floor_with_matches"] = median(kept)
    if "small" in result:
        found["ms_a_visit_small"] = 1000 * median(result["small"]["pay_seconds"]) / result["small"]["visits"]
    return found


def _cpu(measurement: dict[str, Any]) -> float:
    return float(sum(measurement["cpu_seconds"].values()))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m deploy.dev.bench", description=__doc__)
    parser.add_argument("--clients", type=int, default=4000, help="4,000 make a large council's week")
    parser.add_argument("--repeat", type=int, default=1, help="how often; the summary holds medians")
    parser.add_argument("--json", action="store_true", help="one JSON document instead of the table")
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=PARTS, help="what to measure")
    return parser.parse_args()


def _say(what: str) -> None:
    print(what, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
