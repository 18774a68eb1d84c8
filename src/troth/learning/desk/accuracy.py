"""How often what was read is right, by this company's own corrections; what they teach, and to take them along."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from troth.cases import actions, reader
from troth.cases.models import Learned, Rereading
from troth.cases.read_sayings import field_words, none_words, value_words
from troth.cases.rules.corrections import Field
from troth.learning import queries
from troth.learning.rules.measure import Judged, OfField, OfValue, Share, measure
from troth.people.actions import note_security
from troth.people.doors import staff_door
from troth.people.pressed import page_name, pressed_once
from troth.people.rules.roles import May
from troth.people.rules.security import SecurityKind
from troth.people.shell import desk_values, origin_of, staff_of, typed
from troth.reading import VERSION

#: What was learned earlier is listed so far back.
LEARNED_SHOWN = 5


@require_safe
@staff_door(May.LEAD)
def accuracy(request: HttpRequest) -> HttpResponse:
    """Those drawn at random by themselves, and those somebody came across by themselves, for only the first are a fair sample."""
    staff = staff_of(request)
    judged = queries.judged(staff)
    drawn = request.GET.get("of", "drawn" if any(row.drawn for row in judged) else "met") == "drawn"
    version = request.GET.get("version", "")
    of_version = [row for row in judged if row.version == version or not version]
    chosen = [row for row in of_version if row.drawn is drawn]
    page = reverse("learning:accuracy")
    values = desk_values(
        request,
        any=bool(judged),
        ways=[
            _chip(page, _("Drawn at random"), [row for row in of_version if row.drawn], here=drawn, of="drawn", version=version),
            _chip(page, _("Come across"), [row for row in of_version if not row.drawn], here=not drawn, of="met", version=version),
        ],
        drawn=drawn,
        versions=_versions(page, judged, version, drawn=drawn),
        fields=[_field(one) for one in measure(chosen, list(Field))],
        learning=_learning(judged),
        round=_round(),
        once=page_name(),
    )  # fmt: skip
    return render(request, "learning/accuracy.html", values)


@require_POST
@staff_door(May.LEAD)
@pressed_once
def learn(request: HttpRequest) -> HttpResponse:
    """See what learning from the corrections would change; nothing is used yet."""
    try:
        actions.learn(by=staff_of(request), now=timezone.now())
    except actions.NothingToLearn:
        messages.info(request, _("There is nothing to learn from yet. Confirm or correct some readings first."))
    return redirect(f"{reverse('learning:accuracy')}#learning")


@require_POST
@staff_door(May.LEAD)
def use(request: HttpRequest) -> HttpResponse:
    """Read with what was learned from now on, with what was learned earlier, or as shipped."""
    chosen = typed(request.POST, "learned")
    row = Learned.objects.defer("plain").filter(pk=int(chosen[:18])).first() if chosen.isdecimal() else None
    if chosen and row is None:
        raise Http404
    if actions.switch_reader(row, by=staff_of(request), now=timezone.now()):
        messages.success(request, _("Switched. What was read before is read anew in the background."))
    return redirect(f"{reverse('learning:accuracy')}#learning")


@require_safe
@staff_door(May.LEAD, fresh=True)
def export(request: HttpRequest) -> StreamingHttpResponse:
    """Everything somebody looked at, with the words customers wrote, as lines of JSON."""
    staff = staff_of(request)
    note_security(
        kind=SecurityKind.EXPORTED, staff=staff, how="corrections", origin=origin_of(request), now=timezone.now()
    )
    headers = {"Content-Disposition": 'attachment; filename="corrections.jsonl"', "Cache-Control": "no-store"}
    return StreamingHttpResponse(queries.lines(staff), content_type="application/jsonl; charset=utf-8", headers=headers)


def _chip(page: str, words: str, rows: Sequence[Judged], *, here: bool, of: str, version: str) -> dict[str, Any]:
    return {"words": words, "href": _href(page, of, version), "here": here, "count": _messages(rows)}


def _href(page: str, of: str, version: str) -> str:
    return f"{page}?{urlencode({'of': of, 'version': version})}"


def _looks(rows: Sequence[Judged]) -> int:
    """How many times a field was looked at."""
    return sum(row.count for row in rows)


def _messages(rows: Sequence[Judged]) -> int:
    """How many messages were looked at, be it for some of their fields."""
    return max((_looks([row for row in rows if row.field == field]) for field in Field), default=0)


def _versions(page: str, judged: Sequence[Judged], chosen: str, *, drawn: bool) -> list[dict[str, Any]]:
    """By what read the messages; nothing to choose where all of them were read by the same."""
    found = sorted({row.version for row in judged}, reverse=True)
    if len(found) < 2:
        return []
    of = "drawn" if drawn else "met"
    return [
        {"words": words, "href": _href(page, of, version), "here": version == chosen}
        for version, words in [("", _("Every version")), *((one, one or _("unknown")) for one in found)]
    ]


def _field(one: OfField) -> dict[str, Any]:
    field = Field(one.field)
    return {
        "name": one.field,
        "words": field_words(field),
        "share": _share(one.messages),
        "rows": [_value(field, value) for value in one.values],
        "mistakes": [
            {"read": _said(field, value), "was": _said(field, was), "count": count}
            for value, was, count in one.mistakes
        ],
    }


def _value(field: Field, one: OfValue) -> dict[str, Any]:
    return {
        "words": _said(field, one.value),
        "right": one.sure.right + one.guess.right,
        "wrong": one.sure.n + one.guess.n - one.sure.right - one.guess.right,
        "sure": _share(one.sure),
        "guess": _share(one.guess),
        "missed": one.missed,
    }


def _said(field: Field, value: str) -> str:
    return value_words(field, value) if value else none_words(field)


def _share(share: Share) -> dict[str, Any] | None:
    if share.share is None or share.interval is None:
        return None
    low, high = share.interval
    return {"percent": round(share.share * 100), "low": round(low * 100), "high": round(high * 100), "n": share.n}


def _learning(judged: Sequence[Judged]) -> dict[str, Any]:
    rows = list(Learned.objects.select_related("made_by").defer("plain").order_by("-is_on", "-pk")[:LEARNED_SHOWN])
    return {
        "shipped": VERSION,
        "is_on": any(row.is_on for row in rows),
        "corrections": _looks(judged),
        "rows": [
            {
                "id": row.pk,
                "version": row.version,
                "is_on": row.is_on,
                "at": row.made_at,
                "who": row.made_by.name,
                "corrections": row.corrections,
                "verdict": _verdict(row.comparison),
                "fields": [
                    {"words": _learner_words(name), **_compared(one)} for name, one in row.comparison["fields"].items()
                ]
                if row.comparison.get("fields")
                else [],
            }
            for row in rows
        ],
    }


def _compared(comparison: dict[str, Any]) -> dict[str, Any]:
    return {
        "before": round(comparison["before"] * 100),
        "after": round(comparison["after"] * 100),
        "n": comparison["n"],
    }


def _verdict(comparison: dict[str, Any]) -> dict[str, str]:
    one = _compared({"before": 0.0, "after": 0.0, "n": 0, **comparison})
    said = {"before": one["before"], "after": one["after"], "n": one["n"]}
    words = ngettext(
        "%(before)s %% right as shipped, %(after)s %% with it, on one correction it had not seen",
        "%(before)s %% right as shipped, %(after)s %% with it, on %(n)s corrections it had not seen",
        one["n"],
    )
    return {"words": words % said, "tone": "good" if one["after"] > one["before"] else "warn"}


def _learner_words(name: str) -> str:
    fields = {"emotion": Field.EMOTIONS, "kind": Field.KIND, "cause": Field.CAUSES, "urgency": Field.URGENCY}
    return field_words(fields[name]) if name in fields else _("Complaint or not")


def _round() -> dict[str, Any] | None:
    """Where messages are being read anew, how far it is; else when they last were."""
    one = Rereading.objects.order_by("-pk").first()
    if one is None:
        return None
    return {
        "version": one.version,
        "total": max(one.total, one.read),
        "read": one.read,
        "changed": one.changed,
        "ended_at": one.ended_at,
        "now": reader.version(),
    }
