"""What people do with a notice: write it, have it read by a second person, send it, and keep it in hand while it goes out.

Telling its members is the lane's work (`making`, `leaving`, `following`). All of them ask the notice's state under its lock, so that
pausing and stopping hold from the moment they are said; what a carrier is sending in that moment still leaves.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from troth.ledger.actions import append
from troth.notices.actions import cohorts
from troth.notices.actions.making import HOLD, look_at_late_ones_again, look_at_wave_again
from troth.notices.carriers import carriers
from troth.notices.models import Cohort, Notice, Recipient, Sort, State, Text, Told
from troth.notices.rules.matters import overtaking
from troth.people.models import Staff
from troth.words import facts
from troth.words.refs import ref

#: A subject longer than this is cut by what most people read their mail with.
SUBJECT_MOST, WORDS_MOST = 200, 20_000


class NothingToSay(ValueError):
    """A notice has no words in any language, or a subject that is none."""


class NotNow(ValueError):
    """The notice is not in a state in which this can be done; the message says why, and what to do."""


@transaction.atomic
def write(
    *,
    about: str,
    cohort: Cohort,
    sort: str,
    texts: Mapping[str, tuple[str, str]],
    happened_at: datetime,
    by: Staff | None,
    now: datetime,
    is_duty: bool = True,
    needs_second: bool = False,
    per_domain: int = 0,
) -> Notice:
    """A draft; *texts* are subject and words by language, the first for whoever has no other's. Raises NothingToSay.

    A second reader is asked for where the team of whoever writes it wants one, whatever *needs_second* says.
    """
    sound = _sound(texts)
    wanted = needs_second or bool(by and by.team and by.team.notices_want_second)
    notice = Notice.objects.create(
        about=about,
        cohort=cohort,
        sort=Sort(sort),
        is_duty=is_duty,
        happened_at=min(happened_at, now),
        written_by=by,
        written_at=now,
        needs_second=wanted,
        per_domain=max(0, per_domain),
    )
    _put_down(notice, sound, by=by, now=now)
    return notice


@transaction.atomic
def rewrite(notice: Notice, *, texts: Mapping[str, tuple[str, str]], by: Staff, now: datetime) -> Notice:
    """Other words for what is not sent yet; whoever had read it has to read it again. Raises NothingToSay, NotNow."""
    sound = _sound(texts)
    held = _held(
        notice, State.DRAFT, State.PROPOSED, why=_("Its words were sent, and never change. Write another notice.")
    )
    Text.objects.filter(notice=held).delete()
    held.written_by, held.written_at, held.second_by, held.second_at = by, now, None, None
    held.save(update_fields=["written_by", "written_at", "second_by", "second_at"])
    _put_down(held, sound, by=by, now=now)
    return held


@transaction.atomic
def propose(notice: Notice, *, by: Staff, now: datetime) -> Notice:
    """It is written, and waits for a second reader. Raises NotNow."""
    held = _held(notice, State.DRAFT, why=_("It waits for a second reader already, or is sent."))
    return _to(held, State.PROPOSED, needs_second=True)


@transaction.atomic
def second(notice: Notice, *, by: Staff, now: datetime) -> Notice:
    """A second person read it, and lets it go out. Raises NotNow, also where it is the writer."""
    held = _held(notice, State.PROPOSED, State.DRAFT, why=_("It is sent already."))
    if held.written_by_id == by.pk:
        raise NotNow(_("You wrote it: somebody else has to read it before it is sent."))
    held = _to(held, held.state, second_by=by, second_at=now)
    append(facts.NoticeSeconded(about=_ref(held), by=by.reference), now=now)
    return held


@transaction.atomic
def send(notice: Notice, *, by: Staff | None, now: datetime) -> Notice:
    """Tell its members, from HOLD on; its cohort is frozen now where it was not yet. Raises NotNow."""
    held = _held(notice, State.DRAFT, State.PROPOSED, why=_("It is sent already."))
    if held.needs_second and held.second_at is None:
        raise NotNow(_("A second person has to read it before it is sent."))
    if _was_overtaken(held):
        raise NotNow(_("What was sent to them since says more than this. Write another notice."))
    cohort = Cohort.objects.get(pk=held.cohort_id)
    if cohort.frozen_at is None:
        cohorts.freeze(cohort, by=by, now=now)
    held = _to(held, State.SENDING, sent_at=now)
    append(facts.NoticeSent(about=_ref(held), regards=held.about, by=by.reference if by else ""), now=now)
    return held


@transaction.atomic
def take_back(notice: Notice, *, by: Staff, now: datetime) -> Notice:
    """As if it had not been sent; only before HOLD is over. Raises NotNow."""
    held = _held(notice, State.SENDING, State.PAUSED, why=_("It is not being sent."))
    assert held.sent_at is not None
    if now >= held.sent_at + HOLD or held.made_up_to:
        raise NotNow(_("The first letters are on their way. You can pause or stop it, so that no more of them leave."))
    held = _to(held, State.DRAFT if held.second_at is None else State.PROPOSED, sent_at=None)
    append(facts.NoticeTakenBack(about=_ref(held), by=by.reference), now=now)
    return held


@transaction.atomic
def pause(notice: Notice, *, by: Staff, now: datetime) -> Notice:
    """No letter of it begins to leave until it is resumed. Raises NotNow."""
    held = _to(_held(notice, State.SENDING, why=_("Only what is being sent can be paused.")), State.PAUSED)
    for carrier in carriers().values():
        carrier.hold(_ref(held))
    append(facts.NoticePaused(about=_ref(held), by=by.reference), now=now)
    return held


@transaction.atomic
def resume(notice: Notice, *, by: Staff, now: datetime) -> Notice:
    """Letters leave again. Raises NotNow."""
    held = _to(_held(notice, State.PAUSED, why=_("It is not paused.")), State.SENDING)
    for carrier in carriers().values():
        carrier.let_go(_ref(held), now=now)
    append(facts.NoticeResumed(about=_ref(held), by=by.reference), now=now)
    return held


@transaction.atomic
def stop(notice: Notice, *, by: Staff | None, now: datetime) -> Notice:
    """It ends here for good; what has not begun to leave is taken back. Raises NotNow."""
    why = _("It has ended already.")
    held = _to(_held(notice, *(set(State) - {State.DONE, State.STOPPED}), why=why), State.STOPPED, done_at=now)
    for carrier in carriers().values():
        carrier.take_back(_ref(held), now=now)
    if held.sent_at:
        look_at_late_ones_again(held)
        look_at_wave_again(held)
    append(facts.NoticeStopped(about=_ref(held), by=by.reference if by else ""), now=now)
    return held


@transaction.atomic
def throttle(notice: Notice, *, per_domain: int) -> Notice:
    """From now on at most so many letters a minute go to one domain; 0 for as many as go."""
    held = _held(notice, *(set(State) - {State.STOPPED}), why=_("It was stopped."))
    return _to(held, held.state, per_domain=max(0, per_domain))


@transaction.atomic
def told_by_hand(recipient: Recipient, *, note: str, by: Staff, now: datetime) -> bool:
    """Somebody told them by a letter on paper, or a call, as they *note*; False where it is known that they were told."""
    to_be_told = Recipient.objects.filter(pk=recipient.pk, state__in=BY_HAND_FROM)
    changed = to_be_told.update(state=Told.BY_HAND, told_at=now, note=note.strip(), noted_by=by)
    if changed != 1:
        return False
    told = Recipient.objects.select_related("member").get(pk=recipient.pk)
    append(
        facts.MemberToldByHand(
            about=ref("recipient", told.pk),
            customer=ref("customer", told.member.customer_id) if told.member.customer_id else "",
            notice=ref("notice", told.notice_id),
            member=ref("member", told.member_id),
            by=by.reference,
        ),
        now=now,
    )
    return True


#: Who stands on the list of letters by hand.
BY_HAND_FROM = (Told.UNREACHABLE, Told.UNCLEAR)


def _was_overtaken(notice: Notice) -> bool:
    """A newer notice told its cohort what makes this one old: it began, and they know that it is over."""
    sorts = [newer for newer, older in overtaking() if older == notice.sort]
    newer = Notice.objects.filter(cohort_id=notice.cohort_id, pk__gt=notice.pk, sort__in=sorts, sent_at__isnull=False)
    return newer.exclude(state=State.STOPPED).exists()


def words_digest(texts: Mapping[str, tuple[str, str]]) -> str:
    """What NoticeWritten says of the words."""
    parts = (f"{language}\n{subject}\n{words}\n" for language, (subject, words) in sorted(texts.items()))
    return hashlib.sha256("".join(parts).encode()).hexdigest()


def _sound(texts: Mapping[str, tuple[str, str]]) -> dict[str, tuple[str, str]]:
    tidy = {
        language: (" ".join(subject.split()), words.replace("\r\n", "\n").replace("\0", "").strip())
        for language, (subject, words) in texts.items()
    }
    sound = {language: said for language, said in tidy.items() if any(said)}
    if not sound:
        raise NothingToSay(_("Write what happened: a notice without words tells nobody anything."))
    for subject, words in sound.values():
        if not subject or not words:
            raise NothingToSay(_("Each language wants a subject and words."))
        if len(subject) > SUBJECT_MOST:
            raise NothingToSay(_("The subject is too long: say it in a line."))
        if len(words) > WORDS_MOST:
            raise NothingToSay(_("That is too long for a letter that everybody reads."))
    return sound


def _put_down(notice: Notice, texts: Mapping[str, tuple[str, str]], *, by: Staff | None, now: datetime) -> None:
    Text.objects.bulk_create(
        Text(notice=notice, language=language, subject=subject, words=words)
        for language, (subject, words) in texts.items()
    )
    append(
        facts.NoticeWritten(
            about=_ref(notice),
            regards=notice.about,
            cohort=ref("cohort", notice.cohort_id),
            sort=notice.sort,
            is_duty=notice.is_duty,
            happened_at=notice.happened_at,
            words_digest=words_digest(texts),
            by=by.reference if by else "",
        ),
        now=now,
    )


def _held(notice: Notice, *states: State, why: str) -> Notice:
    """The notice as it is now, kept from others until the end of the transaction; raises NotNow unless it is in one of *states*."""
    held = Notice.objects.select_for_update().get(pk=notice.pk)
    if held.state not in states:
        raise NotNow(why)
    return held


def _to(notice: Notice, state: str, **values: object) -> Notice:
    for name, value in {"state": state, **values}.items():
        setattr(notice, name, value)
    notice.save(update_fields=["state", *values])
    return notice


def _ref(notice: Notice) -> str:
    return ref("notice", notice.pk)
