"""The same trouble again, on the page of the second time: what was promised the first, and whether it was kept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db.models import Case as Case_
from django.db.models import IntegerField, QuerySet, Value, When
from django.http import HttpRequest, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from troth.cases import actions, queries
from troth.cases.models import Case
from troth.cases.read_sayings import value_words
from troth.cases.rules.corrections import Field
from troth.people.doors import staff_door
from troth.people.rules.roles import May
from troth.people.shell import page_of, staff_of
from troth.promises.models import Promise
from troth.promises.sayings import told_apart
from troth.words.promises import Sort
from troth.words.refs import ref


def first_time_first(promises: QuerySet[Promise], case: Case) -> QuerySet[Promise]:
    """*promises* with those of the first time before all others, so that none of them is beyond what a page reads."""
    if case.again_of_id is None:
        return promises
    earlier = Case_(When(about=ref("case", case.again_of_id), then=Value(0)), default=1, output_field=IntegerField())
    return promises.order_by(earlier, *promises.query.order_by)


def again(case: Case, *, promises: Sequence[Promise]) -> dict[str, Any] | None:
    """What the page says of the first time; None where there was none, or none that its reader may see (queries.with_count).

    *promises* are those to this customer that they see.
    """
    earlier: dict[str, Any] | None = getattr(case, "earlier", None)
    if earlier is None:
        return None
    about = ref("case", earlier["pk"])
    made = [one for one in promises if one.about == about and one.sort == Sort.DEED and one.state != "void"]
    return {
        "denied": case.again_of_id is None,
        "number": earlier["pk"],
        "href": page_of(about),
        "subject": str(Case(pk=earlier["pk"], subject=earlier["subject"])),
        "opened_at": datetime.fromisoformat(earlier["opened_at"]),
        "cause": value_words(Field.CAUSES, case.cause),
        "promises": told_apart(
            [
                {
                    "href": page_of(ref("promise", one.pk)),
                    "quote": one.source_quote or None,
                    "words": one.what,
                    "state": one.state,
                    "due": one.due,
                    "settled": bool(one.done_at or one.settled_at),
                }
                for one in made
            ]
        ),
    }


@require_POST
@staff_door(May.ANSWER)
def say(request: HttpRequest, number: int) -> HttpResponseRedirect:
    """It is another matter, or the same after all."""
    staff, now = staff_of(request), timezone.now()
    case = queries.case_for(staff, number)
    if request.POST.get("same") == "yes":
        if actions.undo_denial(case, by=staff, now=now):
            messages.success(request, _("Noted: it is the same trouble again."))
    elif actions.deny_again(case, by=staff, now=now):
        messages.success(request, _("Noted: it is another matter. You can take that back above."))
    return redirect("cases:case", case.pk)
