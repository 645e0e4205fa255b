"""The folder of a stack's secrets: a folder in it for each process, a file for each secret, for their owner alone.

administrator/    database_password and broker_password of the servers' administrators, for `migrate` and `broker`
ingest-rpc/       database_password of its own role, broker_password of its service; so for every process
portal/           secret, code_keys, and the signing_key of what it asks services besides
portal-appender/  database_password of the role that chains the evidence, and nothing of the broker
command/          signing_key of the command line
public/           trusted_keys: by which services know who asks; it is no secret
reader/           database_password of the role that reads the books, for `caretally reconcile`
consumer-NAME/    broker_password of a council system that hears public events
"""

from __future__ import annotations

import base64
import os
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from deploy.local.machine.private import write_private
from deploy.ops.roles import APPENDER, READER, SCHEMAS, Passwords
from libs.common.errors import ConfigError
from libs.common.process.given import read_file
from libs.common.process.strictness import require_secret
from libs.common.rpc import signing

VARIABLE: Final = "CARETALLY_SECRETS"
ADMINISTRATOR, PORTAL = "administrator", "portal"
DATABASE_PASSWORD, BROKER_PASSWORD = "database_password", "broker_password"
PORTAL_SECRET, CODE_KEYS = "secret", "code_keys"
COMMAND, PUBLIC = "command", "public"
SIGNING_KEY, TRUSTED_KEYS = "signing_key", "trusted_keys"
ASKERS: Final = {PORTAL: signing.PORTAL, COMMAND: signing.COMMAND_LINE}
"""Who asks services, by their folders."""
_NEW: Final = ".new"


@dataclass(frozen=True)
class Holder:
    """A process, or a person's program, that has passwords of its own: `role` and `user` are '' for none."""

    name: str
    role: str
    user: str


def holders(consumers: Iterable[str] = ()) -> list[Holder]:
    """All but the administrator. Both processes of a service are one user of the broker, and have its password."""
    services = [schema for schema in SCHEMAS if schema != PORTAL]
    found = [Holder(f"{one}-rpc", f"{one}_rpc", one) for one in services]
    found += [Holder(f"{one}-worker", f"{one}_work", one) for one in services]
    found += [Holder(PORTAL, "portal_rpc", PORTAL), Holder("portal-appender", APPENDER, "")]
    found.append(Holder("reader", READER, ""))
    return found + [Holder(f"consumer-{name}", "", name) for name in consumers]


def make(folder: Path, consumers: Iterable[str] = (), *, with_administrators: bool = True) -> list[Path]:
    """Make every secret that is missing; which were made. What is there stays as it is."""
    finish_interrupted(folder)
    made = [*_missing(folder / PORTAL, {PORTAL_SECRET: new_password(), CODE_KEYS: f"1:{new_key()}"})]
    if with_administrators:
        both = {DATABASE_PASSWORD: new_password(), BROKER_PASSWORD: new_password()}
        made += _missing(folder / ADMINISTRATOR, both)
    of_users = {user: _kept_or_new(folder, user) for user in {one.user for one in holders(consumers)}}
    for one in holders(consumers):
        wanted = {DATABASE_PASSWORD: new_password()} if one.role else {}
        wanted |= {BROKER_PASSWORD: of_users[one.user]} if one.user else {}
        made += _missing(folder / one.name, wanted)
    return made + _make_signing_keys(folder)


def _make_signing_keys(folder: Path) -> list[Path]:
    """Those that are missing; their public keys are trusted from then on, beside those that are."""
    made = [
        file
        for name, asker in ASKERS.items()
        for file in _missing(folder / name, {SIGNING_KEY: new_signing_key(asker)})
    ]
    trusted = trusted_keys_file(folder)
    if made and trusted.exists():
        put(trusted, ",".join([*own_public_keys(folder), *read_file(str(trusted), VARIABLE).split(",")]))
    return made + list(_missing(folder / PUBLIC, {TRUSTED_KEYS: ",".join(own_public_keys(folder))}))


def own_public_keys(folder: Path) -> list[str]:
    """What services must know of everybody who asks them, by the keys of now."""
    keys = [read_file(str(folder / name / SIGNING_KEY), VARIABLE) for name in ASKERS]
    return [signing.public_of(key) for key in keys]


def trusted_keys_file(folder: Path) -> Path:
    """Where services read whom they trust."""
    return folder / PUBLIC / TRUSTED_KEYS


def adopt(home: Path, folder: Path) -> None:
    """What a home's portal had in files of older names stays what it has: codes are encrypted with it."""
    for old, name in (("portal-keys", CODE_KEYS), ("portal-secret", PORTAL_SECRET)):
        if (home / old).exists() and not (folder / PORTAL / name).exists():
            (folder / PORTAL).mkdir(mode=0o700, parents=True, exist_ok=True)
            (home / old).rename(folder / PORTAL / name)


def files_of_role(folder: Path, role: str) -> list[Path]:
    """Where the password of a role is kept; nowhere for one that no process has."""
    return [folder / one.name / DATABASE_PASSWORD for one in holders() if one.role == role]


def files_of_user(folder: Path, user: str) -> list[Path]:
    """Where the password of a user of the broker is kept."""
    found = [folder / one.name / BROKER_PASSWORD for one in holders() if one.user == user]
    return found or [folder / f"consumer-{user}" / BROKER_PASSWORD]


def passwords_in(folder: Path) -> Passwords:
    """The passwords as the files of a folder have them; '' for a role that no process has."""

    def password(name: str) -> str:
        is_role = name == READER or "_" in name
        files = files_of_role(folder, name) if is_role else files_of_user(folder, name)
        return read_file(str(files[0]), VARIABLE) if files else ""

    return password


def passwords_given() -> Passwords:
    """The passwords of the folder that CARETALLY_SECRETS names. ConfigError for one that no process starts with."""
    folder = os.environ.get(VARIABLE, "")
    if not folder:
        raise ConfigError(
            f"{VARIABLE} is not set: make the folder with `caretally secrets make FOLDER`, and name it."
        )
    read = passwords_in(Path(folder))

    def password(name: str) -> str:
        found = read(name)
        if found:
            require_secret(f"The password of {name} in {VARIABLE}", found)
        return found

    return password


def new_password() -> str:
    """256 random bits, in 43 characters that are fit for a URL."""
    return secrets.token_urlsafe(32)


def new_key() -> str:
    """A key of the portal's vault, without its number."""
    return base64.b64encode(secrets.token_bytes(32)).decode()


def new_signing_key(asker: str) -> str:
    """A key with which an asker signs what it asks services."""
    return f"{asker}:{new_key()}"


def put(file: Path, text: str) -> None:
    """Write a secret anew, into the same file: a container that was given this very file reads it too.

    Killed in between, the whole of it is in a file beside it, and `finish_interrupted` goes on.
    """
    beside = file.with_name(file.name + _NEW)
    write_private(beside, text)
    _same_owner(beside, file)
    _overwrite(file, text)
    beside.unlink()


def finish_interrupted(folder: Path) -> None:
    """Bring to an end what a killed `put` had begun."""
    for beside in folder.glob(f"*/*{_NEW}"):
        file = beside.with_name(beside.name.removesuffix(_NEW))
        if file.exists():
            _overwrite(file, beside.read_text())
        beside.unlink()


def give_to(folder: Path, owner: int) -> None:
    """Have this user of the machine own folder and files. PermissionError for whoever may not."""
    for path in (folder, *_inside(folder)):
        os.chown(path, owner, -1)


def _overwrite(file: Path, text: str) -> None:
    """In one write, and no byte of the old is left. Who reads in between is refused, and reads again."""
    with file.open("r+b", buffering=0) as opened:
        opened.write(text.encode())
        opened.truncate()
        os.fsync(opened.fileno())


def _same_owner(path: Path, other: Path) -> None:
    if os.geteuid() == 0:
        os.chown(path, other.stat().st_uid, other.stat().st_gid)


def _missing(folder: Path, wanted: dict[str, str]) -> Iterator[Path]:
    folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.mkdir(mode=0o700, exist_ok=True)
    for name, text in wanted.items():
        if not (folder / name).exists():
            write_private(folder / name, text)
            yield folder / name


def _kept_or_new(folder: Path, user: str) -> str:
    """The password that one of a user's processes has already: all of them have the same."""
    kept = [file for file in files_of_user(folder, user) if file.exists()]
    return kept[0].read_text() if user and kept else new_password()


def _inside(folder: Path) -> Iterator[Path]:
    for place in sorted(folder.iterdir()):
        yield place
        if place.is_dir() and not place.is_symlink():
            yield from _inside(place)
