"""`troth import zendesk ...`: one run at a terminal, with how far it is, and an honest account at the end."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from django.utils import timezone
from django.utils.translation import gettext as _
from rich.console import Console

from troth.channels.imports import bringing, exported
from troth.channels.imports.actions import movings
from troth.channels.imports.actions.tickets import From
from troth.channels.imports.bringing import Account, Wanted
from troth.channels.imports.models import Moving
from troth.channels.imports.rules.desks import NAMES
from troth.channels.imports.run import bar_on, check_sample
from troth.channels.imports.saying import report_lines

#: Troubles are written down in such batches.
TROUBLES = 500
#: So long the database may take to notice that a process was killed, whose import is gone on with here.
PATIENCE_SECONDS = 15.0


def main(
    source: str,
    paths: Sequence[Path],
    *,
    into_sample: bool,
    batch: int | None,
    dry_run: bool,
    as_json: bool,
    since: datetime | None,
    limit: int | None,
    mapping: Sequence[str],
) -> int:
    """Bring over what is at *paths*; 0 when all of it is here, 1 when something was left out."""
    if not dry_run:
        check_sample(into_sample=into_sample)
    options = {
        "since": since.replace(tzinfo=UTC).isoformat() if since else None,
        "limit": limit,
        "batch": batch,
        "map": _mapped(mapping),
    }
    left_out = 0
    for path in paths:
        try:
            if dry_run:
                left_out += _look(source, path, options, as_json=as_json)
            else:
                with movings.alone(source, patience_seconds=PATIENCE_SECONDS):
                    left_out += _take(source, path, options, into_sample=into_sample, as_json=as_json)
        except movings.UnderWay as error:
            raise click.ClickException(_who_is_at_it(source)) from error
        except exported.NotAnExport as reason:
            raise click.ClickException(f"{path}: {reason}") from reason
        except bringing.Away as error:
            raise click.ClickException(_("The database does not answer. Run it again to go on from here.")) from error
    return 1 if left_out else 0


def _mapped(mapping: Sequence[str]) -> dict[str, str]:
    found = {}
    for one in mapping:
        ours, equals, theirs = one.partition("=")
        if not equals:
            raise click.UsageError(_("Write --map as 'OURS=HEADING', not %(said)r.") % {"said": one})
        found[ours.strip()] = theirs.strip()
    return found


def _look(source: str, path: Path, options: dict[str, Any], *, as_json: bool) -> int:
    console = Console(stderr=True)
    with bar_on(console) as bar:
        task = bar.add_task(path.name, total=None, told="")

        def watch(stage: str, done: int, whole: int) -> bool:
            bar.update(task, completed=done, total=whole, told=stage)
            return True

        report = bringing.look(Wanted.of(source=source, path=str(path), options=options), watch=watch)
    click.echo(json.dumps(report.plain(), indent=1) if as_json else "\n".join(report_lines(report.plain())))
    return report.troubles


def _take(source: str, path: Path, options: dict[str, Any], *, into_sample: bool, as_json: bool) -> int:
    moving = movings.begin_or_go_on(
        source, path, options | {"by_command": True, "rejected": str(_beside(path))}, now=timezone.now()
    )
    movings.begun(moving, now=timezone.now())
    console = Console(stderr=True)
    troubles: list[tuple[str, int, str]] = []
    started = timezone.now()

    def wrong(file: str, line: int, reason: str) -> None:
        console.print(f"{file}:{line}: {reason}", markup=False, highlight=False, soft_wrap=True)
        troubles.append((file, line, reason))
        if len(troubles) >= TROUBLES:
            movings.tell_troubles(moving, troubles)
            troubles.clear()

    with bar_on(console) as bar:
        task = bar.add_task(path.name, total=None, told="")

        def watch(stage: str, done: int, whole: int) -> bool:
            bar.update(task, completed=done, total=whole, told=stage)
            return True

        def tell(account: Account) -> bool:
            told = _("%(new)d new, %(known)d here already") % {"new": account.new, "known": account.known}
            bar.update(task, completed=account.looked_at, total=account.whole, told=told)
            return movings.goes_on(moving, progress={}, account=account.plain(), now=timezone.now())

        wanted = Wanted.of(source=source, path=str(path), options=moving.options)
        try:
            account = bringing.take(
                wanted,
                of=From(source, moving=moving, sample=into_sample),
                watch=watch,
                tell=tell,
                wrong=wrong,
            )
        except bringing.Stopped:
            click.echo(_("It was stopped. Run it again to go on from here."), err=True)
            return 1
    movings.tell_troubles(moving, troubles)
    movings.ended(moving, state=Moving.State.DONE, now=timezone.now(), account=account.plain())
    seconds = max((timezone.now() - started).total_seconds(), 0.001)
    if as_json:
        click.echo(json.dumps(account.plain() | {"seconds": round(seconds, 1)}))
    else:
        _tell(account, seconds=seconds)
    if account.rejected and wanted.rejected and wanted.rejected.exists():
        click.echo(_("What was left out is kept in %(path)s") % {"path": wanted.rejected}, err=True)
    return account.rejected


def _who_is_at_it(source: str) -> str:
    under_way = Moving.objects.filter(source=source, state__in=[Moving.State.TO_TAKE, Moving.State.TO_UNDO])
    found = under_way.select_related("by").order_by("-moved_at").first()
    values = {
        "desk": NAMES[source],
        "name": found.name if found else "?",
        "by": found.by.name if found and found.by else _("at a terminal"),
    }
    return (
        _(
            "Another import of %(desk)s is under way: %(name)s (%(by)s). Two at once would only stand in each other's way. "
            "Wait until it ends, or stop it under Moving in, and run this again."
        )
        % values
    )


def _beside(path: Path) -> Path:
    """`EXPORT.rejected` beside it, or here where that place takes nothing."""
    whole = path.absolute()
    for place in (whole.parent, Path.cwd()):
        kept = place / f"{whole.name}.rejected"
        try:
            with kept.open("ab"):
                pass
            if kept.stat().st_size == 0:
                kept.unlink()
            return kept
        except OSError:
            continue
    raise click.ClickException(
        _("%(name)s.rejected can be written neither beside the export nor here.") % {"name": whole.name}
    )


def _tell(account: Account, *, seconds: float) -> None:
    values = account.plain() | {"seconds": seconds, "rate": account.looked_at / seconds}
    click.echo(
        _(
            "%(new)s new, %(added)s added to, %(known)s here already, %(passed_over)s passed over, %(rejected)s left out"
            " in %(seconds).1f s (%(rate)d tickets/s)"
        )
        % values
    )
    click.echo(_("%(messages)s messages, %(notes)s notes") % values)
    if account.forgotten:
        click.echo(_("%(forgotten)s are of people who were forgotten here, and stay so") % values)
