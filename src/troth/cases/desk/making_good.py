"""What is done to make a case good: what its customer asks for is noted, and a remedy offered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from troth.cases import queries
from troth.cases.desk import page
from troth.cases.desk.composer import Said
from troth.cases.models import Case
from troth.people.doors import staff_door
from troth.people.pressed import pressed_once
from troth.people.queries import NobodyLeft
from troth.people.rules.roles import May
from troth.people.shell import staff_of, typed
from troth.promises.models import Promise
from troth.remedies import actions
from troth.remedies.models import Remedy
from troth.remedies.rules.money import Money, NotMoney, money
from troth.words.refs import ref
from troth.words.remedies import Remedy as Sort
from troth.words.remedies import State

DAYS_MOST = 250
NAMES = ("sort", "what", "amount", "currency", "days", "promise", "asks")


@require_POST
@staff_door(May.ANSWER)
@pressed_once
def remedy(request: HttpRequest, number: int) -> HttpResponse:
    """Note what the customer asks for, or offer something."""
    staff, now = staff_of(request), timezone.now()
    case = queries.case_for(staff, number)
    said: dict[str, Any] = {name: typed(request.POST, name).strip()[:2000] for name in NAMES}
    errors: list[dict[str, str]] = []
    found = _money(said, errors)
    days = int(said["days"]) if said["days"].isdecimal() and len(said["days"]) < 4 else 0
    if said["sort"] not in set(Sort):
        errors.append({"id": "remedy_sort", "words": _("Choose what it is.")})
    if not 1 <= days <= DAYS_MOST:
        errors.append({"id": "remedy_days", "words": _("Write 1 to %(most)s working days.") % {"most": DAYS_MOST}})
    common = {"about": ref("case", case.pk), "customer": case.customer, "team_id": case.team_id or staff.team_id}
    words = {"sort": said["sort"], "what": said["what"], "money": found}
    try:
        if not errors and said["asks"] == "seek":
            actions.seek(**common, **words, by=staff, now=now)  # type: ignore[arg-type] # the keywords are those of seek
            messages.success(request, _("Noted that they ask for it."))
            return redirect("cases:case", number)
        if not errors:
            row = actions.offer(
                **common,  # type: ignore[arg-type] # the same
                **words,
                days=days,
                asks=said["asks"] != "no",
                sought=_sought(case, said["sort"]),
                promise=_promise(case, said["promise"]),
                by=staff,
                now=now,
            )
            messages.success(request, _done(row))
            return redirect("cases:case", number)
    except NobodyLeft:
        errors.append({"id": "", "words": _("This customer was erased: nothing more can be offered to them.")})
    except actions.NotTheirs:
        errors.append({"id": "remedy_promise", "words": _("Choose a promise that is still owed.")})
    except actions.NotNow:
        errors.append({"id": "", "words": _("Somebody was quicker. Look again.")})
    return page.show(request, case, said=Said(remedy={**said, "errors": errors, "open": True}), status=422)


def _money(said: Mapping[str, str], errors: list[dict[str, str]]) -> Money | None:
    if not said["amount"]:
        return None
    try:
        return money(said["amount"], said["currency"])
    except NotMoney as why:
        errors.append({"id": "remedy_currency" if "currency" in str(why) else "remedy_amount", "words": str(why)})
        return None


def _sought(case: Case, sort: str) -> Remedy | None:
    return Remedy.objects.filter(about=ref("case", case.pk), state=State.SOUGHT, sort=sort).first()


def _promise(case: Case, number: str) -> Promise | None:
    """What a reply in this case promised already, if it was chosen; raises NotTheirs where it is none of this customer's."""
    if not number:
        return None
    pk = int(number) if number.isdecimal() and len(number) < 18 else 0
    found = Promise.objects.filter(pk=pk, customer__root_id=case.customer.root_pk).first()
    if found is None:
        raise actions.NotTheirs("This is no promise to this customer.")
    return found


def _done(row: Remedy) -> str:
    if row.state == State.WAITING:
        return _(
            "It is beyond your authority, so it waits for somebody who has it. The customer has heard nothing yet."
        )
    if row.state == State.OFFERED:
        return _("Offered. They are told, and can say yes or no on their page.")
    return _("Owed from now on, with its date.")
