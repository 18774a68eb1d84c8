"""Who works here and whom this serves: `troth staff`, `troth company`, `troth sample`.

The words of the commands only; Django is imported inside, once the settings stand in the environment.
"""

from __future__ import annotations

import secrets
import sys

import click

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
    from troth.people.queries import company as found
    from troth.words.hours import NotACalendar

    there = found()
    if there and there.is_sample:
        raise click.ClickException(_("The sample company is here: take it away first with `troth sample remove`."))
    try:
        made = people.set_up_company(name=name, zone=zone, country=country)
    except (people.CompanyThereAlready, NotACalendar) as error:
        raise click.ClickException(str(error)) from error
    click.echo(
        _("This is %(company)s, open Monday to Friday from nine to five (%(zone)s).") % {"company": made, "zone": zone}
    )
    if not Staff.objects.exists():
        click.echo(_('Next: troth staff add you@example.org --name "Your Name" --role admin'))


@click.group()
def sample() -> None:
    """The sample company of the first start."""


@sample.command("remove")
@click.option("--yes", is_flag=True, help="Do not ask.")
def remove(yes: bool) -> None:
    """Take the sample away whole, with everything in this database. Nothing of yours is in it, or it refuses."""
    from django.utils.translation import gettext as _  # the settings must be in the environment first

    from troth.site import sample as room

    try:
        click.echo(room.what_goes())
        if not yes:
            click.confirm(_("Remove it?"), abort=True)
        room.remove_sample()
    except room.NotASample as error:
        raise click.ClickException(str(error)) from error
    click.echo(_("The sample is gone. Next: troth company set-up NAME --zone Europe/Berlin --country DE"))
