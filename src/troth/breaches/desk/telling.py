"""What the people concerned are told: five parts that the law asks for, in each language, to a cohort; whole or not at all."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from troth.breaches import actions, queries, sayings
from troth.breaches.desk.page import breach_for
from troth.breaches.models import Breach
from troth.breaches.rules import contents
from troth.breaches.rules.contents import NAMES, Part
from troth.notices.actions.cohorts import NobodyIsAffected
from troth.notices.actions.telling import NothingToSay, NotNow
from troth.notices.models import Cohort
from troth.people.doors import staff_door
from troth.people.rules.roles import May
from troth.people.shell import desk_values, staff_of, typed


@staff_door(May.LEAD)
def letter(request: HttpRequest, pk: int) -> HttpResponse:
    """The form. It is kept with every press; it is sent only whole."""
    staff, now = staff_of(request), timezone.now()
    breach = breach_for(staff, pk)
    if request.method != "POST":
        draft = queries.draft_letter(breach)
        return _page(request, breach, draft.texts if draft else {}, str(draft.cohort_id or "") if draft else "")
    texts = {
        code: {part.value: typed(request.POST, f"{code}-{part}") for part in Part} for code, _name in NAMES.items()
    }
    chosen = typed(request.POST, "cohort")
    cohort = _cohorts(breach).filter(pk=int(chosen[:18])).first() if chosen.isdecimal() else None
    try:
        actions.write_letter(breach, texts=texts, cohort=cohort, by=staff, now=now)
    except NotNow as error:
        return _page(request, breach, texts, chosen, wrong={"": str(error)}, status=422)
    if "send" not in request.POST:
        messages.success(request, _("Kept. Nobody was told anything."))
        return redirect("breaches:letter", pk)
    try:
        notice = actions.tell(breach, by=staff, now=now)
    except actions.LetterIncomplete as error:
        wrong = {f"id_{code or 'en'}-{part}": _lack(code, part) for code, part in error.missing}
        return _page(request, breach, texts, chosen, wrong=wrong, status=422)
    except (actions.NobodyChosen, NobodyIsAffected) as error:
        words = str(error) or _("Nobody is in this cohort: look at its conditions.")
        return _page(request, breach, texts, chosen, wrong={"id_cohort": words}, status=422)
    except (NotNow, NothingToSay) as error:
        return _page(request, breach, texts, chosen, wrong={"": str(error)}, status=422)
    if notice.sent_at is None:
        messages.success(request, _("It waits for a second person to read it, and leaves when you send it after that."))
    else:
        messages.success(request, _("It is on its way to all of them. Who was reached, its notice shows."))
    return redirect("breaches:breach", pk)


def _lack(code: str, part: Part) -> str:
    words = {"part": sayings.part_words(part), "language": NAMES.get(code, "")}
    if not code:
        return _("“%(part)s” is empty: the law asks us to tell them (Art. 34(2)).") % words
    return _("“%(part)s” in %(language)s is empty or too short: the law asks us to tell them (Art. 34(2)).") % words


def _cohorts(breach: Breach) -> Any:
    return Cohort.objects.filter(about=breach.incident.ref).order_by("-pk")


def _page(
    request: HttpRequest,
    breach: Breach,
    texts: dict[str, Any],
    cohort: str,
    *,
    wrong: dict[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    lacks = contents.missing_parts(texts)
    values = desk_values(
        request,
        here="breaches",
        b={"id": breach.pk, "title": breach.incident.title, "waiting": _waiting(breach)},
        languages=[
            {
                "code": code,
                "name": name,
                "is_begun": any(texts.get(code, {}).values()),
                "parts": [
                    {
                        "name": f"{code}-{part}",
                        "words": sayings.part_words(part),
                        "value": texts.get(code, {}).get(part, ""),
                        "rows": None if part is Part.SUBJECT else 4,
                    }
                    for part in Part
                ],
            }
            for code, name in NAMES.items()
        ],
        missing=[{"id": f"id_{code or 'en'}-{part}", "words": _lack(code, part)} for code, part in lacks],
        cohorts=[("", _("Choose")), *((str(one.pk), _cohort_words(one)) for one in _cohorts(breach)[:50])],
        cohort=cohort,
        cohort_href=_builder(breach),
        wrong=wrong or {},
        errors=[{"id": name, "words": words} for name, words in (wrong or {}).items()],
    )
    return render(request, "breaches/letter.html", values, status=status)


def _waiting(breach: Breach) -> str | None:
    return sayings.span(timezone.now() - breach.high_since) if breach.high_since and not breach.told_at else None


def _cohort_words(cohort: Cohort) -> str:
    name = cohort.name or _("Cohort %(number)s") % {"number": cohort.pk}
    return _("%(name)s, %(count)s frozen") % {"name": name, "count": cohort.count} if cohort.frozen_at else name


def _builder(breach: Breach) -> str:
    """Where a cohort is built."""
    try:
        return f"{reverse('notices:new_cohort')}?about={breach.incident.ref}"
    except NoReverseMatch:
        return ""
