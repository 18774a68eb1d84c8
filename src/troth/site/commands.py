"""Who works here, whom this serves, where its letters come in, and whether all is right: `troth staff`, `company`, `mailbox`,
`sample`, `verify-state`.

The words of the commands only; Django is imported inside, once the settings stand in the environment.
"""

from __future__ import annotations

import json
import os
import secrets
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from troth.channels.email.models import Mailbox
    from troth.site.verify import Report

ROLES = ("agent", "lead", "admin", "auditor")


@click.group()
def staff() -> None:
    """Who works here."""


@staff.command("add")
@click.argument("email")
@click.option("--name", required=True, help="As customers read it under a letter.")
@click.option("--role", type=click.Choice(ROLES), default="agent", show_default=True)
@click.option("--password-stdin", is_flag=True, help="Take the password from the first line of standard input.")
def add_staff(email: str, name: str, role: str, password_stdin: bool) -> None:
    """Let EMAIL sign in. Asks for a password; left empty, one is made and printed."""
    from django.contrib.auth.password_validation import (
        validate_password,  # the settings must be in the environment first
    )
    from django.core.exceptions import ValidationError
    from django.utils.translation import gettext as _

    from troth.people import actions as people
    from troth.people.models import Staff
    from troth.people.queries import hours_of
    from troth.people.rules.addresses import NotAnAddress
    from troth.people.rules.roles import Role

    given = _password(_("Password (empty: one is made)"), from_stdin=password_stdin)
    password = given or secrets.token_urlsafe(12)
    try:
        validate_password(password, Staff(email=email, name=name))
        made = people.add_staff(email=email, name=name, role=Role(role), password=password, zone=hours_of().zone)
    except ValidationError as error:
        raise click.ClickException(" ".join(error.messages)) from error
    except (NotAnAddress, people.StaffThereAlready) as error:
        raise click.ClickException(str(error)) from error
    click.echo(_("%(name)s can sign in with %(email)s.") % {"name": made.name, "email": made.email})
    if not given:
        click.echo(_("Password: %(password)s") % {"password": password})


@staff.command("forget-factors")
@click.argument("email")
def forget_factors(email: str) -> None:
    """Take passkeys, app and recovery codes from EMAIL, who lost them. They sign in anew, by password."""
    from django.utils import timezone  # the settings must be in the environment first
    from django.utils.translation import gettext as _

    from troth.people import staffing
    from troth.people.models import Staff

    found = Staff.objects.filter(email=email.strip().lower()).first()
    if found is None:
        raise click.ClickException(_("Nobody signs in with that address."))
    if not staffing.forget_factors(found.pk, now=timezone.now()):
        click.echo(_("There were none."))
        return
    click.echo(
        _("Forgotten, and signed out everywhere. Without a password they ask for a new one on the sign-in page.")
    )


@staff.command("setup-link")
def setup_link() -> None:
    """Print a link that makes the first admin, once, for a day. Where somebody runs it already, they invite others."""
    from django.utils import timezone  # the settings must be in the environment first

    from troth.people import staffing
    from troth.people.actions import StaffThereAlready
    from troth.people.queries import invite_url

    _no_sample()
    try:
        click.echo(invite_url(staffing.make_set_up_link(now=timezone.now())))
    except StaffThereAlready as error:
        raise click.ClickException(str(error)) from error


def _password(question: str, *, from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        return ""
    given: str = click.prompt(question, default="", hide_input=True, show_default=False, confirmation_prompt=True)
    return given


@click.group()
def company() -> None:
    """The company this installation serves."""


@company.command("set-up")
@click.argument("name")
@click.option("--zone", required=True, metavar="ZONE", help="Its time zone, such as Europe/Berlin.")
@click.option("--country", default="", metavar="CODE", help="Whose public holidays are free, such as DE.")
def set_up(name: str, zone: str, country: str) -> None:
    """Serve NAME, with office hours from Monday to Friday, nine to five."""
    from django.utils.translation import gettext as _  # the settings must be in the environment first

    from troth.people import actions as people
    from troth.people.models import Staff
    from troth.words.hours import NotACalendar

    _no_sample()
    try:
        made = people.set_up_company(name=name, zone=zone, country=country)
    except (people.CompanyThereAlready, NotACalendar) as error:
        raise click.ClickException(str(error)) from error
    click.echo(
        _("This is %(company)s, open Monday to Friday from nine to five (%(zone)s).") % {"company": made, "zone": zone}
    )
    if not Staff.objects.exists():
        click.echo(_("Next: troth staff setup-link"))


def _no_sample() -> None:
    from django.utils.translation import gettext as _  # the settings must be in the environment first

    from troth.people.queries import company as found

    there = found()
    if there and there.is_sample:
        raise click.ClickException(_("The sample company is here: take it away first with `troth sample remove`."))


@click.group()
def mailbox() -> None:
    """The mailboxes that customers write to."""


@mailbox.command("add")
@click.argument("name")
@click.option("--address", required=True, help="The address customers write to.")
@click.option("--host", required=True, help="The IMAP server.")
@click.option("--port", type=click.IntRange(1, 65535), help="993 with TLS, else 143, when not given.")
@click.option("--tls", type=click.Choice(["none", "starttls", "tls"]), default="tls", show_default=True)
@click.option("--user", help="Whom to sign in as; the address when not given.")
@click.option("--folder", default="INBOX", show_default=True)
@click.option("--archive", is_flag=True, help="It holds the copies of our own letters; nothing is received from it.")
@click.option(
    "--trusted-authserv-id", default="", metavar="ID", help="What your mail server calls itself where it vouches."
)
@click.option(
    "--password-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Its first line is the password. Else TROTH_MAILBOX_PASSWORD, else you are asked.",
)
def add_mailbox(
    name: str,
    address: str,
    host: str,
    port: int | None,
    tls: str,
    user: str | None,
    folder: str,
    archive: bool,
    trusted_authserv_id: str,
    password_file: Path | None,
) -> None:
    """Watch a mailbox from now on, and call it NAME."""
    from django.utils import timezone  # the settings must be in the environment first
    from django.utils.translation import gettext as _

    from troth.channels.email import actions as email
    from troth.words.addresses import AddressNotSound

    _no_sample()  # it would answer real customers, and its removal would take the mailbox along
    password = _mailbox_password(password_file)
    try:
        made = email.add_mailbox(
            name=name,
            address=address,
            host=host,
            port=port,
            tls=tls,
            user=user or address,
            password=password,
            folder=folder,
            is_archive=archive,
            trusted_authserv_id=trusted_authserv_id,
            now=timezone.now(),
        )
    except (AddressNotSound, email.MailboxThereAlready) as error:
        raise click.ClickException(str(error)) from error
    click.echo(_("The mailbox %(name)s is watched from now on.") % {"name": made.name})
    if tls == "none":
        click.echo(_("Without TLS the password and every letter can be read on the way: only for your own network."))
    if not (archive or made.trusted_authserv_id):
        click.echo(_("Nobody vouches for senders yet: see --trusted-authserv-id in docs/run/mail.md."))
    click.echo(_("Next: troth mailbox check %(name)s") % {"name": _quoted(made.name)})


@mailbox.command("change")
@click.argument("name")
@click.option("--address")
@click.option("--port", type=click.IntRange(1, 65535))
@click.option("--tls", type=click.Choice(["none", "starttls", "tls"]))
@click.option("--trusted-authserv-id", metavar="ID")
@click.option("--password", "asks", is_flag=True, help="Ask for a new password, or take TROTH_MAILBOX_PASSWORD.")
@click.option("--password-file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def change_mailbox(
    name: str,
    address: str | None,
    port: int | None,
    tls: str | None,
    trusted_authserv_id: str | None,
    asks: bool,
    password_file: Path | None,
) -> None:
    """Change how NAME is reached. Another server, user or folder is another mailbox: add it, and stop this one."""
    from django.utils import timezone  # the settings must be in the environment first
    from django.utils.translation import gettext as _

    from troth.channels.email import actions as email
    from troth.words.addresses import AddressNotSound

    password = _mailbox_password(password_file) if asks or password_file else None
    try:
        changed = email.change_mailbox(
            email.mailbox_named(name),
            address=address,
            port=port,
            tls=tls,
            password=password,
            trusted_authserv_id=trusted_authserv_id,
            now=timezone.now(),
        )
    except (AddressNotSound, email.NoSuchMailbox) as error:
        raise click.ClickException(str(error)) from error
    if not changed:
        click.echo(_("Nothing was changed."))
        return
    click.echo(_("Changed. Next: troth mailbox check %(name)s") % {"name": _quoted(name)})


def _mailbox_password(file: Path | None) -> str:
    from django.utils.translation import gettext as _  # the settings must be in the environment first

    if file is not None:
        return (file.read_text(encoding="utf-8").splitlines() or [""])[0]
    given = os.environ.get("TROTH_MAILBOX_PASSWORD")
    if given:
        return given
    if not sys.stdin.isatty():
        raise click.ClickException(_("Name the password with --password-file or TROTH_MAILBOX_PASSWORD."))
    asked: str = click.prompt(_("Password"), hide_input=True)
    return asked


@mailbox.command("list")
def list_mailboxes() -> None:
    """Each mailbox, when it was last heard, and what troubles it."""
    from django.utils.translation import gettext as _  # the settings must be in the environment first

    from troth.channels.email.models import Mailbox

    found = list(Mailbox.objects.defer("password").order_by("name"))
    for one in found:
        click.echo(f"{one.name}: {one.address}, {one.folder} on {one.host}:{one.port} ({one.tls})")
        click.echo(f"  {_state(one)}")
        if one.last_problem and one.last_problem_at:
            problem = {"at": _shown(one.last_problem_at), "problem": one.last_problem}
            click.echo("  " + _("%(at)s: %(problem)s") % problem)
    if not found:
        click.echo(_("There is no mailbox yet: `troth mailbox add`."))


def _state(one: Mailbox) -> str:
    from django.utils.translation import gettext as _  # the settings must be in the environment first

    if not one.enabled:
        return _("stopped")
    if one.is_archive:
        return _("the archive: looked into when it is needed")
    if one.heartbeat_at is None:
        return _("not heard yet")
    return _("last heard %(at)s") % {"at": _shown(one.heartbeat_at)}


def _shown(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


@mailbox.command("check")
@click.argument("name")
def check_mailbox(name: str) -> None:
    """Connect to NAME, sign in, and say what is there. Nothing is changed."""
    from django.utils.translation import gettext as _  # the settings must be in the environment first
    from django.utils.translation import ngettext

    from troth.channels.email import actions as email

    try:
        one = email.mailbox_named(name)
        found = email.look_into(one)
    except (email.NoSuchMailbox, email.MailboxOutOfReach) as error:
        raise click.ClickException(str(error)) from error
    values = {"host": one.host, "user": one.user, "folder": one.folder, "count": found.letters, "kept": found.kept}
    click.echo(_("%(host)s let %(user)s in.") % values)
    said = ngettext("%(folder)s holds one letter", "%(folder)s holds %(count)s letters", found.letters)
    click.echo(said % values + ("." if one.is_archive else _("; taken in so far: %(kept)s.") % values))
    if not one.is_archive and not found.tells_at_once:
        click.echo(_("The server does not tell of new letters by itself (IDLE), so it is asked every half minute."))
    if not one.enabled:
        click.echo(_("It is stopped: troth mailbox start %(name)s") % {"name": _quoted(one.name)})


@mailbox.command("stop")
@click.argument("name")
def stop_mailbox(name: str) -> None:
    """Receive nothing from NAME any more. What was received stays."""
    from django.utils import timezone  # the settings must be in the environment first
    from django.utils.translation import gettext as _

    from troth.channels.email import actions as email

    try:
        was = email.stop_mailbox(email.mailbox_named(name), now=timezone.now())
    except email.NoSuchMailbox as error:
        raise click.ClickException(str(error)) from error
    click.echo(_("Nothing is received from it any more.") if was else _("It was stopped already."))


@mailbox.command("start")
@click.argument("name")
def start_mailbox(name: str) -> None:
    """Receive from NAME again, also what came meanwhile."""
    from django.utils import timezone  # the settings must be in the environment first
    from django.utils.translation import gettext as _

    from troth.channels.email import actions as email

    try:
        was = email.start_mailbox(email.mailbox_named(name), now=timezone.now())
    except email.NoSuchMailbox as error:
        raise click.ClickException(str(error)) from error
    click.echo(_("It is watched again.") if was else _("It was not stopped."))


def _quoted(name: str) -> str:
    return f'"{name}"' if " " in name else name


@click.group()
def sample() -> None:
    """The sample company of the first start."""


@sample.command("remove")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option(
    "--everything", is_flag=True, help="Also the customers who came to it since, such as those you tried it with."
)
def remove(yes: bool, everything: bool) -> None:
    """Take the sample away whole. Where a customer of yours is in it, this refuses, unless everything shall go."""
    from django.utils.translation import gettext as _  # the settings must be in the environment first

    from troth.site import sample as room

    try:
        click.echo(room.what_goes(everything=everything))
        if not yes:
            click.confirm(_("Remove it?"), abort=True)
        room.remove_sample(everything=everything)
    except room.NotASample as error:
        raise click.ClickException(str(error)) from error
    click.echo(_("The sample is gone. Next: troth company set-up NAME --zone Europe/Berlin --country DE"))


@click.command("verify-state")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@click.option(
    "--mailboxes/--no-mailboxes",
    "with_mailboxes",
    default=None,
    help="Compare the mailboxes too, or do not. Without either, those that can be reached are compared.",
)
def verify_state(as_json: bool, with_mailboxes: bool | None) -> None:
    """Say whether everything is as it must be, and how to mend what is not. Changes nothing.

    Ends with 0 where nothing is wrong, and with 1 where something is.
    """
    from django.utils import timezone  # the settings must be in the environment first

    from troth.site import verify

    now = timezone.now()
    report = verify.report(now=now, with_mailboxes=with_mailboxes)
    if as_json:
        said = {"at": now.isoformat(), "findings": [asdict(one) for one in report.findings], "skipped": report.skipped}
        click.echo(json.dumps(said, ensure_ascii=False, indent=2))
    else:
        _say_state(report)
    raise SystemExit(1 if report.findings else 0)


def _say_state(report: Report) -> None:
    from django.utils.translation import gettext as _  # the settings must be in the environment first
    from django.utils.translation import ngettext

    for one in report.findings:
        more = _(" and %(count)s more") % {"count": one.count - len(one.refs)} if one.count > len(one.refs) > 0 else ""
        click.echo(f"{one.invariant:>3}  {one.wrong}")
        if one.refs:
            click.echo(f"     {', '.join(one.refs)}{more}")
        click.echo(f"     → {one.mend}\n")
    for sentence in report.skipped:
        click.echo(sentence, err=True)
    count = len(report.findings)
    click.echo(
        ngettext("%d thing is wrong.", "%d things are wrong.", count) % count if count else _("Nothing is wrong.")
    )
