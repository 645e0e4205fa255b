"""Every secret of a running stack is made anew, and nobody is turned away meanwhile.

A password is written into its files first and given to the server then. Sessions that a process has live on; a new one
reads the file, and is tried again while the server still wants the old. Killed in between, the same command again, or
the next `migrate` and `broker`, has the servers want what the files say.
"""

from __future__ import annotations

import fcntl
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

import psycopg
from psycopg import sql

from deploy.local.servers.management import Management, ManagementRefused
from deploy.ops.bootstrap import hashed_password
from deploy.ops.broker import given_broker, set_password, users
from deploy.ops.roles import full_name, login_names, role_url
from deploy.secrets import folder as secret_files
from deploy.secrets.folder import (
    ADMINISTRATOR,
    ASKERS,
    BROKER_PASSWORD,
    CODE_KEYS,
    DATABASE_PASSWORD,
    PORTAL,
    PORTAL_SECRET,
    SIGNING_KEY,
    files_of_role,
    files_of_user,
    passwords_in,
)
from libs.common.errors import ConfigError
from libs.common.process import database
from libs.common.process.given import given_url, read_file, with_password
from libs.common.process.strictness import require_database
from libs.common.rpc.signing import public_of

DATABASE, BROKER, SECRET, KEYS, SIGNING, ADMINISTRATORS, ALL = (
    "database",
    "broker",
    "portal-secret",
    "code-keys",
    "signing-keys",
    "administrators",
    "all",
)
KINDS: Final = (DATABASE, BROKER, SECRET, KEYS, SIGNING, ADMINISTRATORS)
_PORTAL_SECRETS_KEPT: Final = 2
"""Signatures of the newest and of the one before are good."""


class RotationFailed(Exception):
    """It could not be done; str() says why in one sentence."""


@dataclass
class Stack:
    """What is rotated. `management` is None, and a list of files empty, where the server is somebody else's."""

    folder: Path
    admin_url: str
    management: Management | None
    database_files: Sequence[Path] = ()
    """where the password of the database's administrator is"""
    broker_files: Sequence[Path] = ()


def rotate(stack: Stack, which: str, say: Callable[[str], None]) -> None:
    """Make the secrets of this kind anew, or of all. Raises RotationFailed; what was done until then stays done."""
    steps = {
        DATABASE: _rotate_roles,
        BROKER: _rotate_users,
        SECRET: _rotate_portal_secret,
        KEYS: _rotate_code_keys,
        SIGNING: _rotate_signing_keys,
        ADMINISTRATORS: _rotate_administrators,
    }
    try:
        with _alone(stack.folder):
            secret_files.finish_interrupted(stack.folder)
            for kind in KINDS if which == ALL else (which,):
                say(steps[kind](stack))
    except (psycopg.Error, ManagementRefused, OSError) as error:
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
        raise RotationFailed(f"Not all was rotated: {reason}.") from error


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Two at once would each write what the other's server does not want."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise RotationFailed("The secrets are being rotated already: wait for the end of that.") from None
    finally:
        os.close(handle)


def _rotate_roles(stack: Stack) -> str:
    count = 0
    with psycopg.connect(stack.admin_url, autocommit=True) as admin:
        for role in login_names():
            files = files_of_role(stack.folder, role)
            if files:
                _change(files, partial(_alter_role, admin, full_name(role)))
                count += 1
    return f"Passwords of the database: {count} roles."


def _alter_role(admin: psycopg.Connection[tuple[object, ...]], name: str, password: str) -> None:
    hashed = hashed_password(admin, name, password)
    admin.execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(name), sql.Literal(hashed)))


def _rotate_users(stack: Stack) -> str:
    management = stack.management
    if management is None:
        return "Passwords of the broker: none, it is somebody else's."
    names = [user.name for user in users()]
    for name in names:
        _change(files_of_user(stack.folder, name), partial(set_password, management, full_name(name)))
    return f"Passwords of the broker: {len(names)} users."


def _rotate_portal_secret(stack: Stack) -> str:
    """The newest signs; the one before is read; the first goes on drawing what is pretended."""
    file = stack.folder / PORTAL / PORTAL_SECRET
    known = read_file(str(file), PORTAL_SECRET).splitlines()
    kept = [secret_files.new_password(), *known][:_PORTAL_SECRETS_KEPT]
    secret_files.put(file, "\n".join([*kept, *([known[-1]] if known[-1] not in kept else [])]))
    return "The portal's secret."


def _rotate_code_keys(stack: Stack) -> str:
    """One more key, all encrypted anew by it, and those that open nothing dropped, but for the one before."""
    from services.portal.accounts import steps as accounts_steps
    from services.portal.accounts.environment import Parts
    from services.portal.accounts.vault import Vault, keys_from

    file = stack.folder / PORTAL / CODE_KEYS
    known = keys_from(read_file(str(file), CODE_KEYS))
    text = read_file(str(file), CODE_KEYS)
    text = f"{text},{max(known) + 1}:{secret_files.new_key()}"
    secret_files.put(file, text)
    url = role_url(stack.admin_url, "portal_rpc", passwords_in(stack.folder))
    sessions = database.sessions(database.engine(url, "portal", 1))
    parts = Parts(sessions=sessions, vault=Vault(keys_from(text)), secret=secret_files.new_password())
    try:
        count = accounts_steps.rotate_keys(parts)
        needed = accounts_steps.keys_in_use(parts) | {max(known), max(known) + 1}
    finally:
        parts.close()
    kept = [one for one in text.split(",") if int(one.partition(":")[0]) in needed]
    if len(kept) < len(known) + 1:
        secret_files.put(file, ",".join(kept))
    return f"Keys of security codes: {count:,} accounts encrypted anew by key {max(known) + 1}."


def _rotate_signing_keys(stack: Stack) -> str:
    """Services are told the new public keys first; those of before are trusted until the next rotation."""
    new = {name: secret_files.new_signing_key(asker) for name, asker in ASKERS.items()}
    trusted = [*map(public_of, new.values()), *secret_files.own_public_keys(stack.folder)]
    secret_files.put(secret_files.trusted_keys_file(stack.folder), ",".join(trusted))
    for name, key in new.items():
        secret_files.put(stack.folder / name / SIGNING_KEY, key)
    return f"Keys of those who ask services: {len(new)}."


def _rotate_administrators(stack: Stack) -> str:
    done = []
    if stack.database_files:
        with psycopg.connect(stack.admin_url, autocommit=True) as admin:
            name = admin.info.user
            _change(stack.database_files, partial(_alter_role, admin, name))
        done.append("of the database")
    management = stack.management
    if stack.broker_files and management is not None:
        _change(
            stack.broker_files,
            lambda new: set_password(management, management.user, new, tags="administrator"),
        )
        done.append("of the broker")
    return f"Passwords of administrators: {' and '.join(done) or 'none, the servers are somebody else’s'}."


def _change(files: Sequence[Path], tell_server: Callable[[str], None]) -> None:
    """Write a new password into its files and give it to the server; when that fails, the files say the old again."""
    before, new = [file.read_text() for file in files], secret_files.new_password()
    _put_all(files, [new] * len(files))
    try:
        tell_server(new)
    except BaseException:
        _put_all(files, before)
        raise


def _put_all(files: Iterable[Path], texts: Iterable[str]) -> None:
    for file, text in zip(files, texts, strict=True):
        secret_files.put(file, text)


def main() -> None:
    """`rotate`: all secrets of a stack of containers, from the variables of `migrate` and `broker`."""
    stack = given_stack()
    try:
        rotate(stack, ALL, print)
    except RotationFailed as error:
        print(error, file=sys.stderr)
        raise SystemExit(1) from None


def given_stack() -> Stack:
    """The stack of DATABASE_ADMIN_URL, AMQP_URL, AMQP_MANAGEMENT_URL and CARETALLY_SECRETS. ConfigError."""
    admin_url, folder = given_url("DATABASE_ADMIN_URL"), os.environ.get(secret_files.VARIABLE, "")
    if not admin_url or not folder:
        raise ConfigError(
            f"DATABASE_ADMIN_URL and {secret_files.VARIABLE} must be set, as they are for `migrate`."
        )
    require_database("DATABASE_ADMIN_URL", admin_url)
    _, management = given_broker()
    own = Path(folder) / ADMINISTRATOR
    return Stack(
        Path(folder),
        database.libpq_url(with_password(admin_url)),
        management,
        [own / DATABASE_PASSWORD],
        [own / BROKER_PASSWORD],
    )
