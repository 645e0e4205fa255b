"""`user` and `token`: accounts and bearer tokens (DESIGN 4.1). Secrets are printed once and kept nowhere."""

from __future__ import annotations

import datetime as dt
import os
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

import typer
from sqlalchemy.exc import OperationalError

from deploy.cli.output import Json, answer, fail, note, say
from deploy.cli.recording import Doing, Thing, recorded
from deploy.cli.rights import needs
from deploy.cli.system import home, is_running, noted, running_system
from deploy.local.council import settings_of
from deploy.local.plan import portal_secrets
from libs.common.errors import ConfigError, Refused
from libs.common.process import logs
from libs.common.rights import names as rights

if TYPE_CHECKING:
    from services.portal.accounts.environment import Parts
    from services.portal.schema.tables_accounts import Token
    from services.portal.web.names.organisations import OfOrganisation, Organisation

user_app = typer.Typer(help="Accounts of people.", no_args_is_help=True)
token_app = typer.Typer(help="Bearer tokens of other systems.", no_args_is_help=True)
MADE_BY = "command line"

Email = Annotated[str, typer.Option("--email", help="The e-mail address of the account.")]


@user_app.command("add")
@needs(rights.MANAGE_ACCOUNTS)
def add_user(
    email: Email,
    role: Annotated[
        str,
        typer.Option(
            "--role",
            help="home_manager or accounts_payable of a provider; finance, commissioning, helpdesk or approver of the "
            "council.",
        ),
    ],
    organisation: Annotated[
        str | None, typer.Option("--organisation", help="The provider's name; none for the council.")
    ] = None,
    name: Annotated[str, typer.Option("--name", help="Of the council’s people: what they are called.")] = "",
    json: Json = False,
) -> None:
    """Make an account and print its initial password, which the first login changes."""
    with parts_of_portal() as parts:
        from services.portal.accounts import steps as accounts_steps

        with recorded_in_portal(parts, "command.add_account") as doing:
            whose = provider_named(organisation)
            password = accounts_steps.add(parts, email, role, whose, name)
            doing.about = [("account_id", str(accounts_steps.find(parts, email).account_id))]
            doing.outcome = role.replace("_", " ")
    if json:
        shown = {"email": email, "role": role, "organisation": whose and whose.name}
        answer(shown | {"password": password})
        return
    say(f"The account of {email} is made. Its initial password, shown only now:")
    say(password)


@user_app.command("list")
@needs(rights.MANAGE_ACCOUNTS)
def list_users(json: Json = False) -> None:
    """All accounts: whose, in which role, and whether they can be used."""
    with parts_of_portal() as parts:
        from services.portal.accounts import steps as accounts_steps

        every = accounts_steps.every(parts)
        names = present_names_of(every)
        found = [
            {
                "email": account.email,
                "name": account.name,
                "role": account.role,
                "organisation": names.get(str(account.organisation_id), account.organisation),
                "signed_in_at": account.signed_in_at.isoformat() if account.signed_in_at else None,
                "has_app": account.totp is not None,
                "state": "disabled" if account.disabled_at else "good",
            }
            for account in every
        ]
    if json:
        answer(found)
        return
    for shown in found:
        whose = shown["organisation"] or "the council"
        say(f"{shown['email']}  {shown['role']}  {shown['state']}  {whose}")
    if not found:
        say("There are no accounts.")


@user_app.command("reset")
@needs(rights.MANAGE_ACCOUNTS)
def reset_user(
    email: Email,
    remove_app: Annotated[
        bool, typer.Option("--remove-app", help="Remove the authenticator app too: the telephone is lost.")
    ] = False,
    json: Json = False,
) -> None:
    """Make a one-time link with which the holder sets a new password and a new code."""
    with parts_of_portal() as parts:
        from services.portal.accounts import steps as accounts_steps
        from services.portal.accounts.helpdesk import resets

        with recorded_in_portal(parts, "helpdesk.send_link") as doing:
            account_id = accounts_steps.find(parts, email).account_id
            doing.about = [("account_id", str(account_id))]
            url = resets.make_link(parts, account_id, MADE_BY, without_app=remove_app)
    if json:
        answer({"email": email, "link": url})
        return
    say("The link works once, for 24 hours. It is shown only now:")
    say(url)


@user_app.command("change-role")
@needs(rights.MANAGE_ACCOUNTS)
def change_role(
    email: Email,
    role: Annotated[str, typer.Option("--role", help="finance, commissioning, helpdesk or approver.")],
) -> None:
    """Give an account of the council another role; its holder is told, and signed out. In the portal two people do it."""
    with parts_of_portal() as parts:
        from services.portal.accounts import steps as accounts_steps
        from services.portal.staff import steps as staff_steps

        with recorded_in_portal(parts, "command.change_role") as doing:
            account_id = accounts_steps.find(parts, email).account_id
            doing.about = [("account_id", str(account_id))]
            staff_steps.change_role(parts, account_id, role)
            doing.outcome = role
    say(f"The account of {email} has the role {role}.")


@user_app.command("disable")
@needs(rights.MANAGE_ACCOUNTS)
def disable_user(email: Email) -> None:
    """Let an account in no more; whoever is signed in with it is signed out at once."""
    with parts_of_portal() as parts:
        from services.portal.accounts import steps as accounts_steps

        with recorded_in_portal(parts, "helpdesk.disable") as doing:
            account_id = accounts_steps.find(parts, email).account_id
            doing.about = [("account_id", str(account_id))]
            accounts_steps.disable(parts, account_id, MADE_BY)
    say(f"The account of {email} is disabled.")


@user_app.command("enable")
@needs(rights.MANAGE_ACCOUNTS)
def enable_user(email: Email) -> None:
    """Let a disabled account in again: a provider's as it was, one of the council's by a one-time link."""
    with parts_of_portal() as parts:
        from services.portal.accounts import steps as accounts_steps

        with recorded_in_portal(parts, "helpdesk.enable") as doing:
            account = accounts_steps.find(parts, email)
            is_council = account.organisation_id is None
            doing.about = [("account_id", str(account.account_id))]
            accounts_steps.enable(parts, account.account_id, MADE_BY)
    say(f"The account of {email} can be used.")
    if is_council:
        say("Its holder comes in by a one-time link: `caretally user reset` makes it.")


@user_app.command("require-app")
@needs(rights.OPERATE)
def require_app(
    role: Annotated[
        list[str] | None, typer.Option("--role", help="A role; may be given several times. None: only show.")
    ] = None,
    off: Annotated[bool, typer.Option("--off", help="People of these roles need none.")] = False,
    json: Json = False,
) -> None:
    """Say whose people must have an authenticator app; all of the council's must unless told otherwise."""
    with parts_of_portal() as parts:
        from services.portal.accounts import authenticator

        for one in role or ():
            with recorded_in_portal(parts, "command.require_app") as doing:
                authenticator.set_required(parts, one, not off, MADE_BY)
                doing.outcome = f"{one.replace('_', ' ')}: {'not required' if off else 'required'}"
        found = authenticator.required_of(parts)
    if json:
        answer(found)
        return
    for one, is_required in found.items():
        say(f"{one}  {'must have an authenticator app' if is_required else 'may have an authenticator app'}")


@user_app.command("rotate-keys")
@needs(rights.OPERATE)
def rotate_keys() -> None:
    """Encrypt every security code anew, by the newest key.

    `caretally secrets rotate code-keys` makes a further key and does this with it. By hand: in PORTAL_CODE_KEYS add a
    comma, the next number, a colon and what `openssl rand -base64 32` prints, and start the portal again. After this
    command the old key can go.
    """
    with parts_of_portal() as parts:
        from services.portal.accounts import steps as accounts_steps

        with recorded_in_portal(parts, "command.rotate_keys") as doing:
            count = accounts_steps.rotate_keys(parts)
            doing.outcome = f"{count:,} accounts"
    say(f"Encrypted anew by key {parts.vault.newest}: {count:,} accounts.")


@token_app.command("add")
@needs(rights.MANAGE_TOKENS)
def add_token(
    organisation: Annotated[
        str | None,
        typer.Option(
            "--organisation", help="The provider whose data it opens; the council's own when left out."
        ),
    ] = None,
    days: Annotated[int, typer.Option("--days", min=1, max=365, help="How long it is good.")] = 90,
    purpose: Annotated[str, typer.Option("--purpose", help="What it is for.")] = "",
    role: Annotated[
        str | None,
        typer.Option(
            "--role",
            help="Of the council’s: the role of people whose eyes it has. Concerns want commissioning.",
        ),
    ] = None,
    scope: Annotated[
        list[str] | None,
        typer.Option(
            "--scope", help="What it may, such as “send visits”; several times. All, when left out."
        ),
    ] = None,
    owner: Annotated[
        str | None,
        typer.Option("--owner", help="The e-mail address of the account that it ends with; else you own it."),
    ] = None,
    confirmed_by: Annotated[
        str | None,
        typer.Option(
            "--confirmed-by",
            help="Of the council’s, where it writes: the e-mail address of the second person, who is told.",
        ),
    ] = None,
    json: Json = False,
) -> None:
    """Make a bearer token and print it. One of the council's reads at once, and writes when a second person confirms."""
    with parts_of_portal() as parts:
        from services.portal.accounts import steps as accounts_steps
        from services.portal.accounts.tokens import steps as tokens_steps

        with recorded_in_portal(parts, "tokens.issued") as doing:
            whose = provider_named(organisation)
            token = tokens_steps.add(
                parts,
                whose,
                days,
                MADE_BY,
                purpose,
                role,
                owner=accounts_steps.find(parts, owner) if owner else None,
                scopes=scope or None,
                confirmed_by=accounts_steps.find(parts, confirmed_by) if confirmed_by else None,
            )
            token_id = tokens_steps.id_of(token)
            doing.about = [("token_id", token_id)]
            made = tokens_steps.find(parts, token_id, whose and whose.organisation_id)
            state = tokens_steps.state_of(made, parts.clock())
    if state == "waiting":
        note(
            "Note: it reads only, until a second person has confirmed it on the portal’s page of API tokens."
        )
    if json:
        shown = {"organisation": whose and whose.name, "days": days, "scopes": made.scopes, "state": state}
        answer(shown | {"token": token})
        return
    say(f"The token, good for {days} days. It is shown only now:")
    say(token)


@token_app.command("list")
@needs(rights.MANAGE_TOKENS)
def list_tokens(json: Json = False) -> None:
    """The tokens by their ids: whose, until when, made by whom. What they say in requests is kept nowhere."""
    with parts_of_portal() as parts:
        from services.portal.accounts.tokens import steps as tokens_steps

        every = tokens_steps.every(parts)
        names = present_names_of(every)
        found = [_token_shown(token, names, parts.clock()) for token in every]
    if json:
        answer(found)
        return
    for shown in found:
        whose = shown["organisation"] or "the council"
        say(f"{shown['id']}  {shown['state']:<7}  until {shown['over_at'][:10]}  {whose}")
    if not found:
        say("There are no tokens.")


@token_app.command("revoke")
@needs(rights.END_TOKENS_OF_OTHERS)
def revoke_token(
    token_id: Annotated[str, typer.Argument(help="The id that `token list` shows: the middle of the token.")],
) -> None:
    """End a token at once."""
    with parts_of_portal() as parts:
        from services.portal.accounts.tokens import steps as tokens_steps

        with recorded_in_portal(parts, "tokens.revoke", ("token_id", token_id)):
            tokens_steps.revoke(parts, token_id, MADE_BY)
    say("The token lets nobody in any more.")


def recorded_in_portal(parts: Parts, action: str, *about: Thing) -> AbstractContextManager[Doing]:
    """Record it in the portal's own database, which these commands change."""
    from services.portal.audit.commands import keep_command

    return recorded(action, *about, keep=partial(keep_command, parts.sessions, None))


def provider_named(name: str | None) -> Organisation | None:
    """The provider of this present or former name, by matching; None for the council's."""
    if not name or not name.strip():
        return None
    from services.portal.web.names.organisations import Organisation

    found = running_system().ask("matching", "find_organisation", name=name.strip())
    if not found["is_known"]:
        note(f"Note: no commissioned care names “{found['name']}” yet.")
    return Organisation(uuid.UUID(found["organisation_id"]), found["name"])


def present_names_of(of: Sequence[OfOrganisation]) -> dict[str, str]:
    """How the providers of these are called now, by their ids; nothing while matching is away."""
    return present_names([str(one.organisation_id) if one.organisation_id else None for one in of])


def present_names(organisation_ids: Sequence[str | None]) -> dict[str, str]:
    """How these providers are called now, by their ids; nothing while matching is away."""
    ids = sorted({one for one in organisation_ids if one})
    if not ids or not is_running():
        return {}
    return running_system().ask_once("matching", "organisation_names", organisation_ids=ids) or {}


def _token_shown(token: Token, names: Mapping[str, str], now: dt.datetime) -> dict[str, Any]:
    from services.portal.accounts.tokens import steps as tokens_steps

    return {
        "id": token.token_id,
        "organisation": names.get(str(token.organisation_id), token.organisation),
        "purpose": token.purpose,
        "role": token.role,
        "scopes": token.scopes,
        "owner": str(token.owner_id) if token.owner_id else None,
        "confirmed_by": token.confirmed_by,
        "used_at": token.used_at.isoformat() if token.used_at else None,
        "state": tokens_steps.state_of(token, now),
        "made_at": token.made_at.isoformat(),
        "made_by": token.made_by,
        "over_at": token.over_at.isoformat(),
    }


@contextmanager
def parts_of_portal() -> Iterator[Parts]:
    """The parts of the portal's accounts: by the portal's own environment, or by what a local stack noted."""
    notes = noted()
    if notes and not os.environ.get("DATABASE_URL"):
        os.environ["DATABASE_URL"] = notes["role_urls"]["portal_rpc"]
    if notes:
        for name, value in portal_secrets(home()).items():
            if not os.environ.get(name.removesuffix("_FILE")):
                os.environ.setdefault(name, value)
        for name, value in settings_of(home()).items():
            os.environ.setdefault(name, value)
        os.environ.setdefault("PORTAL_URL", notes["portal_url"])
    if not os.environ.get("DATABASE_URL"):
        fail("Caretally is not running here: start it with `caretally up --detach`, or set DATABASE_URL.")
    from services.portal.accounts.environment import from_environment

    logs.configure("portal", "command", "WARNING")
    try:
        parts = from_environment()
    except ConfigError as error:
        fail(str(error))
    try:
        yield parts
    except Refused as refused:
        fail(refused.message)
    except OperationalError:
        fail("The database can't be reached: see `caretally status`.")
    finally:
        parts.close()
