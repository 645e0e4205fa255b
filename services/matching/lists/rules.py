"""What may stand on the council's list of service levels (RULES 2). Pure: values in, faults out."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from libs.common.care.names import fold
from libs.common.files.values import control_character, parse_guid


class Fault(NamedTuple):
    """What is wrong with a service level: the field it is about, and a sentence that says what to do."""

    field: str
    sentence: str


def level_faults(
    key: str | None,
    name: str,
    ref: str | None,
    aliases: Sequence[str],
    levels: Mapping[str, Mapping[str, Any]],
) -> list[Fault]:
    """All faults of a level that is changed (``key``: its folded name) or added (None).

    ``levels`` is the list as it is. A level keeps its name but for its writing: care and visits know it by that.
    """
    others = {one: level for one, level in levels.items() if one != key}
    taken = {
        fold(text): level["name"] for level in others.values() for text in (level["name"], *level["aliases"])
    }
    faults = []
    if any(map(control_character, (name, *aliases))):
        faults.append(Fault("name", "Write names without control characters"))
    if key is not None and fold(name) != key:
        faults.append(
            Fault("name", "Keep the name: care and visits know the level by it. Add other names as aliases")
        )
    if fold(name) in taken:
        faults.append(Fault("name", f"“{name}” is “{taken[fold(name)]}” already"))
    faults += [
        Fault("aliases", f"“{alias}” is “{taken[fold(alias)]}” already: leave it out")
        for alias in aliases
        if fold(alias) in taken
    ]
    if ref is not None:
        holder = next((level["name"] for level in others.values() if level["service_level_ref"] == ref), None)
        if parse_guid(ref) != ref:
            faults.append(
                Fault("ref", "Write the ref as care has it, like 97D54925-7210-436E-8D97-9727CD416685")
            )
        elif holder:
            faults.append(Fault("ref", f"“{holder}” has this ref already"))
    return faults
