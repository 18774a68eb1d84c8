"""Lines of the timeline: what is told, what staff note, and words put otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from troth.incidents.actions.promising import keep_next_word, promise_next_word
from troth.incidents.models import Entry, Incident, State
from troth.incidents.rules import digests
from troth.ledger.actions import append
from troth.people.models import Staff
from troth.promises.models import Promise
from troth.words import facts
from troth.words.refs import ref


class EmptyWords(ValueError):
    """Nothing is said."""


class NotYetSo(ValueError):
    """It is said of a time to come: nothing is said before it happened."""


class NoNextWord(ValueError):
    """Who hears of an open incident hears when the next word comes."""


class NotOpen(ValueError):
    """The incident has ended: an update is said of what is going on."""


class ToldToNobody(ValueError):
    """Neither in public nor by a notice, and no reason why not."""


class NeedsSecond(ValueError):
    """A colleague has to read it before it leaves."""


class SomeoneWasQuicker(RuntimeError):
    """The line is no longer as it was shown."""


@transaction.atomic
def say(
    incident: Incident,
    *,
    kind: Entry.Kind | str,
    words: str,
    happened_at: datetime,
    by: Staff | None,
    now: datetime,
    next_word_at: datetime | None = None,
    in_public: bool = False,
    notices: Sequence[int] = (),
    untold: str = "",
) -> Entry:
    """Add a line. Of an open incident, what is told keeps the promise of the next word and makes the next one.

    *notices* are those in which it is told; *untold* is why nobody is told. A note is for staff alone and promises nothing.
    While nobody outside has heard of the incident, a line that is told to nobody, with its reason, counts as the word too.
    Raises EmptyWords, NotYetSo, NoNextWord, NotOpen, ToldToNobody, promises.DateAlreadyPassed.
    """
    kind, words = Entry.Kind(kind), words.strip()
    row = locked(incident)
    if kind in {Entry.Kind.BEGAN, Entry.Kind.UPDATE} and row.state != State.OPEN:
        raise NotOpen(_("This incident has ended: say that it has come back, or begin another."))
    if kind == Entry.Kind.ENDED:
        raise ValueError("An incident is ended by `end`.")
    entry = line(row, kind, words, happened_at, in_public, notices, untold, by=by, now=now)
    next_word: Promise | None = None
    if kind != Entry.Kind.NOTE and row.state == State.OPEN and (entry.is_told or row.said_at is None):
        if next_word_at is None:
            raise NoNextWord(_("Say when the next word comes, if only that nothing is new."))
        keep_next_word(row, by=by, now=now)
        next_word = promise_next_word(row, due=next_word_at, now=now)
    entry.save(force_insert=True)
    said(row, entry, next_word=next_word, by=by, now=now)
    copy_to(incident, row)
    return entry


def line(
    row: Incident,
    kind: Entry.Kind,
    words: str,
    happened_at: datetime,
    in_public: bool,
    notices: Sequence[int],
    untold: str,
    *,
    by: Staff | None,
    now: datetime,
) -> Entry:
    """The row of a line, not saved yet; raises EmptyWords, NotYetSo, ToldToNobody."""
    if not words:
        raise EmptyWords(_("Write what is to be said."))
    if happened_at > now:
        raise NotYetSo(
            _("This is to have happened in the future. Say what is so, and promise the rest as the next word.")
        )
    if kind == Entry.Kind.NOTE:
        in_public, notices, untold = False, (), ""
    elif not in_public and not notices and not untold.strip():
        raise ToldToNobody(_("Say whom to tell, or why nobody is told."))
    return Entry(
        incident=row,
        kind=kind,
        words=words,
        happened_at=happened_at,
        said_at=now,
        by=by,
        in_public=in_public,
        notices=list(notices),
        untold="" if in_public or notices else untold.strip(),
    )


def said(row: Incident, entry: Entry, *, next_word: Promise | None, by: Staff | None, now: datetime) -> None:
    """The incident follows the line just saved, and the ledger hears of it."""
    values: dict[str, object] = {}
    if entry.is_told and row.said_at is None:
        values["said_at"] = now
    if entry.in_public and not row.is_public:
        values["is_public"] = True
    if next_word is not None:
        values["next_word"] = next_word
    for name, value in values.items():
        setattr(row, name, value)
    if values:
        row.save(update_fields=list(values))
    append(
        facts.IncidentSaid(
            about=row.ref,
            said=ref("said", entry.pk),
            said_kind=entry.kind,
            in_public=entry.in_public,
            notices=" ".join(ref("notice", pk) for pk in entry.notices),
            words_digest=digests.of_words(entry.words),
            next_word=ref("promise", next_word.pk) if next_word else "",
            by=by.reference if by else "",
        ),
        now=now,
        happened_at=entry.happened_at,
    )


@transaction.atomic
def change_words(
    entry: Entry, *, words: str, by: Staff | None, now: datetime, happened_at: datetime | None = None
) -> Entry | None:
    """Put a line otherwise: a new row beside the old one, which stays to be read. None if it reads so already.

    Whoever got a notice keeps what they got; the page and the customer's page show both, and when it was changed.
    Where the team wants a second reader, what was told is not changed by one alone: it is said anew, by a draft that is read.
    Raises EmptyWords, NotYetSo, NeedsSecond, and SomeoneWasQuicker (it was changed meanwhile).
    """
    row = locked(entry.incident)
    old = Entry.objects.get(pk=entry.pk)
    if old.is_told and by and by.team and by.team.notices_want_second:
        raise NeedsSecond(
            _("A colleague has to read what people are told: say it anew instead, and propose it. These words stay.")
        )
    if Entry.objects.filter(changes=old).exists():
        raise SomeoneWasQuicker(_("Somebody changed these words meanwhile: look at them again."))
    words, happened_at = words.strip(), happened_at or old.happened_at
    if (words, happened_at) == (old.words, old.happened_at):
        return None
    kind = Entry.Kind(old.kind)
    new = line(row, kind, words, happened_at, old.in_public, old.notices, old.untold, by=by, now=now)
    new.changes = old
    new.save(force_insert=True)
    append(
        facts.IncidentWordsChanged(
            about=row.ref,
            said=ref("said", new.pk),
            before=ref("said", old.pk),
            words_digest=digests.of_words(new.words),
            by=by.reference if by else "",
        ),
        now=now,
        happened_at=new.happened_at,
    )
    return new


def locked(incident: Incident) -> Incident:
    held = Incident.objects.select_for_update(of=("self",)).select_related("next_word", "owner")
    return held.get(pk=incident.pk)


def copy_to(incident: Incident, row: Incident) -> None:
    """What the caller holds says what the row says."""
    for name in ("said_at", "is_public", "next_word", "state", "ended_at", "end_said_at"):
        setattr(incident, name, getattr(row, name))
