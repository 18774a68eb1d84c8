"""The keys that seal the secrets in the database: `troth seal check`, `key`, `rotate`. See docs/run/secrets.md."""

from __future__ import annotations

import os

import click


@click.group("seal")
def seal_group() -> None:
    """The keys that seal the secrets in the database."""


@seal_group.command("check")
def check() -> None:
    """Open every sealed secret, show none, and say which keys are needed."""
    from django.utils.translation import gettext as _  # the settings must be in the environment first
    from django.utils.translation import ngettext

    from troth.people import seal

    held, closed = seal.check()
    for name, count in sorted(held.items()):
        words = ngettext(
            "The key %(name)s opens one secret.", "The key %(name)s opens %(count)s secrets.", count
        )  # fmt: skip
        click.echo(words % {"name": name, "count": count})
    if closed:
        raise click.ClickException(
            _("These do not open: %(places)s. Put the file of keys back from its backup, or write them anew.")
            % {"places": ", ".join(closed)}
        )
    if not held:
        click.echo(_("Nothing is sealed yet."))


@seal_group.command("key")
def key() -> None:
    """Print a new key."""
    from troth.people.rules import sealing  # loads a library that no other command needs

    click.echo(sealing.written(os.urandom(sealing.KEY_BYTES)))


@seal_group.command("rotate")
@click.option("--keys-as-they-are", is_flag=True, help="You put a new key in front already: only seal with it.")
def rotate(keys_as_they_are: bool) -> None:
    """Make a new key and seal every secret with it. The older keys stay, for the backups of the database need them."""
    from django.utils.translation import gettext as _  # the settings must be in the environment first
    from django.utils.translation import ngettext

    from troth.people import seal

    try:
        if not keys_as_they_are:
            click.echo(_("The new key is %(name)s: back its file up.") % {"name": seal.make_newest()})
        changed = seal.reseal()
    except (seal.KeysNotOurs, seal.CannotUnseal) as error:
        raise click.ClickException(str(error)) from error
    click.echo(ngettext("One secret was sealed anew.", "%(n)s secrets were sealed anew.", changed) % {"n": changed})
