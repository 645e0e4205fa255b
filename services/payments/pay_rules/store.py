"""Queries of payments on the pay rules of contracts, and on the weeks that they price."""

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from services.payments.pay_rules.data import rules_from_data
from services.payments.pay_rules.rules import DatedRules


def rules_by_contract(session: Session) -> dict[str, Sequence[DatedRules]]:
    """The rules of every contract that ever had any, in order of their dates; the newest set of a date holds."""
    rows = session.execute(
        text(
            "SELECT DISTINCT ON (contract, effective_from) contract, effective_from, rules FROM pay_rules"
            " ORDER BY contract, effective_from, set_id DESC"
        )
    )
    found: dict[str, list[DatedRules]] = {}
    for contract, effective_from, rules in rows:
        found.setdefault(contract, []).append(DatedRules(effective_from, rules_from_data(rules)))
    return dict(found)


def sets_of(session: Session, contract: str) -> list[dict[str, Any]]:
    """Every set of a contract's rules that was ever made: the latest date first, and of a date the newest."""
    rows = session.execute(
        text(
            "SELECT set_id, effective_from, rules, set_by, set_at FROM pay_rules WHERE contract = :contract"
            " ORDER BY effective_from DESC, set_id DESC"
        ),
        {"contract": contract},
    )
    return [dict(row) for row in rows.mappings()]


def add(
    session: Session, *, contract: str, effective_from: dt.date, rules: Mapping[str, Any], who: str
) -> None:
    """Note new rules. The period lock is held alone, so that no week is being priced meanwhile."""
    session.execute(
        text(
            "INSERT INTO pay_rules (contract, effective_from, rules, set_by)"
            " VALUES (:contract, :effective_from, CAST(:rules AS jsonb), :who)"
        ),
        {"contract": contract, "effective_from": effective_from, "rules": json.dumps(rules), "who": who},
    )


def weeks_of_contract(session: Session, contract: str, since: dt.date) -> Sequence[tuple[int, int]]:
    """(CpliId, how many weeks from this Monday on) of a contract's packages, a client's together."""
    return _counted(session, "p.contract = :contract AND w.monday >= :since", contract=contract, since=since)


def weeks_with_types(
    session: Session, refs: Sequence[str], since: dt.date = dt.date.min
) -> Sequence[tuple[int, int]]:
    """(CpliId, in how many weeks from this Monday on) of visits of these types, a client's together."""
    is_there = "jsonb_path_exists(w.visits, '$[*][1] ? (@ == $refs[*])', jsonb_build_object('refs', CAST(:refs AS text[])))"
    return _counted(session, f"w.monday >= :since AND {is_there}", refs=list(refs), since=since)


def _counted(session: Session, where: str, **values: Any) -> Sequence[tuple[int, int]]:
    rows = session.execute(
        text(
            f"SELECT w.cpli_id, count(*) FROM weeks w JOIN packages p USING (cpli_id) WHERE {where}"
            " GROUP BY p.client_id, w.cpli_id ORDER BY p.client_id, w.cpli_id"
        ),
        values,
    )
    return [(cpli_id, count) for cpli_id, count in rows]
