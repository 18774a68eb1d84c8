"""What is being written: the form for the answer, and the promises found in it."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from troth import reading
from troth.cases.actions.clocking import of
from troth.cases.actions.replies import read_answer
from troth.cases.checking import Matter
from troth.cases.desk.checking import checked, unchecked
from troth.cases.desk.elsewhere import kept_told
from troth.cases.models import Case, Reply, Template
from troth.cases.rules import gate
from troth.clocks.queries import terms_of
from troth.people.models import Staff
from troth.people.queries import hours_of
from troth.people.shell import field_time, local_time
from troth.promises.letters import spoken
from troth.promises.sayings import strength_words, told_apart
from troth.reading.offer import three_dates
from troth.words.clocks import Sort, State
from troth.words.hours import Hours
from troth.words.promises import Strength


@dataclass(frozen=True)
class Said:
    """What was typed into a form that was refused, and why."""

    text: str | None = None
    stopped: str = ""
    errors: tuple[dict[str, str], ...] = ()
    record: dict[str, Any] | None = None
    remedy: dict[str, Any] | None = None
    answers: tuple[gate.Answer, ...] = ()
    rich: bool = False
    typed: Mapping[str, str] = field(default_factory=dict)
    note: str | None = None
    #: A colleague's answer that the writer had not seen: who and words.
    theirs: Mapping[str, str] | None = None
    #: The draft as it was written further on another page, where that came between.
    elsewhere: Reply | None = None
    #: What cannot be kept, for its customer was erased.
    refused: str = ""
    #: It was to be resolved without the final response that it is owed, and nobody said why.
    ends_without: bool = False


def answers_of(draft: Reply | None) -> tuple[gate.Answer, ...]:
    """What was said of the promises in a reply before it was taken back or stopped."""
    return tuple(gate.Answer.from_plain(plain) for plain in draft.answers) if draft else ()


def composer(
    case: Case,
    *,
    staff: Staff,
    to: str | None,
    templates: Sequence[Template],
    text: str,
    note: Reply | None,
    said: Said,
    draft: Reply | None,
    hours: Hours,
    now: datetime,
) -> dict[str, Any]:
    rich = said.rich or (said.text is None and draft is not None and draft.rich)
    update = next_update(case, hours=hours, now=now)
    next_word = said.typed.get("next_word", "") or _next_word_of(said.answers or answers_of(draft))
    if update and update.is_owed and not next_word and "next_word" not in said.typed:
        next_word = update.at.isoformat()
    offers = [
        {"value": offer.at.isoformat(), "words": spoken(offer.at, staff.zone)} for offer in three_dates(now, hours)
    ]
    if update:
        words = _("%(when)s: the next update") % {"when": spoken(update.at, staff.zone)}
        offers = [offer for offer in offers if offer["value"] != update.at.isoformat()]
        offers = sorted([*offers, {"value": update.at.isoformat(), "words": words}], key=lambda one: one["value"])
    chosen = local_time(next_word, staff.zone)
    if chosen and chosen > now and next_word not in [offer["value"] for offer in offers]:
        offers.append({"value": next_word, "words": spoken(chosen, staff.zone)})
    values = {"name": case.customer.name or _("there"), "case": case.pk, "me": staff.name}
    return {
        "draft": text,
        "note_draft": said.note if said.note is not None else (note.text if note else ""),
        "kept": kept_told(draft, staff=staff, now=now, other=said.elsewhere),
        "note_kept": kept_told(note, staff=staff, now=now, other=said.elsewhere),
        "way": "out" if said.note is None else "note",
        "format": "rich" if rich else "plain",
        "to": to or _("no e-mail address: note a talk instead"),
        "templates": [{"name": template.name, "body": _filled(template.text, values)} for template in templates],
        "next_word": {
            "value": next_word,
            "offers": offers,
        },
    }


@dataclass(frozen=True)
class NextUpdate:
    """By when the next update would be due, were this answer one."""

    at: datetime
    #: One is owed now, so this answer is one, and should promise the next (capability A6).
    is_owed: bool


def next_update(case: Case, *, hours: Hours, now: datetime) -> NextUpdate | None:
    """None where the policy asks for no updates in such a case. *case* comes with its clocks (queries.with_count)."""
    terms = terms_of(of(case).matter, hours=hours, now=now).get(Sort.UPDATE)
    if terms is None:
        return None
    running = {plain["sort"] for plain in getattr(case, "clocks", ()) if plain["state"] == State.RUNNING}
    return NextUpdate(
        at=terms.due(started_at=now).replace(microsecond=0).astimezone(UTC), is_owed=Sort.UPDATE in running
    )


def _next_word_of(answers: Sequence[gate.Answer]) -> str:
    """The next word that was promised beside the text, before the reply was taken back or stopped."""
    due = next((answer.due for answer in answers if answer.quote == _next_word_words() and answer.due), None)
    return due.isoformat() if due else ""


def _next_word_words() -> str:
    return _("You will hear from us")


def _filled(text: str, values: dict[str, Any]) -> str:
    for name, value in values.items():
        text = text.replace("{" + name + "}", str(value))
    return text


def key_of(key: gate.Key) -> str:
    """A found promise's name in a form."""
    return f"{hashlib.sha256(key[0].encode()).hexdigest()[:12]}-{key[1]}"


def found_in(
    text: str,
    *,
    staff: Staff,
    hours: Hours,
    now: datetime,
    matter: Matter,
    dismissed: Collection[str] = (),
    answers: Sequence[gate.Answer] = (),
    typed: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """The promises in *text* as `cases/_found.html` shows them, with what was chosen or typed about them before.

    How it stands with what the case asks of it (*matter*) is said beside them.
    """
    if not text.strip():
        return {"found": [], **unchecked()}
    typed = typed or {}
    read = read_answer(text, hours=hours, now=now)
    given = {answer.key: answer for answer in answers}
    offers = three_dates(now, hours)
    shown = []
    for key, promise in gate.keyed(read.promises):
        answer = given.get(key)
        asks = promise.due is None and not promise.condition
        chosen = typed.get(f"due-{key_of(key)}", "")
        own = typed.get(f"due-own-{key_of(key)}", "")
        word = _next_word(answer, offers[1].at, now=now)
        if answer and answer.due and not own and not chosen:
            only_word = answer.choice == gate.Choice.NEXT_WORD
            chosen = f"word:{answer.due.isoformat()}" if only_word else answer.due.isoformat()
        known = {f"word:{word.isoformat()}", *(offer.at.isoformat() for offer in offers)}
        two = _two_readings(promise, staff.zone)
        if two and (not chosen or chosen in {reading_["value"] for reading_ in two}):
            chosen = chosen or two[0]["value"]
        elif not own and chosen not in known:
            own = field_time(answer.due if answer else None, staff.zone)
        shown.append(
            {
                "key": key_of(key),
                "quote": promise.quote,
                "words": promise.what,
                "due": promise.due.at if promise.due else None,
                "asks": asks,
                "condition": promise.condition or None,
                "strength": None if promise.strength == Strength.PROMISE else strength_words(promise.strength),
                "warning": _("This date can be read in two ways.")
                if promise.due and promise.due.ambiguous and not two
                else None,
                "chosen": chosen,
                "own": own,
                "kept": answer is None or answer.choice != gate.Choice.NOT_A_PROMISE,
                "offers": [
                    *(
                        {"value": offer.at.isoformat(), "words": spoken(offer.at, staff.zone), "about": about}
                        for offer, about in zip(offers, (_("soon"), _("comfortable"), _("safe")), strict=True)
                    ),
                    {
                        "value": f"word:{word.isoformat()}",
                        "words": spoken(word, staff.zone),
                        "about": _("only the next word, by"),
                    },
                ]
                if asks
                else two,
            }
        )
    return {
        "found": told_apart(shown),
        **checked(text, matter=matter, read=read, dismissed=dismissed, hours=hours, now=now),
    }


def _two_readings(promise: reading.FoundPromise, zone: str) -> list[dict[str, str]]:
    """The two moments that words such as “next Friday” can mean, for the writer to choose from; empty if only one."""
    if promise.due is None or promise.due.other_at is None:
        return []
    return [
        {"value": at.isoformat(), "words": spoken(at, zone), "about": promise.due.words}
        for at in (promise.due.at, promise.due.other_at)
    ]


def _next_word(answer: gate.Answer | None, offered: datetime, *, now: datetime) -> datetime:
    """By when only the next word is offered: as it was chosen before, if that still lies ahead."""
    if answer and answer.choice == gate.Choice.NEXT_WORD and answer.due and answer.due > now:
        return answer.due
    return offered


def answers_in(request: HttpRequest, text: str, *, case: Case, staff: Staff, now: datetime) -> list[gate.Answer]:
    """What the writer said of each promise found in *text*; those left alone are not in it."""
    answers = []
    for key, promise in _promises_asked(request, text, case=case, staff=staff, now=now):
        name = key_of(key)
        if f"quote-{name}" not in request.POST:
            continue
        if answer := _answer(request, name, key=key, promise=promise, zone=staff.zone):
            answers.append(answer)
    next_word = local_time(request.POST.get("next_word", ""), staff.zone)
    if next_word:
        what = _next_word_words()
        answers.append(gate.Answer(quote=what, choice=gate.Choice.NEXT_WORD, what=what, due=next_word))
    return answers


def _promises_asked(
    request: HttpRequest, text: str, *, case: Case, staff: Staff, now: datetime
) -> Iterable[tuple[gate.Key, reading.FoundPromise]]:
    """Read only where the page asked about some."""
    if not any(name.startswith("quote-") for name in request.POST):
        return ()
    hours = hours_of(case.team_id or staff.team_id)
    return gate.keyed(read_answer(text, hours=hours, now=now).promises)


def _answer(
    request: HttpRequest, name: str, *, key: gate.Key, promise: reading.FoundPromise, zone: str
) -> gate.Answer | None:
    if not request.POST.get(f"keep-{name}"):
        return gate.Answer(quote=key[0], nth=key[1], choice=gate.Choice.NOT_A_PROMISE, what=promise.what)
    chosen = request.POST.get(f"due-{name}", "")
    due = local_time(request.POST.get(f"due-own-{name}", "") or chosen.removeprefix("word:"), zone)
    if due is None and request.POST.get(f"sure-{name}") and (promise.due or promise.condition):
        return gate.answer_by_itself(promise, nth=key[1])
    if due is None:
        return None  # the sentence's own date or condition counts; the gate asks where it has neither
    choice = gate.Choice.NEXT_WORD if chosen.startswith("word:") else gate.Choice.PROMISE
    return gate.Answer(quote=key[0], nth=key[1], choice=choice, what=promise.what, due=due)
