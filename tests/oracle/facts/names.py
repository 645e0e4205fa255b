"""Who is who, worked out a second time (RULES 2): a ref says who somebody is, and a name whoever bore it last."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

Row = tuple[int | str, str, str]
"""A scope (the organisation of a service), a ref ('' for none) and a folded name."""


@dataclass
class WhoIsWho:
    """Organisations, or services, by numbers."""

    refs: dict[str, int] = field(default_factory=dict)
    called: dict[int, str] = field(default_factory=dict)
    scopes: dict[int, int | str] = field(default_factory=dict)
    bore_last: dict[tuple[int | str, str], int] = field(default_factory=dict)

    def judge(self, rows: Sequence[Row], says: Sequence[bool]) -> list[int | None]:
        """Whom each row of a file means; None for a row that is rejected. Only rows that are to count rename."""
        for who, name in self._renamings([row for row, is_said in zip(rows, says, strict=True) if is_said]):
            self._call(who, self.scopes[who], name)
        return [self._judge_row(*row) for row in rows]

    def bearer_of(self, scope: int | str, name: str) -> int | None:
        """Whoever is called so, or was so last."""
        return self.bore_last.get((scope, name))

    def is_called(self, who: int | None, name: str) -> bool:
        return who is not None and self.called[who] == name

    def ref_of(self, who: int) -> str:
        return next((ref for ref, one in self.refs.items() if one == who), "")

    def somebody_new(self, scope: int | str, name: str, ref: str = "") -> int:
        who = len(self.called)
        self.scopes[who] = scope
        self._call(who, scope, name)
        if ref:
            self.refs[ref] = who
        return who

    def _call(self, who: int, scope: int | str, name: str) -> None:
        self.called[who] = name
        self.bore_last[scope, name] = who

    def _renamings(self, rows: Sequence[Row]) -> list[tuple[int, str]]:
        """Whose ref bears another name throughout, as far as that name is free by then."""
        said: dict[int, list[str]] = {}
        for scope, ref, name in rows:
            if ref in self.refs and self.scopes[self.refs[ref]] == scope:
                said.setdefault(self.refs[ref], []).append(name)
        wanted = {who: names[0] for who, names in said.items() if self.called[who] not in names}
        while True:
            stays = {(self.scopes[who], name) for who, name in self.called.items() if who not in wanted}
            free = {who: name for who, name in wanted.items() if (self.scopes[who], name) not in stays}
            if free == wanted:
                break
            wanted = free
        first = dict(reversed([((self.scopes[who], name), who) for who, name in wanted.items()]))
        return [(who, name) for who, name in wanted.items() if first[self.scopes[who], name] == who]

    def _judge_row(self, scope: int | str, ref: str, name: str) -> int | None:
        by_name = self.bearer_of(scope, name)
        if ref in self.refs:
            return by_name if by_name == self.refs[ref] else None
        if self.is_called(by_name, name):
            assert by_name is not None
            if ref and self.ref_of(by_name):
                return None
            if ref:
                self.refs[ref] = by_name
            return by_name
        if by_name is not None and not ref:
            return by_name
        return self.somebody_new(scope, name, ref)
