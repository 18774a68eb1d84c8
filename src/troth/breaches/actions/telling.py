"""The people concerned are told, in plain words, with everything GDPR 34(2) asks for, or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from troth.breaches.actions.rows import locked, put, tidy, who
from troth.breaches.models import Breach, PeopleLetter
from troth.breaches.rules import contents
from troth.breaches.rules.contents import Part
from troth.ledger.actions import append
from troth.notices.actions import telling
from troth.notices.actions.making import HOLD
from troth.notices.models import Cohort, Notice, Sort, State
from troth.people.models import Staff
from troth.words import facts
from troth.words.refs import ref

Texts = Mapping[str, Mapping[str, str]]


class LetterIncomplete(ValueError):
    """It cannot be sent; *missing* says what is missing in which language."""

    def __init__(self, missing: list[tuple[str, Part]]) -> None:
        super().__init__(_("What the law asks us to tell them is not all there."))
        self.missing = missing


class NobodyChosen(ValueError):
    """Nobody is chosen to be told."""


@transaction.atomic
def write_letter(
    breach: Breach, *, texts: Texts, cohort: Cohort | None, by: Staff | None, now: datetime
) -> PeopleLetter:
    """Keep it as far as it is written. Raises telling.NotNow while the one before it is just being sent: its words stay."""
    row = locked(breach)
    draft = row.letters.filter(sent_at=None).select_related("notice").first() or PeopleLetter(breach=row)
    _refuse_leaving(draft)
    draft.texts = {
        language: {part: tidy(parts.get(part, ""))[: contents.PART_MOST] for part in Part}
        for language, parts in texts.items()
    }
    draft.cohort, draft.written_by, draft.written_at = cohort, by, now
    draft.save()
    return draft


@transaction.atomic
def tell(breach: Breach, *, by: Staff, now: datetime) -> Notice:
    """Send it to everybody in its cohort, as a notice that nobody's wish for no marketing hides; where a second person has to
    read it first, it waits for them. That they were told is said once it cannot be taken back (`settle_letters`).

    Raises LetterIncomplete, NobodyChosen, and what `telling.send` raises.
    """
    row = locked(breach)
    draft = row.letters.filter(sent_at=None).select_related("cohort", "notice").first()
    if lacks := contents.missing_parts(draft.texts if draft else {}):
        raise LetterIncomplete(lacks)
    assert draft is not None
    _refuse_leaving(draft)
    if draft.cohort is None:
        raise NobodyChosen(_("Choose whom it concerns: build the cohort first."))
    notice = _notice(row, draft, draft.cohort, by=by, now=now)
    if notice.needs_second and notice.second_at is None:
        return notice if notice.state == State.PROPOSED else telling.propose(notice, by=by, now=now)
    return telling.send(notice, by=by, now=now)


def _refuse_leaving(letter: PeopleLetter) -> None:
    """Pressed twice, or by two people at once, it would reach everybody twice."""
    if letter.notice and letter.notice.state in LEAVING:
        raise telling.NotNow(_("It is on its way to them already. Look at its notice before you write another."))


#: The notice of a letter has been sent in these; stopped, another may be written.
LEAVING = (State.SENDING, State.PAUSED, State.DONE)


def _notice(row: Breach, draft: PeopleLetter, cohort: Cohort, *, by: Staff, now: datetime) -> Notice:
    """The notice with the words as they stand now; whoever read others before has to read these."""
    texts = _composed(draft.texts)
    there = draft.notice
    if there is not None and there.state in {State.DRAFT, State.PROPOSED} and there.cohort_id == cohort.pk:
        standing = {text.language: (text.subject, text.words) for text in there.texts.all()}
        return there if standing == texts else telling.rewrite(there, texts=texts, by=by, now=now)
    draft.notice = telling.write(
        about=ref("incident", row.incident_id), cohort=cohort, sort=Sort.BREACH, texts=texts,
        happened_at=row.incident.happened_at, by=by, now=now,
    )  # fmt: skip
    draft.save(update_fields=["notice"])
    return draft.notice


def _composed(texts: Texts) -> dict[str, tuple[str, str]]:
    begun = {language: parts for language, parts in texts.items() if any(parts.values())}
    return {language: (parts[Part.SUBJECT], words_of(language, parts)) for language, parts in begun.items()}


def settle_letters(*, now: datetime) -> int:
    """Of letters whose notice leaves for good by now it is said that the people were told; how many. Safe to repeat."""
    waiting = PeopleLetter.objects.filter(sent_at=None, notice__sent_at__lte=now - HOLD)
    # Stopped before anybody's turn had come it told nobody, and another may be written.
    waiting = waiting.exclude(notice__state=State.STOPPED, notice__made_up_to=0)
    return sum(_settle(letter, now=now) for letter in waiting.select_related("breach", "notice"))


@transaction.atomic
def _settle(letter: PeopleLetter, *, now: datetime) -> int:
    row = locked(letter.breach)
    notice = Notice.objects.get(pk=letter.notice_id or 0)
    if (
        notice.sent_at is None
        or PeopleLetter.objects.filter(pk=letter.pk, sent_at=None).update(sent_at=notice.sent_at) != 1
    ):
        return 0
    fact = facts.PeopleTold(about=row.ref, notice=ref("notice", notice.pk), by=who(notice.written_by))
    append(fact, now=now, happened_at=notice.sent_at)
    put(letter.breach, told_at=row.told_at or notice.sent_at)
    return 1


def words_of(language: str, parts: Mapping[str, str]) -> str:
    """The letter in its own language, with what the law wants told under a heading each."""
    return contents.composed(parts, contents.HEADINGS[language])
