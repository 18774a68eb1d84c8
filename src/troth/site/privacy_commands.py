"""What is held of a customer, at the command line: `troth customers`. Django is imported inside, once the settings stand."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from troth.people.models import Customer


@click.group()
def customers() -> None:
    """What is held of one person: handed out, or erased."""


@customers.command("export")
@click.argument("number", type=click.IntRange(1))
@click.option(
    "--to", type=click.Path(path_type=Path, dir_okay=False), required=True, metavar="FILE", help="The zip to write."
)
def export_customer(number: int, to: Path) -> None:
    """Write everything held of customer NUMBER into a zip that only you can read."""
    import os

    from django.utils.translation import gettext as _  # the settings must be in the environment first

    from troth.people.queries import family
    from troth.privacy.handing import export

    found = _found(number)
    with os.fdopen(os.open(to, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        for piece in export(family(found.pk), whole=True):
            file.write(piece)
    click.echo(
        _("Written to %(file)s. Notes and mail from senders nobody vouched for are in it: look through it first.")
        % {"file": to}
    )


@customers.command("erase")
@click.argument("number", type=click.IntRange(1))
@click.option("--yes", is_flag=True, help="Do it. Without this it is only told what would go.")
def erase_customer(number: int, yes: bool) -> None:
    """Erase customer NUMBER, with every record merged into theirs. Nothing brings them back."""
    from django.utils import timezone
    from django.utils.translation import gettext as _  # the settings must be in the environment first

    from troth.people.queries import family
    from troth.privacy import actions, queries, sayings

    found, now = _found(number), timezone.now()
    ids = family(found.pk)
    counts = queries.counts(queries.reach(ids))
    wishes = queries.open_request(ids) is not None
    for line in sayings.held(counts, staff=True):
        click.echo(f"{line['count']:>8}  {line['name']}")
    if owed := sayings.owed(counts["owed"] - wishes, asked=wishes):
        click.echo(owed)
    for held in queries.holds(ids, now=now):
        click.echo(_("Held until %(until)s: %(words)s") % {"until": held.until.date().isoformat(), "words": held.words})
    if not yes:
        click.echo(_("Nothing was erased. Say --yes to do it."))
        return
    try:
        done = actions.erase(found, by=None, now=now)
    except actions.IsHeld as error:
        raise click.ClickException(
            _("A hold stands, so nothing is erased. Lift it first, or wait for its day.")
        ) from error
    except actions.NotAPerson as error:
        raise click.ClickException(
            _("This is nobody’s record: mail whose sender could not be told stands there.")
        ) from error
    except actions.ErasedAlready as error:
        raise click.ClickException(_("They were erased already, or are being erased.")) from error
    if done.done_at is None:
        raise click.ClickException(f"{_('It has begun, and waits.')} {sayings.waits(done.problem)}")
    click.echo(_("Erased: customer %(numbers)s.") % {"numbers": ", ".join(map(str, done.customers))})


def _found(number: int) -> Customer:
    from django.utils.translation import gettext as _  # the settings must be in the environment first

    from troth.people.models import Customer

    found = Customer.objects.select_related("root").filter(pk=number).first()
    if found is None:
        raise click.ClickException(_("There is no customer with that number."))
    return found.root or found
