"""Saying what is so: written by fields or as one text, looked at while it is typed, shown as each reader gets it, sent in one act."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from troth.incidents import actions, queries
from troth.incidents.desk.beginning import next_words
from troth.incidents.desk.page import cohorts_shown
from troth.incidents.models import Draft, Entry, Incident, State
from troth.incidents.rules import writing
from troth.incidents.rules.texts import words_of
from troth.incidents.rules.writing import FIELDS
from troth.incidents.rules.writing_words import LANGUAGES
from troth.incidents.sayings import kind_words
from troth.incidents.writing_sayings import field_words, help_words, missing_words, well_words
from troth.notices.actions.cohorts import NobodyIsAffected
from troth.notices.actions.telling import NothingToSay, NotNow
from troth.notices.rules.phrases import phrases
from troth.people.doors import staff_door
from troth.people.models import Staff
from troth.people.queries import company_name, hours_of
from troth.people.rules.roles import May
from troth.people.shell import desk_values, field_time, local_time, staff_of, typed
from troth.promises.actions import DateAlreadyPassed
from troth.promises.letters import spoken

#: What can be said from this page; the rest has pages of its own.
KINDS = (Entry.Kind.BEGAN, Entry.Kind.UPDATE, Entry.Kind.ENDED, Entry.Kind.RECURRED, Entry.Kind.PREVENTED)
#: What can be said while it goes on, and what once it is over.
OPEN_KINDS, OVER_KINDS = KINDS[:4], (Entry.Kind.PREVENTED,)
NAMES = {"en": "English", "de": "Deutsch"}
#: So many languages at once.
TEXTS_MOST = 8


@staff_door(May.ANSWER)
def write(request: HttpRequest, pk: int) -> HttpResponse:
    """The editor; every change is kept as a draft, also the one that is refused."""
    staff, now = staff_of(request), timezone.now()
    incident = queries.incident_for(staff, pk)
    if request.method != "POST":
        return _page(request, incident, _open(incident, staff, typed(request.GET, "kind"), now=now))
    draft = actions.keep_draft(incident, by=staff, now=now, **_typed(request, incident, staff))
    if request.headers.get("HX-Request"):
        return render(request, "incidents/_looked.html", _looked(draft, incident, staff, now=now))
    do = typed(request.POST, "do")
    if do == "throw":
        actions.throw_away(draft)
        messages.info(request, _("Thrown away."))
        return redirect("incidents:incident", pk)
    if do == "propose":
        actions.propose_draft(draft, now=now)
        messages.success(request, _("Kept, and waits for a colleague who reads it."))
        return redirect("incidents:incident", pk)
    if do == "send":
        return _sent(request, incident, draft, staff, now=now)
    return _page(request, incident, draft)


def _sent(request: HttpRequest, incident: Incident, draft: Draft, staff: Staff, *, now: datetime) -> HttpResponse:
    errors = _lacking(draft, now=now)
    if not errors:
        try:
            entry = actions.send_draft(draft, by=staff, now=now, zone=zone_of(incident))
        except actions.NeedsSecond as error:
            errors = [{"id": "propose", "words": str(error)}]
        except WRONG as error:
            errors = [{"id": _at(error), "words": str(error)}]
        else:
            messages.success(
                request,
                _("Said. It stands in the timeline, and the letters leave from now on.")
                if entry.notices
                else _("Said. It stands in the timeline."),
            )
            return redirect("incidents:incident", incident.pk)
    incident.refresh_from_db()
    return _page(request, incident, draft, errors=errors, status=422)


WRONG = (
    actions.EmptyWords, actions.NotYetSo, actions.NoNextWord, actions.NotOpen, actions.ToldToNobody, actions.EndNotTold,
    actions.GoneAlready, DateAlreadyPassed, NothingToSay, NotNow, NobodyIsAffected,
)  # fmt: skip


def _at(error: Exception) -> str:
    """The field where it is mended."""
    if isinstance(error, actions.NotYetSo):
        return "happened_at"
    if isinstance(error, actions.NoNextWord | DateAlreadyPassed):
        return "next_word_at"
    if isinstance(error, actions.ToldToNobody | actions.EndNotTold | NotNow | NobodyIsAffected):
        return "whom"
    return "text-0-happened"


def _lacking(draft: Draft, *, now: datetime) -> list[dict[str, str]]:
    """What keeps it from being sent, before it is tried; blanks above all."""
    found = []
    for at, text in enumerate(draft.texts):
        words = words_of(text, guided=draft.guided, next_word_at=None, zone="UTC")
        blank = next(
            (one for one in writing.look(words, kind=draft.kind) if not one.is_well and one.point == "blank"), None
        )
        if blank:
            field = (
                next((name for name in FIELDS if blank.quote in text.get(name, "")), "words")
                if draft.guided
                else "words"
            )
            found.append({"id": f"text-{at}-{field}", "words": missing_words(blank)})
        if words and draft.cohorts and not text.get("subject", "").strip():
            found.append({"id": f"text-{at}-subject", "words": _("Write a subject: letters have one.")})
    if draft.kind != Entry.Kind.ENDED and draft.next_word_at and draft.next_word_at <= now:
        found.append({"id": "next_word_at", "words": _("The next word must lie ahead.")})
    return found


def _open(incident: Incident, staff: Staff, kind: str, *, now: datetime) -> Draft:
    """What *staff* is writing already, or a fresh beginning; nothing is kept before something is typed."""
    kept = Draft.objects.filter(incident=incident, by=staff, sent_at=None).first()
    chosen = kind if kind in set(KINDS) else ""
    if kept:
        kept.kind = chosen or kept.kind
        return kept
    if incident.state == State.OPEN:
        chosen = chosen or (Entry.Kind.UPDATE if incident.said_at else Entry.Kind.BEGAN)
    else:
        chosen = Entry.Kind.PREVENTED
    told = queries.cohorts_told(incident)
    here = [one["id"] for one in cohorts_shown(incident)]
    return Draft(
        incident=incident,
        kind=chosen or Entry.Kind.UPDATE,
        by=staff,
        texts=[{"language": "en", "subject": incident.title}],
        in_public=incident.is_public,
        cohorts=sorted(told) or here,
        happened_at=incident.happened_at if chosen == Entry.Kind.BEGAN else now,
        next_word_at=next_words(staff, now=now, team_id=incident.team_id)[0],
        needs_second=False,
        changed_at=now,
    )


def _kinds(incident: Incident) -> tuple[Entry.Kind, ...]:
    """What can be said of it as it stands: that it came back, only of what did."""
    if incident.state != State.OPEN:
        return OVER_KINDS
    came_back = incident.watches.filter(state="broken").exists()
    return OPEN_KINDS if came_back else OPEN_KINDS[:3]


def _typed(request: HttpRequest, incident: Incident, staff: Staff) -> dict[str, Any]:
    """What the form holds; a language is added or taken out by a button."""
    count = min(int(typed(request.POST, "texts") or "1"), TEXTS_MOST) if typed(request.POST, "texts").isdecimal() else 1
    texts: list[dict[str, str]] = [
        {name: typed(request.POST, f"text-{at}-{name}") for name in ("language", "subject", "words", *FIELDS)}
        for at in range(count)
    ]
    guided, do = typed(request.POST, "guided") != "0", typed(request.POST, "do")
    if do.startswith("add-") and do[4:] in LANGUAGES and len(texts) < TEXTS_MOST:
        texts.append({"language": do[4:], "subject": texts[0]["subject"] if texts else ""})
    elif do.startswith("out-") and do[4:].isdecimal() and len(texts) > 1:
        texts = [text for at, text in enumerate(texts) if at != int(do[4:])]
    elif do == "as-text" and guided:
        # What stands in the fields goes along; back in the fields it is there again.
        for text in texts:
            text["words"] = text["words"] or writing.composed(text)
        guided = False
    elif do == "as-fields":
        guided = True
    kind = typed(request.POST, "kind")
    mine = {str(one["id"]): one["id"] for one in cohorts_shown(incident)}
    return {
        "kind": kind if kind in set(KINDS) else Entry.Kind.UPDATE,
        "guided": guided,
        "texts": texts,
        "in_public": bool(request.POST.get("in_public")),
        "cohorts": [mine[one] for one in request.POST.getlist("cohorts") if one in mine],
        "untold": typed(request.POST, "untold"),
        "happened_at": local_time(typed(request.POST, "happened_at"), staff.zone),
        "next_word_at": local_time(typed(request.POST, "next_word_at"), staff.zone),
        "needs_second": bool(request.POST.get("needs_second")),
    }


def zone_of(incident: Incident) -> str:
    """In which moments are told to those affected: the zone of the company's hours, or the team's."""
    return hours_of(incident.team_id).zone


def _looked(draft: Draft, incident: Incident, staff: Staff, *, now: datetime) -> dict[str, Any]:
    """The values of `incidents/_looked.html`: how the words stand, and how each reader gets them."""
    zone = zone_of(incident)
    is_last = draft.kind == Entry.Kind.ENDED or incident.state != State.OPEN
    next_at = None if is_last else draft.next_word_at
    texts = [_text(text, draft, next_at=next_at, zone=zone) for text in draft.texts]
    return {
        "looked": texts,
        "previews": [
            _preview(text, words["spoken"], draft, zone=zone, now=now)
            for text, words in zip(draft.texts, texts, strict=True)
            if words["spoken"]
        ],
        "kept_at": draft.changed_at if draft.pk else None,
        "zone": staff.zone,
        "now": now,
    }


def _text(text: Mapping[str, str], draft: Draft, *, next_at: datetime | None, zone: str) -> dict[str, Any]:
    language = text.get("language", "en")
    words = words_of(text, guided=draft.guided, next_word_at=next_at, zone=zone)
    looked = writing.look(words, kind=draft.kind, language=language, next_given=draft.guided and next_at is not None)
    at = next(index for index, one in enumerate(draft.texts) if one is text)
    return {
        "language": NAMES.get(language, language),
        "spoken": words,
        "well": [said for one in looked if one.is_well and (said := well_words(one.point))],
        "checks": [
            {
                "name": one.point.value,
                "words": missing_words(one),
                "help": help_words(one.point),
                "suggestion": writing.put_in(
                    one.point, kind=draft.kind, language=language, next_word_at=next_at, zone=zone
                ),
                "into": _field_for(one.point, at, guided=draft.guided),
            }
            for one in writing.advice(looked, words)
        ],
    }


def _field_for(point: writing.Point, at: int, *, guided: bool) -> str:
    if not guided:
        return f"text-{at}-words"
    return f"text-{at}-{point.value if point.value in FIELDS else 'sorry'}"


def _preview(text: Mapping[str, str], words: str, draft: Draft, *, zone: str, now: datetime) -> dict[str, Any]:
    """As a letter, on the public page, and on the page of who is affected."""
    said = phrases(text.get("language", "en"))
    happened = draft.happened_at or now
    return {
        "language": NAMES.get(text.get("language", "en"), text.get("language", "en")),
        "subject": text.get("subject", ""),
        "hello": said.hello.format(name=_("Ann Example")),
        "words": words,
        "times": said.times.format(happened=spoken(happened, zone), said=spoken(now, zone)),
        "answer": said.answer,
        "company": company_name(),
        "by_mail": bool(draft.cohorts),
        "in_public": draft.in_public,
        "title": kind_words(draft.kind),
        "happened_at": happened,
        "said_at": now,
    }


def _page(
    request: HttpRequest,
    incident: Incident,
    draft: Draft,
    *,
    errors: list[dict[str, str]] | None = None,
    status: int = 200,
) -> HttpResponse:
    staff, now = staff_of(request), timezone.now()
    told = queries.cohorts_told(incident)
    languages = {text.get("language", "en") for text in draft.texts}
    must_read = actions.wants_second(draft)
    values = desk_values(
        request,
        now=now,
        i={"id": incident.pk, "title": incident.title, "is_open": incident.state == State.OPEN},
        d={
            "kind": draft.kind,
            "kind_words": kind_words(draft.kind),
            "guided": draft.guided,
            "texts": [
                {**text, "at": at, "name": NAMES.get(text.get("language", "en"), text.get("language", "en"))}
                for at, text in enumerate(draft.texts)
            ],
            "in_public": draft.in_public,
            "untold": draft.untold,
            "happened_at": field_time(draft.happened_at, staff.zone),
            "next_word_at": field_time(draft.next_word_at, staff.zone),
            "needs_second": draft.needs_second,
            "must_read": must_read,
            "given_back": draft.given_back,
            "ends": draft.kind == Entry.Kind.ENDED,
        },
        kinds=[(kind.value, kind_words(kind)) for kind in _kinds(incident)],
        fields=[{"name": name, "words": words, "hint": hint} for name, (words, hint) in field_words().items()],
        cohorts=[
            {**one, "chosen": one["id"] in draft.cohorts, "was_told": one["id"] in told}
            for one in cohorts_shown(incident)
        ],
        more_languages=[(language, NAMES[language]) for language in LANGUAGES if language not in languages],
        offers=[
            {"value": field_time(at, staff.zone), "words": spoken(at, staff.zone)}
            for at in next_words(staff, now=now, team_id=incident.team_id)
        ],
        errors=errors or [],
        wrong={error["id"]: error["words"] for error in errors or []},
        **{
            name: value
            for name, value in _looked(draft, incident, staff, now=now).items()
            if name not in {"zone", "now"}
        },
    )
    return render(request, "incidents/write.html", values, status=status)


@staff_door(May.ANSWER)
def read_draft(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """What a colleague proposes, as each reader gets it: it is sent from here, or given back with a word."""
    incident, draft = _proposed(request, pk, number)
    return _reading(request, incident, draft)


@require_POST
@staff_door(May.ANSWER)
def answer_draft(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    staff, now = staff_of(request), timezone.now()
    incident, draft = _proposed(request, pk, number)
    if typed(request.POST, "do") == "back":
        words = typed(request.POST, "words").strip()
        if not words:
            return _reading(request, incident, draft, error=_("Say what you would have otherwise."), status=422)
        actions.give_back(draft, words=words)
        messages.info(request, _("Given back, with your words."))
        return redirect("incidents:incident", pk)
    errors = _lacking(draft, now=now)
    if errors:
        return _reading(request, incident, draft, error=errors[0]["words"], status=422)
    try:
        actions.send_draft(draft, by=staff, now=now, zone=zone_of(incident))
    except (actions.NeedsSecond, *WRONG) as error:
        return _reading(request, incident, draft, error=str(error), status=422)
    messages.success(request, _("Said. It stands in the timeline."))
    return redirect("incidents:incident", pk)


def _proposed(request: HttpRequest, pk: int, number: int) -> tuple[Incident, Draft]:
    incident = queries.incident_for(staff_of(request), pk)
    draft = (
        Draft.objects.select_related("by__team", "incident")
        .filter(pk=number, incident=incident, sent_at=None, proposed_at__isnull=False)
        .first()
    )
    if draft is None:
        raise Http404
    return incident, draft


def _reading(
    request: HttpRequest, incident: Incident, draft: Draft, *, error: str = "", status: int = 200
) -> HttpResponse:
    staff, now = staff_of(request), timezone.now()
    cohorts = [one["name"] for one in cohorts_shown(incident) if one["id"] in draft.cohorts]
    values = desk_values(
        request,
        now=now,
        i={"id": incident.pk, "title": incident.title},
        d={
            "id": draft.pk,
            "kind_words": kind_words(draft.kind),
            "by": draft.by.name,
            "is_mine": draft.by_id == staff.pk,
            "proposed_at": draft.proposed_at,
            "cohorts": cohorts,
            "in_public": draft.in_public,
            "untold": draft.untold,
            "next_word_at": None if draft.kind == Entry.Kind.ENDED else draft.next_word_at,
        },
        errors=[{"id": "back_words", "words": error}] if error else [],
        **{
            name: value
            for name, value in _looked(draft, incident, staff, now=now).items()
            if name not in {"zone", "now"}
        },
    )
    return render(request, "incidents/draft.html", values, status=status)
