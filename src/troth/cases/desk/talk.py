"""A talk, or a new case."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from troth.cases import actions
from troth.cases.models import Case
from troth.cases.sayings import kind_choices
from troth.people.doors import staff_door
from troth.people.models import Handle
from troth.people.pressed import page_name, pressed_once
from troth.people.rules.addresses import NotAnAddress, email_address
from troth.people.rules.roles import May
from troth.people.shell import desk_values, field_time, local_time, staff_of, typed


@staff_door(May.ANSWER)
@pressed_once
def new(request: HttpRequest) -> HttpResponse:
    """Note a talk on the phone or face to face, with what was promised in it."""
    staff, now = staff_of(request), timezone.now()
    form = {name: typed(request.POST, name).strip() for name in TALK_FIELDS}
    if request.method != "POST":
        form |= {"channel": "phone", "talked_at": field_time(now, staff.zone), "kind": "enquiry"}
        form |= {name: typed(request.GET, name) for name in ("customer", "handle")}
        return _talk_page(request, form, errors=[])
    errors, talked = [], None
    try:
        talked = _talked(form, now=now)
    except NotAnAddress:
        errors.append({"id": "id_handle", "words": _("This is no address or number.")})
    if not form["customer"]:
        errors.append({"id": "id_customer", "words": _("Say who it was.")})
    if not form["subject"]:
        errors.append({"id": "id_subject", "words": _("Say in a few words what it was about.")})
    if not form["body"]:
        errors.append({"id": "id_body", "words": _("Write down what was said.")})
    at = local_time(form["talked_at"], staff.zone) or now
    if at > now + timedelta(minutes=5):
        errors.append({"id": "id_talked_at", "words": _("The talk lies in the future.")})
    due = local_time(form["promise_due"], staff.zone)
    if form["promise"] and (due is None or due <= now):
        errors.append({"id": "id_promise_due", "words": _("Give the promise a date that lies ahead.")})
    if errors or talked is None:
        return _talk_page(request, form, errors=errors, status=422)
    message = actions.open_by_talk(
        talked,
        staff=staff,
        channel=form["channel"] if form["channel"] in {"phone", "talk"} else "talk",
        subject=form["subject"],
        text=form["body"],
        kind=form["kind"] if form["kind"] in Case.Kind.values else Case.Kind.ENQUIRY,
        promised=form["promise"],
        due=due,
        at=min(at, now),
        now=now,
    )
    return redirect("cases:case", message.case_id)


TALK_FIELDS = (
    "customer", "handle", "channel", "subject", "body", "talked_at", "kind", "promise", "promise_due",
)  # fmt: skip


def _talked(form: dict[str, str], *, now: datetime) -> actions.Talked:
    """Who it was: by address or number where one was given, else by the name alone; raises NotAnAddress."""
    address, kind = form["handle"], Handle.Kind.EMAIL
    if not address:
        address, kind = f"{form['customer']} ({now:%Y-%m-%d %H:%M:%S})", Handle.Kind.SOCIAL
    elif known := Handle.objects.filter(address__iexact=address).order_by("pk").first():
        address, kind = known.address, Handle.Kind(known.kind)
    elif "@" in address:
        email_address(address)
    elif any(character.isdigit() for character in address):
        kind = Handle.Kind.PHONE
    else:
        raise NotAnAddress("A number holds digits.")
    return actions.Talked(name=form["customer"], kind=kind, address=address)


def _talk_page(
    request: HttpRequest, form: dict[str, str], *, errors: list[dict[str, str]], status: int = 200
) -> HttpResponse:
    wrong = {f"{error['id'].removeprefix('id_')}_error": error["words"] for error in errors}
    values = desk_values(
        request,
        once=page_name(),
        errors=errors,
        form={**form, **wrong},
        channels=[("phone", _("On the phone")), ("talk", _("Face to face"))],
        kinds=kind_choices(),
        customers=[],
    )
    return render(request, "cases/new.html", values, status=status)
