"""An export brought over: read through and reported, or taken in batch by batch. What is here is known by its name, so that a
second run, after whatever ended the first, goes on where it stopped."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings
from django.db import IntegrityError, InterfaceError, OperationalError, transaction
from django.db.utils import DatabaseError
from django.utils import timezone

from troth.cases import reader
from troth.channels.imports.actions import tickets as taking
from troth.channels.imports.actions.tickets import From, key_of
from troth.channels.imports.bodies import body_of
from troth.channels.imports.gather import Gathered, Staging
from troth.channels.imports.models import Moved
from troth.channels.imports.rules.conversation import FIRST_YEAR
from troth.channels.imports.rules.report import SHOWN, Report
from troth.channels.imports.rules.ticket import Contact, Stands, Ticket
from troth.people.models import Staff
from troth.people.queries import hours_of, staff_choices
from troth.words.messages import Direction

TICKETS_IN_A_BATCH, MESSAGES_IN_A_BATCH = 500, 3_000
#: Files come along within the export, and are held until their batch is written.
BYTES_IN_A_BATCH = 64 * 1024 * 1024
#: So many replies are read for promises when an export is tried out; they are in tickets that are not over.
READ_MOST = 2_000


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What is to be brought over."""

    source: str
    path: Path
    #: Ours -> theirs, for tables.
    mapping: Mapping[str, str] = field(default_factory=dict)
    #: Nothing that last changed before this.
    since: datetime | None = None
    limit: int | None = None
    batch: int = TICKETS_IN_A_BATCH
    #: Where what could not be taken in is kept.
    rejected: Path | None = None

    @classmethod
    def of(cls, *, source: str, path: str, options: Mapping[str, Any]) -> Wanted:
        since = options.get("since")
        return cls(
            source=source,
            path=Path(path),
            mapping=options.get("map", {}),
            since=datetime.fromisoformat(since) if since else None,
            limit=options.get("limit"),
            batch=options.get("batch") or TICKETS_IN_A_BATCH,
            rejected=Path(options["rejected"]) if options.get("rejected") else None,
        )


@dataclass
class Account:
    """What taking it in came to so far."""

    whole: int = 0
    looked_at: int = 0
    new: int = 0
    added: int = 0
    known: int = 0
    forgotten: int = 0
    passed_over: int = 0
    rejected: int = 0
    messages: int = 0
    notes: int = 0

    def plain(self) -> dict[str, int]:
        return dict(vars(self))


class Away(Exception):
    """The database does not answer. What is here is here; run it again to go on."""


#: Told how far it is: of the reading bytes of all, then tickets of all. False: stop here.
Watch = Callable[[str, int, int], bool]


class Stopped(Exception):
    """Somebody asked for it to end."""


def look(wanted: Wanted, *, watch: Watch = lambda stage, done, whole: True) -> Report:
    """Read it all through, take nothing in, and say what would become of it."""
    report = Report()
    people = _Staffed()
    with _staged(
        wanted, watch=watch, wrong=lambda file, line, reason, _text: report.trouble(file, line, reason)
    ) as staging:
        whole, read = staging.count(), 0
        waiting: list[Ticket] = []
        for number, found in enumerate(_fitting(staging, wanted), start=1):
            if isinstance(found, Gathered):
                report.trouble(found.file, found.line, f"ticket {found.id}: {found.reason}")
            elif found is None:
                report.passed_over += 1
            else:
                report.saw(found)
                people.note(found, report)
                staging.note_customer(taking.ways_of(found.requester, source=wanted.source), report)
                read += _promises(found, report, most=READ_MOST - read)
                waiting.append(found)
            if len(waiting) >= TICKETS_IN_A_BATCH:
                report.known += _known(waiting, wanted.source)
                waiting.clear()
                _go_on(watch, "tickets", number, whole)
        report.known += _known(waiting, wanted.source)
        report.people_left = staging.people_left
        for orphan in staging.orphans():
            report.trouble(orphan.file, orphan.line, orphan.reason)
    return report


def take(
    wanted: Wanted,
    *,
    of: From,
    watch: Watch = lambda stage, done, whole: True,
    tell: Callable[[Account], bool] = lambda account: True,
    wrong: Callable[[str, int, str], None] = lambda file, line, reason: None,
) -> Account:
    """Take in what is not here yet. Safe to repeat; raises Away, Stopped, exported.NotAnExport."""
    account = Account()
    with _Rejects(wanted.rejected) as rejects:

        def reject(file: str, line: int, reason: str, text: str = "") -> None:
            account.rejected += 1
            rejects.keep(text)
            wrong(file, line, reason)

        with _staged(wanted, watch=watch, wrong=reject) as staging:
            account.whole = staging.count()
            waiting: list[tuple[Gathered, Ticket]] = []
            messages = held = 0
            for found in _fitting(staging, wanted, both=True):
                account.looked_at += 1
                if isinstance(found, Gathered):
                    reject(found.file, found.line, f"ticket {found.id}: {found.reason}", found.text)
                elif found is None:
                    account.passed_over += 1
                else:
                    waiting.append(found)
                    messages += len(found[1].said)
                    held += sum(len(file.content or b"") for said in found[1].said for file in said.enclosed)
                if len(waiting) >= wanted.batch or messages >= MESSAGES_IN_A_BATCH or held >= BYTES_IN_A_BATCH:
                    messages = held = 0
                    _write(waiting, of=of, account=account, reject=reject)
                    if not tell(account):
                        raise Stopped
            _write(waiting, of=of, account=account, reject=reject)
            for orphan in staging.orphans():
                reject(orphan.file, orphan.line, orphan.reason, orphan.text)
            tell(account)
    return account


def _write(waiting: list[tuple[Gathered, Ticket]], *, of: From, account: Account, reject: Callable[..., None]) -> None:
    """A batch in one transaction; where one ticket cannot be held, each by itself, so that only that one is left out."""
    if not waiting:
        return
    try:
        _add(account, _taken([one for _found, one in waiting], of=of))
    except (OperationalError, InterfaceError) as error:
        raise Away from error
    except (DatabaseError, ValueError):
        for found, one in waiting:
            try:
                _add(account, _taken([one], of=of))
            except (OperationalError, InterfaceError) as error:
                raise Away from error
            except (DatabaseError, ValueError) as error:
                reason = f"ticket {one.id}: {' '.join(str(error).split())[:300]}"
                reject(found.file, found.line, reason, found.text)
    waiting.clear()


def _taken(tickets: Sequence[Ticket], *, of: From) -> taking.Came:
    """Twice where somebody else met the same customer in the same moment."""
    try:
        with transaction.atomic():
            return taking.take_tickets(tickets, of=of, now=timezone.now())
    except IntegrityError:
        return taking.take_tickets(tickets, of=of, now=timezone.now())


def _add(account: Account, came: taking.Came) -> None:
    for name in ("new", "added", "known", "forgotten", "messages", "notes"):
        setattr(account, name, getattr(account, name) + getattr(came, name))


# Reading


@contextmanager
def _staged(wanted: Wanted, *, watch: Watch, wrong: Callable[..., None]) -> Iterator[Staging]:
    place = Path(settings.TROTH_DATA) / "moving"
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="staged-", dir=place))
    try:
        staging = Staging(folder, source=wanted.source, mapping=wanted.mapping, zone=hours_of().zone)
        try:
            told = 0

            def watched(done: int, whole: int) -> None:
                nonlocal told
                if done - told >= 4 * 1024 * 1024:
                    told = done
                    _go_on(watch, "reading", done, whole)

            for one in staging.fill(wanted.path, watch=watched):
                wrong(one.file, one.line, one.reason, one.text)
            yield staging
        finally:
            staging.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _go_on(watch: Watch, stage: str, done: int, whole: int) -> None:
    if not watch(stage, done, whole):
        raise Stopped


def _fitting(staging: Staging, wanted: Wanted, *, both: bool = False) -> Iterator[Any]:
    """Each ticket that is wanted (with where it stood, for *both*), None for one passed over, Gathered for one that is none."""
    latest = timezone.now() + timedelta(days=1)
    left = wanted.limit
    for found in staging.tickets():
        ticket = found.ticket
        if ticket is None:
            yield found
        elif (wanted.since and ticket.changed_at < wanted.since) or left == 0:
            yield None
        elif impossible := _impossible(ticket, latest=latest):
            yield Gathered(found.file, found.line, found.id, None, impossible, found.text)
        else:
            left = left - 1 if left is not None else None
            yield (found, ticket) if both else ticket


def _impossible(ticket: Ticket, *, latest: datetime) -> str:
    if not ticket.id:
        return "it has no id"
    for at in (ticket.opened_at, *(said.at for said in ticket.said)):
        if at.year < FIRST_YEAR or at > latest:
            return f"something in it is dated {at.astimezone(UTC):%Y-%m-%d %H:%M}Z, which cannot be"
    return ""


def _known(tickets: Sequence[Ticket], source: str) -> int:
    return Moved.objects.filter(key__in=[key_of(source, one) for one in tickets]).count()


class _Staffed:
    """Which of the other desk's people are known here, each asked for once."""

    def __init__(self) -> None:
        choices: list[Staff] = staff_choices()
        self._names = {one.name.casefold() for one in choices} | {one.email.casefold() for one in choices}

    def note(self, ticket: Ticket, report: Report) -> None:
        for contact in {ticket.assignee, *(said.by for said in ticket.said if said.ours)}:
            if contact.name or contact.emails:
                known = self._knows(contact)
                shown = f"{contact.name} {f'<{contact.email}>' if contact.email else ''}".strip()
                (report.staff_found if known else report.staff_unknown)[shown] += 1

    def _knows(self, contact: Contact) -> bool:
        if contact.emails:
            return any(email.casefold() in self._names for email in contact.emails)
        return contact.name.casefold() in self._names


def _promises(ticket: Ticket, report: Report, *, most: int) -> int:
    """List what was promised in a ticket that is not over, for a person to look at; how many replies were read."""
    if ticket.stands is Stands.RESOLVED or most <= 0:
        return 0
    replies = [said for said in ticket.said if said.ours and not said.private and not said.automatic][:most]
    for said in replies:
        body = body_of(said)
        for promise in reader.read(body.text, at=said.at, direction=Direction.OUTBOUND).promises:
            report.promises_found += 1
            if len(report.promises) < SHOWN:
                due = promise.due.at.isoformat() if promise.due else ""
                report.promises.append((ticket.id, promise.quote or promise.what, due))
    return len(replies)


class _Rejects:
    """What could not be taken in, as it stood, to be mended and brought again; no file where there is nothing of it."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._file: BinaryIO | None = None

    def __enter__(self) -> _Rejects:
        return self

    def __exit__(self, *_what: object) -> None:
        if self._file:
            self._file.close()

    def keep(self, text: str) -> None:
        if not self._path or not text:
            return
        if self._file is None:
            self._file = self._path.open("wb")
        self._file.write(text.encode("utf-8", "replace") + b"\n")
