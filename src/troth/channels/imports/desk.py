"""Moving in, for leads: an export handed in, looked through, taken in, stopped, taken back; and the hooks that keep in step."""

from __future__ import annotations

import re
import secrets
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from troth.channels.imports.actions import hooks, movings, undoing
from troth.channels.imports.models import UNDER_WAY, Call, Hook, Moving
from troth.channels.imports.rules.desks import DESKS, NAMES
from troth.people.doors import staff_door
from troth.people.queries import company
from troth.people.rules.roles import May
from troth.people.shell import desk_values, staff_of, typed

SHOWN = 50
_NAME = re.compile(r"[^\w.\- ]+")


def place() -> Path:
    """Where the host puts exports that are too large to hand in."""
    return Path(settings.TROTH_DATA) / "moving" / "in"


@staff_door(May.LEAD)
def movings_page(request: HttpRequest) -> HttpResponse:
    """Every import and every hook."""
    rows = Moving.objects.select_related("by").order_by("-pk")[:SHOWN]
    called = Hook.objects.order_by("source", "name")
    values = desk_values(
        request, movings=[_shown(one) for one in rows], hooks=[_hook_shown(one, request) for one in called]
    )
    return render(request, "imports/list.html", values)


@staff_door(May.LEAD)
def new(request: HttpRequest) -> HttpResponse:
    """Hand in an export, or name one that lies on the server; it is looked through first."""
    source = typed(request.POST, "source") if typed(request.POST, "source") in NAMES else "zendesk"
    since = typed(request.POST, "since")
    problems: dict[str, str] = {}
    if request.method == "POST":
        handed, named = request.FILES.get("file"), typed(request.POST, "lies")
        try:
            since_at = datetime.fromisoformat(since).replace(tzinfo=ZoneInfo(staff_of(request).zone)) if since else None
        except ValueError:
            since_at, problems["since"] = None, _("Write a day such as 2026-01-31.")
        if not handed and named not in _lying():
            problems["file"] = _("Choose a file, or one that lies on the server.")
        if not problems:
            moving = _begin(request, source, handed, named, since_at)
            return redirect("imports:moving", moving.pk)
    values = desk_values(
        request,
        sources=list(NAMES.items()),
        source=source,
        since=since,
        lying=[("", _("none")), *((name, name) for name in _lying())],
        place=str(place()),
        problems=problems,
        errors=[{"id": f"id_{name}", "words": words} for name, words in problems.items()],
    )
    return render(request, "imports/new.html", values, status=422 if problems else 200)


def _lying() -> list[str]:
    """The names of what the host put there; nothing outside of that folder can be named."""
    folder = place()
    return sorted(one.name for one in folder.iterdir() if not one.is_symlink()) if folder.is_dir() else []


def _begin(
    request: HttpRequest, source: str, handed: UploadedFile[bytes] | None, named: str, since: datetime | None
) -> Moving:
    options: dict[str, Any] = {
        "since": since.isoformat() if since else None,
        "sample": bool((found := company()) and found.is_sample),
    }
    if handed:
        folder = Path(settings.TROTH_DATA) / "moving" / secrets.token_hex(8)
        folder.mkdir(mode=0o700, parents=True)
        name = _NAME.sub("_", Path(handed.name or "export").name)[-100:].lstrip(".") or "export"
        with (folder / name).open("wb") as file:
            for piece in handed.chunks(1 << 20):
                file.write(piece)
        path = folder / name
    else:
        name, path = named, place() / named
    options["rejected"] = str(path.with_name(f"{path.name}.rejected"))
    return movings.begin(
        source=source,
        name=name,
        path=str(path),
        is_ours=bool(handed),
        options=options,
        state=Moving.State.TO_LOOK,
        by=staff_of(request),
        now=timezone.now(),
    )


@staff_door(May.LEAD)
def moving(request: HttpRequest, pk: int) -> HttpResponse:
    """One import: how far it is, what was found, what it came to."""
    found = get_object_or_404(Moving, pk=pk)
    troubles = list(found.troubles.order_by("pk")[:SHOWN])
    values = desk_values(
        request,
        m=_shown(found),
        report=found.report,
        account=found.account,
        troubles=[{"place": f"{one.file}:{one.line}", "reason": one.reason} for one in troubles],
        more_troubles=max(0, found.account.get("rejected", 0) - len(troubles)),
    )
    return render(request, "imports/moving.html", values)


@require_POST
@staff_door(May.LEAD)
def take(request: HttpRequest, pk: int) -> HttpResponse:
    """Take it in, or go on with it."""
    if not movings.take(get_object_or_404(Moving, pk=pk), by=staff_of(request), now=timezone.now()):
        messages.info(request, _("It is under way already, or its export is not here any more."))
    return redirect("imports:moving", pk)


@require_POST
@staff_door(May.LEAD)
def stop(request: HttpRequest, pk: int) -> HttpResponse:
    """Let it end after the batch under way."""
    if movings.stop(get_object_or_404(Moving, pk=pk), by=staff_of(request), now=timezone.now()):
        messages.success(request, _("It stops after the tickets it has in hand. What is here stays here."))
    else:
        messages.info(request, _("It had ended already."))
    return redirect("imports:moving", pk)


@require_POST
@staff_door(May.LEAD)
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Have everything taken back that it brought and nobody went on with."""
    if not undoing.take_back(get_object_or_404(Moving, pk=pk), by=staff_of(request)):
        messages.info(request, _("There is nothing to take back, or it is under way: then stop it first."))
    return redirect("imports:moving", pk)


# Hooks


@staff_door(May.RUN)
def new_hook(request: HttpRequest) -> HttpResponse:
    """An address for another desk to call, and the secret it signs with."""
    source = typed(request.POST, "source") if typed(request.POST, "source") in DESKS else "zendesk"
    problems: dict[str, str] = {}
    if request.method == "POST":
        try:
            made = hooks.make_hook(
                source=source,
                name=typed(request.POST, "name"),
                secret=typed(request.POST, "secret"),
                by=staff_of(request),
                now=timezone.now(),
            )
            messages.success(request, _("Now have the other desk call the address below."))
            return redirect("imports:hook", made.pk)
        except hooks.NothingToKeepIn as reason:
            problems["secret"] = str(reason)
    values = desk_values(
        request,
        sources=[(name, NAMES[name]) for name in DESKS],
        source=source,
        name=typed(request.POST, "name"),
        problems=problems,
        errors=[{"id": f"id_{name}", "words": words} for name, words in problems.items()],
    )
    return render(request, "imports/new_hook.html", values, status=422 if problems else 200)


@staff_door(May.LEAD)
def hook(request: HttpRequest, pk: int) -> HttpResponse:
    """One hook: where it is called, when it last was, and what came of it."""
    found = get_object_or_404(Hook, pk=pk)
    calls = Call.objects.filter(hook=found).defer("body").order_by("-pk")[:SHOWN]
    words = {
        Call.State.WAITING: (_("Waits to be read"), "calm"),
        Call.State.TAKEN: (_("Taken in"), "good"),
        Call.State.NOTHING: (_("Nothing new in it"), None),
        Call.State.UNREADABLE: (_("Could not be read"), "alarm"),
    }
    rows = [{"at": one.at, "words": words[Call.State(one.state)], "problem": one.problem} for one in calls]
    return render(request, "imports/hook.html", desk_values(request, h=_hook_shown(found, request), calls=rows))


@require_POST
@staff_door(May.RUN)
def switch_hook(request: HttpRequest, pk: int) -> HttpResponse:
    """Listen to it or not."""
    found, on = get_object_or_404(Hook, pk=pk), request.POST.get("on") == "yes"
    hooks.switch(found, on=on, by=staff_of(request), now=timezone.now())
    return redirect("imports:hook", pk)


# Shown


def _shown(one: Moving) -> dict[str, Any]:
    words, tone = {
        Moving.State.TO_LOOK: (_("Being looked through"), "calm"),
        Moving.State.LOOKED: (_("Looked through"), None),
        Moving.State.TO_TAKE: (_("Being taken in"), "calm"),
        Moving.State.TO_UNDO: (_("Being taken back"), "calm"),
        Moving.State.STOPPED: (_("Stopped"), "warn"),
        Moving.State.DONE: (_("Taken in"), "good"),
        Moving.State.FAILED: (_("Cannot be read"), "alarm"),
        Moving.State.UNDONE: (_("Taken back"), None),
    }[Moving.State(one.state)]
    done, whole = one.progress.get("done", 0), one.progress.get("whole", 0)
    return {
        "id": one.pk,
        "source": NAMES.get(one.source, one.source),
        "name": one.name,
        "state": one.state,
        "words": words,
        "tone": tone,
        "by": one.by.name if one.by else _("at the terminal"),
        "made_at": one.made_at,
        "moved_at": one.moved_at,
        "is_under_way": one.state in UNDER_WAY,
        "share": round(100 * done / whole) if whole else 0,
        "waits": one.state in UNDER_WAY and one.progress.get("stage") == "waits",
        "may_take": bool(one.path) and one.state in {"looked", "stopped", "failed", "done"},
        "may_undo": one.state in {"stopped", "failed", "done"} and bool(one.account.get("new")),
        "new": one.account.get("new", 0),
        "problem": one.problem,
    }


def _hook_shown(one: Hook, request: HttpRequest) -> dict[str, Any]:
    return {
        "id": one.pk,
        "source": NAMES[one.source],
        "name": one.name,
        "is_on": one.is_on,
        "heard": one.heard,
        "heard_at": one.heard_at,
        "refused": one.refused,
        "refused_at": one.refused_at,
        "url": request.build_absolute_uri(f"/moving-in/hooks/{one.source}/{one.pk}/"),
    }
