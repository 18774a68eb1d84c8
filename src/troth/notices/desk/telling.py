"""A notice while it is told, and after: how far it has come, who could not be reached, and what can be done about it."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from troth.notices.actions import telling
from troth.notices.actions.cohorts import NobodyIsAffected
from troth.notices.actions.making import HOLD
from troth.notices.by_hand import by_hand, letters_pdf, of_hand
from troth.notices.letters import preview
from troth.notices.models import Notice, Recipient, Sort, State, Told
from troth.notices.queries import Progress, answered, progress, told_lately
from troth.notices.seen import notice_for
from troth.notices.told_sayings import how_words, sort_words, state_words, told_words
from troth.people import paper
from troth.people.doors import staff_door
from troth.people.models import Staff
from troth.people.rules.roles import May
from troth.people.shell import desk_values, page_of, staff_of, typed
from troth.post.queries import perhaps_twice
from troth.words.refs import ref
from troth.words.sheets import guarded

#: So many of those who could not be reached are shown; the files have all of them.
SHOWN = 50
#: From the states in which something is still going on.
GOES_ON = {State.SENDING, State.PAUSED}


@staff_door(May.READ)
def notice_page(request: HttpRequest, pk: int) -> HttpResponse:
    return _shown(request, notice_for(staff_of(request), pk))


@require_POST
@staff_door(May.ANSWER)
def act(request: HttpRequest, pk: int) -> HttpResponse:
    """Read it as the second, send it, take it back, pause, resume, stop it, or change its pace."""
    staff, now = staff_of(request), timezone.now()
    notice = notice_for(staff, pk)
    what = typed(request.POST, "act")
    doing: dict[str, tuple[Callable[..., Notice], str]] = {
        "second": (telling.second, _("You read it: it can be sent now.")),
        "send": (telling.send, _("It is on its way. For ten seconds it can be taken back.")),
        "take_back": (telling.take_back, _("Taken back: nobody was told anything.")),
        "pause": (telling.pause, _("Paused: no more letters begin to leave.")),
        "resume": (telling.resume, _("It goes on.")),
        "stop": (telling.stop, _("Stopped. Whoever was not told yet is not told by this notice.")),
    }
    if what == "pace":
        return _pace(request, notice)
    if what not in doing or (what == "send" and notice.sort == Sort.BREACH):
        raise Http404
    do, words = doing[what]
    try:
        do(notice, by=staff, now=now)
    except telling.NotNow as error:
        messages.info(request, str(error))
    except NobodyIsAffected:
        messages.error(request, _("Nobody is in its cohort: look at the conditions."))
    else:
        messages.success(request, words)
    return _back(notice)


def _pace(request: HttpRequest, notice: Notice) -> HttpResponse:
    many = typed(request.POST, "per_domain").strip()
    if not many.isdecimal() or len(many) > 6:
        error = {"id": "id_per_domain", "words": _("Write how many letters a minute, or 0 for as many as go.")}
        return _shown(request, notice, status=422, pace={"errors": [error], "per_domain": many})
    try:
        telling.throttle(notice, per_domain=int(many))
    except telling.NotNow as error:
        messages.info(request, str(error))
    else:
        messages.success(request, _("So many go to one domain from now on."))
    return _back(notice)


@require_POST
@staff_door(May.ANSWER)
def told_by_hand(request: HttpRequest, pk: int, recipient: int) -> HttpResponse:
    """Somebody told them by a letter on paper, or a call."""
    staff = staff_of(request)
    notice = notice_for(staff, pk)
    row = Recipient.objects.filter(notice=notice, pk=recipient).first()
    if row is None:
        raise Http404
    note = typed(request.POST, "note").strip()
    if not note:
        error = {"id": f"note-{row.pk}", "words": _("Note how they were told, such as: letter posted on Friday.")}
        return _shown(request, notice, status=422, hand={"errors": [error], "recipient": row.pk})
    if telling.told_by_hand(row, note=note, by=staff, now=timezone.now()):
        messages.success(request, _("Noted: they are told."))
    else:
        messages.info(request, _("It is known already that they were told."))
    return _back(notice)


@staff_door(May.LEAD)
def letters_csv(request: HttpRequest, pk: int) -> StreamingHttpResponse:
    """Everybody who is to be told by hand, as a table for a mail merge; no cell is a formula."""
    notice = notice_for(staff_of(request), pk)
    answer = StreamingHttpResponse(_lines(notice), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="notice-{notice.pk}-by-hand.csv"'
    answer["Cache-Control"] = "private, no-store"
    return answer


def _lines(notice: Notice) -> Iterator[bytes]:
    head = ["recipient", "name", "ways", "tried", "subject", "words"]
    yield _line(head)
    for one in by_hand(notice):
        tried = "; ".join(f"{each['address']}: {how_words(each['how'])}" for each in one.tried)
        yield _line([ref("recipient", one.pk), one.name, "; ".join(one.ways), tried, one.subject, one.text])


def _line(cells: list[str]) -> bytes:
    line = io.StringIO()
    csv.writer(line).writerow([guarded(cell) for cell in cells])
    return line.getvalue().encode()


@staff_door(May.LEAD)
def letters_paper(request: HttpRequest, pk: int) -> HttpResponse:
    """The letters to print and post, one to a page."""
    notice = notice_for(staff_of(request), pk)
    content = letters_pdf(notice, now=timezone.now())
    return paper.response(content, name=f"notice-{notice.pk}-by-hand.pdf")


def _back(notice: Notice) -> HttpResponseRedirect:
    return redirect("notices:notice", notice.pk)


def _shown(request: HttpRequest, notice: Notice, *, status: int = 200, **said: Any) -> HttpResponse:
    staff, now = staff_of(request), timezone.now()
    notice.refresh_from_db(fields=["state", "per_domain", "sent_at", "done_at", "made_up_to"])
    stands = progress(notice)
    rows = list(of_hand(notice)[: SHOWN + 1])
    values: dict[str, Any] = desk_values(
        request,
        now=now,
        n=_whole(notice, stands, now=now, staff=staff),
        states=[(told_words(state), count, state) for state, count in stands.by_state.items() if count],
        unreached=[_unreached(row) for row in rows[:SHOWN]],
        more=len(rows) > SHOWN,
        preview=preview(notice, now=now),
        pace={"errors": [], "per_domain": str(notice.per_domain)},
        hand={"errors": [], "recipient": None},
    )
    for name, given in said.items():
        values[name] = {**values[name], **given}
    return render(request, "notices/notice.html", values, status=status)


def _whole(notice: Notice, stands: Progress, *, now: datetime, staff: Staff) -> dict[str, Any]:
    may_act, may_lead = staff.may(May.ANSWER), staff.may(May.LEAD)
    words, tone = state_words(notice.state)
    rate = told_lately(notice, now=now)
    begins_at = notice.sent_at + HOLD if notice.sent_at else None
    waits = may_act and notice.state in {State.DRAFT, State.PROPOSED}
    unread = notice.needs_second and notice.second_at is None
    is_held = notice.state == State.SENDING and begins_at is not None and now < begins_at
    return {
        "id": notice.pk,
        "title": sort_words(notice.sort),
        "state": {"words": words, "tone": tone},
        "about": notice.about,
        "about_href": page_of(notice.about),
        "cohort": notice.cohort_id,
        "cohort_name": notice.cohort.name,
        "is_duty": notice.is_duty,
        "happened_at": notice.happened_at,
        "sent_at": notice.sent_at,
        "done_at": notice.done_at,
        "writer": notice.written_by.name if notice.written_by else "",
        "second": notice.second_by.name if notice.second_by else "",
        "of": stands.of,
        "told": stands.told,
        "left": stands.left,
        "settled": stands.of - stands.left,
        "rate": rate,
        "minutes": round(stands.left / rate) if rate and stands.left else None,
        "goes_on": notice.state in GOES_ON or (notice.state == State.DONE and stands.left > 0),
        "begins_at": begins_at if is_held else None,
        "waits": unread and notice.state in {State.DRAFT, State.PROPOSED},
        "can": {
            "second": waits and unread and notice.written_by_id != staff.pk,
            # What the law wants told of a breach is looked at on its own page, and sent from there.
            "send": waits and not unread and notice.sort != Sort.BREACH,
            "take_back": may_act and is_held,
            "pause": may_act and notice.state == State.SENDING,
            "resume": may_act and notice.state == State.PAUSED,
            "stop": may_act and notice.state in GOES_ON,
            "pace": may_act and notice.state in GOES_ON,
            "hand": may_act,
            "files": may_lead,
        },
        "answered": answered(notice),
        "twice": perhaps_twice(because=ref("notice", notice.pk)),
        "by_hand": stands.by_state[Told.UNREACHABLE] + stands.by_state[Told.UNCLEAR],
    }


def _unreached(row: Recipient) -> dict[str, Any]:
    customer = row.member.customer
    return {
        "id": row.pk,
        "name": (row.member.name or (str(customer) if customer else "")) or row.member.address,
        "href": page_of(ref("customer", row.member.customer_id)) if row.member.customer_id else "",
        "state": told_words(row.state),
        "is_unclear": row.state == Told.UNCLEAR,
        "tried": [f"{each['address']}: {how_words(each['how'])}" for each in row.tried]
        or [_("No address of theirs is known.")],
    }
