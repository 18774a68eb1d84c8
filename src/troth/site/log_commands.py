"""The log that nobody can rewrite: `troth log head`, `keys`, `key`, `rotate`, `reopen`. See docs/run/secrets.md."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from troth.ledger.rules.log_keys import LogKey

#: As `troth.ledger.rotation.Why` has them; Django is imported inside only.
WHY = ("backup", "key", "other")


@click.group("log")
def log() -> None:
    """The log of all that happened: its signed head, and the keys that sign it."""


@log.command("head")
@click.option("--size", type=click.IntRange(1), help="The head of that size, instead of the newest.")
def head(size: int | None) -> None:
    """Print the newest signed head: a checkpoint, as others verify it (c2sp.org/tlog-checkpoint)."""
    from django.utils.translation import gettext as _  # the settings must be in the environment first

    from troth.ledger import queries, sealing

    note = queries.checkpoint(size)
    if note is None:
        raise click.ClickException(
            _("No head of that size was signed.") if size else _("No head was signed yet: nothing was put on record.")
        )
    click.echo(note, nl=False)
    if problem := sealing.problem(now=datetime.now(tz=UTC)):
        raise click.ClickException(problem)


@log.command("keys")
def keys() -> None:
    """Every key that heads were signed with, as one verifies with it, the newest first, each with its period."""
    from django.utils.translation import gettext as _  # the settings must be in the environment first

    found = _read_keys()
    for key in found:
        click.echo(key.to_line(public=True))
    if not found:
        click.echo(_("There is no key yet: the first is made when the first head is signed."), err=True)


@log.command("key")
@click.option("--name", help="The name of the log; that of the newest key, when not given.")
def key(name: str | None) -> None:
    """Print a new key to sign with, for a store of secrets of your own. Nothing is changed."""
    from django.conf import settings  # the settings must be in the environment first

    from troth.ledger import outside
    from troth.ledger.rules.note import sound_name

    if name is not None and not sound_name(name):
        raise click.ClickException("A name has no blanks and no plus signs: example.org/record.")
    there = _read_keys() if name is None else ()
    found = name or (there[0].verifier.name if there else settings.TROTH_LOG_ORIGIN)
    click.echo(outside.new_key(name=found, now=datetime.now(tz=UTC)).to_line())


@log.command("rotate")
@click.option(
    "--overlap-days", type=click.IntRange(0, 3650), default=30, show_default=True, help="So long both keys sign."
)
@click.option("--keys-as-they-are", is_flag=True, help="You put a new key in front already: only tell of it.")
def rotate(overlap_days: int, keys_as_they_are: bool) -> None:
    """Sign with a new key from now on. The old one signs beside it for a while, so that others can follow. No restart."""
    from django.utils.translation import gettext as _  # the settings must be in the environment first

    from troth.ledger import outside, rotation

    now = datetime.now(tz=UTC)
    try:
        new = rotation.rotate(now=now, overlap=timedelta(days=overlap_days), keys_as_they_are=keys_as_they_are)
    except outside.SealingRefused as error:
        raise click.ClickException(str(error)) from error
    click.echo(_("Heads are signed with this key from now on:"), err=True)
    click.echo(new.to_line(public=True))
    click.echo(_("Back up the file of keys, and publish the line where others look for it."), err=True)


@log.command("reopen")
@click.option("--because", type=click.Choice(WHY), required=True, help="What was lost: said in public, for ever.")
@click.option("--keys-as-they-are", is_flag=True, help="You put a key with a new name in front already.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def reopen(because: str, keys_as_they_are: bool, yes: bool) -> None:
    """Begin a new log where the old one cannot go on, or its key is in other hands, and say so in it: which head was signed last,
    and how much is kept. Delete no key first: of the old ones the public half stays, for receipts."""
    from django.utils.translation import gettext as _  # the settings must be in the environment first

    from troth.ledger import outside, rotation, sealing

    now = datetime.now(tz=UTC)
    problem = sealing.problem(now=now)
    if (problem or because == rotation.Why.KEY) and not yes:
        click.echo(problem or _("Nothing stands in the way of the log. Leave it if its key may be in other hands."))
        click.echo(
            _(
                "A new log is begun under another name, and its first fact says for ever that the old one was lost and why."
                " Receipts of the old one stay good; whoever follows it is told. This cannot be taken back."
            )
        )
        click.confirm(_("Begin it?"), abort=True)
    try:
        made = rotation.reopen(why=rotation.Why(because), now=now, keys_as_they_are=keys_as_they_are)
    except outside.SealingRefused as error:
        raise click.ClickException(str(error)) from error
    click.echo(_("The log goes on as %(name)s, with this key:") % {"name": made.verifier.name}, err=True)
    click.echo(made.to_line(public=True))


def _read_keys() -> tuple[LogKey, ...]:
    """The keys of the log; what stands in the way, as a sentence."""
    from troth.ledger import outside  # the settings must be in the environment first

    try:
        return outside.read_keys()
    except outside.SealingRefused as error:
        raise click.ClickException(str(error)) from error
