"""``care import --check``: what a care file would change, in money too, with nothing imported (RULES 2)."""

from pathlib import Path
from typing import Any

from deploy.cli.output import fail, say
from deploy.cli.system import System, store_upload

FORECAST_SECONDS = 600.0


def checked_care(system: System, file: Path) -> dict[str, Any]:
    """The check of a care file, with its forecast (None when that takes too long); nothing waits to be confirmed then.

    Fails for a file that is refused.
    """
    import_id, key = store_upload("care-files", file)
    system.ask("matching", "check_care", import_id=import_id, object_key=key, file_name=file.name)
    found = system.wait_for(
        lambda: system.ask("matching", "care_check", import_id=import_id),
        lambda document: document["state"] == "refused" or document["forecast"] is not None,
        FORECAST_SECONDS,
    )
    if found["state"] == "refused":
        fail(f"{file.name} is refused: {found['refusal']}")
    if found["state"] == "checking":
        fail("The care file is still being checked: look at it in the portal, under Care imports.")
    errors = system.ask("matching", "care_import", import_id=import_id)["errors"]
    system.ask("matching", "cancel_care", import_id=import_id)
    return {
        "id": import_id,
        **{name: found[name] for name in ("counts", "changes", "forecast")},
        "errors": errors,
    }


def say_forecast(forecast: dict[str, Any] | None) -> None:
    """What the file would change in money, a line for each provider and each CPLI that is paid in another way."""
    if forecast is None:
        say("What it changes in money is not known yet.")
        return
    for provider in forecast["providers"]:
        weekly = [provider[name] or "0.00" for name in ("weekly_before", "weekly_after")]
        deductions = provider["deductions"]
        say(
            f"{provider['organisation']}: weekly cost £{weekly[0]} to £{weekly[1]}; it would post"
            f" £{provider['open']} in open periods and £{provider['finalised']} for finalised ones,"
            f" deductions £{deductions['open']} and £{deductions['finalised']}."
        )
    charges = forecast["charges"]
    say(f"Charges: £{charges['open']} in open periods, £{charges['finalised']} for finalised ones.")
    for method in forecast["methods"]:
        say(
            f"CPLI {method['cpli_id']} ({method['client']}) changes from {method['before']} to {method['after']}:"
            f" £{method['open']} in open periods, £{method['finalised']} for finalised ones."
        )
