"""One run of an import: files in, batches taken, rejects kept, and an honest account at the end."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

import click
from django.db import IntegrityError, InterfaceError, OperationalError, transaction
from django.db.utils import DatabaseError
from django.utils import timezone
from django.utils.translation import gettext as _
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

from troth.channels.imports import mbox, sources
from troth.channels.imports.actions import conversations as actions
from troth.channels.imports.rules.conversation import Conversation
from troth.people.queries import company, hours_of

#: A batch is written when it holds this many messages, however few the conversations.
MESSAGES_IN_A_BATCH = 1_000


@dataclass
class Account:
    """What became of everything in the files."""

    new: int = 0
    known: int = 0
    repeated: int = 0
    messages: int = 0
    rejected: int = 0
    promises: Counter[str] = field(default_factory=Counter)

    @property
    def seen(self) -> int:
        return self.new + self.known + self.repeated + self.rejected


def main(files: Sequence[Path], *, ours: Sequence[str], into_sample: bool, batch: int) -> int:
    """Import *files*; 0 when all of it is here, 1 when something was rejected."""
    check_sample(into_sample=into_sample)
    formats = {path: _format_of(path, ours=ours) for path in files}
    console = Console(stderr=True)
    account = Account()
    started = timezone.now()
    with bar_on(console) as bar:
        for path, format_ in formats.items():
            _import(path, format_, ours=ours, sample=into_sample, batch=batch, account=account, bar=bar)
    _tell(account, seconds=(timezone.now() - started).total_seconds())
    return 1 if account.rejected else 0


def check_sample(*, into_sample: bool) -> None:
    """The sample and the real are not mixed."""
    found = company()
    if found and found.is_sample and not into_sample:
        raise click.ClickException(
            _(
                "This installation shows the sample company. Take it away first with `troth sample remove`, "
                "or add --into-sample to try the import here: it goes when the sample is removed."
            )
        )
    if into_sample and not (found and found.is_sample):
        raise click.ClickException(_("There is no sample company here: leave out --into-sample."))


def _format_of(path: Path, *, ours: Sequence[str]) -> str:
    try:
        format_ = sources.format_of(path)
    except sources.NotAFileWeKnow as reason:
        raise click.ClickException(f"{path}: {reason}") from reason
    if format_ == "mbox" and not ours:
        raise click.ClickException(
            _("%(path)s is an mbox: say which addresses are the company's own, e.g. --ours support@acme.example")
            % {"path": path}
        )
    return format_


def _import(
    path: Path, format_: str, *, ours: Sequence[str], sample: bool, batch: int, account: Account, bar: Progress
) -> None:
    now = timezone.now()
    items: Iterator[sources.Item]
    if format_ == "mbox":
        items = mbox.conversations_in_mbox(path, ours=ours, now=now)
    else:
        items = sources.conversations_in_lines(path, zone=hours_of().zone, now=now)
    begun = timezone.now()
    task = bar.add_task(path.name, total=None, told="")
    with ExitStack() as stack:
        rejects = Rejects(path, stack=stack, console=bar.console)
        seen: dict[bytes, tuple[int, bytes]] = {}
        waiting: list[sources.Found] = []

        def write() -> None:
            _write(waiting, sample=sample, account=account, rejects=rejects)
            waiting.clear()

        for item in items:
            if isinstance(item, sources.Rejected):
                account.rejected += 1
                rejects.keep(item)
            elif isinstance(item, sources.Found):
                repeated = _repeated(item, seen)
                if repeated is None:
                    waiting.append(item)
                elif repeated:
                    account.rejected += 1
                    rejects.keep(sources.Rejected(item.line, repeated, item.pieces))
                else:
                    account.repeated += 1
                if len(waiting) >= batch or sum(len(one.conversation.turns) for one in waiting) >= MESSAGES_IN_A_BATCH:
                    write()
            else:
                seconds = max((timezone.now() - begun).total_seconds(), 0.001)
                told = _("%(count)s conversations, %(rate)d/s") % {
                    "count": account.seen + len(waiting),
                    "rate": (account.seen + len(waiting)) / seconds,
                }
                bar.update(task, completed=item.done, total=item.whole, told=told)
        write()
        if rejects.path:
            click.echo(_("What was rejected is kept in %(path)s") % {"path": rejects.path}, err=True)


def _repeated(item: sources.Found, seen: dict[bytes, tuple[int, bytes]]) -> str | None:
    """None for an id that is new in this file, "" for the very same conversation again, else why it cannot be taken."""
    key = hashlib.sha256(item.conversation.id.encode("utf-8", "replace")).digest()[:16]
    content = hashlib.sha256(repr(item.conversation).encode("utf-8", "replace")).digest()[:16]
    line, before = seen.setdefault(key, (item.line, content))
    if line == item.line:
        return None
    return "" if before == content else _("its id stands on line %(line)s already, with other words") % {"line": line}


def _write(waiting: Sequence[sources.Found], *, sample: bool, account: Account, rejects: Rejects) -> None:
    """A batch in one transaction; where one conversation cannot be held, each by itself, so that only that one is rejected."""
    if not waiting:
        return
    now = timezone.now()
    try:
        _add(account, _take([one.conversation for one in waiting], now=now, sample=sample))
        return
    except (OperationalError, InterfaceError) as error:
        raise click.ClickException(_("The database does not answer. Run it again to go on from here.")) from error
    except (DatabaseError, ValueError):
        pass
    for one in waiting:
        try:
            _add(account, _take([one.conversation], now=now, sample=sample))
        except (OperationalError, InterfaceError) as error:
            raise click.ClickException(_("The database does not answer. Run it again to go on from here.")) from error
        except (DatabaseError, ValueError) as error:
            account.rejected += 1
            rejects.keep(sources.Rejected(one.line, " ".join(str(error).split())[:300], one.pieces))


def _take(conversations: Sequence[Conversation], *, now: datetime, sample: bool) -> actions.Taken:
    """Twice where somebody else met the same customer in the same moment."""
    try:
        with transaction.atomic():
            return actions.take_batch(conversations, now=now, sample=sample)
    except IntegrityError:
        return actions.take_batch(conversations, now=now, sample=sample)


def _add(account: Account, taken: actions.Taken) -> None:
    account.new += taken.new
    account.known += taken.known
    account.messages += taken.messages
    account.promises += taken.promises


class Rejects:
    """`FILE.rejected` beside the file (or here, where that place takes nothing): the very bytes, to be mended and run again."""

    def __init__(self, source: Path, *, stack: ExitStack, console: Console) -> None:
        self._source = source
        self._stack = stack
        self._console = console
        self._file: BinaryIO | None = None
        self.path: Path | None = None

    def keep(self, item: sources.Rejected) -> None:
        file = self._open()
        for piece in item.pieces():
            file.write(piece)
        where = f"{self._source}:{item.line}: {item.reason}"
        self._console.print(where, markup=False, highlight=False, soft_wrap=True)

    def _open(self) -> BinaryIO:
        if self._file is None:
            for place in (self._source.parent, Path.cwd()):
                try:
                    self.path = place / f"{self._source.name}.rejected"
                    self._file = self._stack.enter_context(self.path.open("wb"))
                    break
                except OSError:
                    continue
            else:
                raise click.ClickException(
                    _("%(name)s.rejected can be written neither beside the file nor here.")
                    % {"name": self._source.name}
                )
        return self._file


def bar_on(console: Console) -> Progress:
    """How far an import is, on a terminal; silence elsewhere."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[told]}"),
        TimeElapsedColumn(),
        console=console,
        disable=not console.is_terminal,
    )


def _tell(account: Account, *, seconds: float) -> None:
    click.echo(
        _("%(new)s new, %(known)s here already, %(repeated)s repeated, %(rejected)s rejected in %(seconds).1f s")
        % {
            "new": account.new,
            "known": account.known,
            "repeated": account.repeated,
            "rejected": account.rejected,
            "seconds": seconds,
        }
    )
    if account.new:
        states = ", ".join(f"{count} {state}" for state, count in sorted(account.promises.items())) or "0"
        click.echo(_("%(messages)s messages; promises: %(states)s") % {"messages": account.messages, "states": states})
