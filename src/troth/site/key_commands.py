"""Keys for other programs: `troth key`. Django is imported inside, once the settings stand in the environment."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import click

from troth.people.rules.keys import Scope


@click.group()
def key() -> None:
    """Keys with which other programs act here."""


@key.command("make")
@click.argument("name")
@click.option("--for", "email", required=True, metavar="EMAIL", help="Who answers for what it does.")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    required=True,
    type=click.Choice([scope.value for scope in Scope]),
    help="What it may do; repeat it.",
)
@click.option("--days", type=click.IntRange(1, 3650), help="It ends after so many days; never, when not given.")
def make_key(name: str, email: str, scopes: tuple[str, ...], days: int | None) -> None:
    """Make a key called NAME and print its secret, which is told this once."""
    from django.utils.translation import gettext as _  # the settings must be in the environment first

    from troth.people import keys
    from troth.people.models import Staff

    now = datetime.now(tz=UTC)
    staff = Staff.objects.filter(email=email.strip().lower(), is_active=True).first()
    if staff is None:
        raise click.ClickException(_("Nobody signs in with %(email)s.") % {"email": email})
    try:
        made, secret = keys.make(
            name=name,
            staff=staff,
            scopes=[Scope(scope) for scope in scopes],
            expires_at=now + timedelta(days=days) if days else None,
            by=None,
            now=now,
        )
    except keys.KeyNotSound as error:
        raise click.ClickException(str(error)) from error
    click.echo(
        _("Key %(number)s acts for %(name)s. Its secret is told only now:") % {"number": made.pk, "name": staff.name},
        err=True,
    )
    click.echo(secret)


@key.command("list")
def list_keys() -> None:
    """Every key: its number, name, first signs, for whom it acts, when it was last used, and whether it is revoked."""
    from troth.people import keys

    for each in keys.every_key():
        used = f"{each.used_at:%Y-%m-%d}" if each.used_at else "-"
        state = "revoked" if each.revoked_at else "opens"
        click.echo(f"{each.pk}\t{each.name}\ttroth_{each.prefix}_…\t{each.staff.email}\t{used}\t{state}")


@key.command("revoke")
@click.argument("number", type=int)
def revoke_key(number: int) -> None:
    """Key NUMBER opens nothing from now on."""
    from django.utils.translation import gettext as _  # the settings must be in the environment first

    from troth.people import keys
    from troth.people.models import Key

    found = Key.objects.filter(pk=number).first()
    if found is None:
        raise click.ClickException(_("There is no key %(number)s.") % {"number": number})
    if not keys.revoke(found, by=None, now=datetime.now(tz=UTC)):
        raise click.ClickException(_("Key %(number)s was revoked already.") % {"number": number})
    click.echo(_("Key %(number)s opens nothing any more.") % {"number": number})
