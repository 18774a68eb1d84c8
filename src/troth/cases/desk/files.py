"""Files put into an answer while it is written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from troth.cases import actions, queries
from troth.cases.actions.enclosing import FILES_MOST, size_most
from troth.cases.files import download, shown
from troth.cases.models import Case, ReplyFile
from troth.cases.rules.sniffed import IMAGES, TEXT
from troth.cases.tickets import ticket
from troth.people.doors import staff_door
from troth.people.models import Staff
from troth.people.queries import NobodyLeft
from troth.people.rules.roles import May
from troth.people.shell import staff_of


def beside(case: Case, *, staff: Staff, files: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """What the composer is told of files: those that are in, where more go, and how much of them."""
    return {
        "has": [_told(file) for file in files],
        "href": f"{reverse('cases:files', args=[case.pk])}?ticket={ticket(staff.pk)}",
        "size_most": size_most(),
        "most": FILES_MOST,
        "most_words": filesizeformat(size_most()),
    }


def _told(file: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": file["pk"],
        "name": file["name"],
        "size": filesizeformat(file["size"]),
        "href": reverse("cases:file", args=[file["pk"]]),
        "is_image": file["seen_as"] in IMAGES,
    }


def attached(files: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What came or went with a message, as it is shown there: pictures are seen, words can be opened, all can be had."""
    return [
        {
            "name": file["name"],
            "size": filesizeformat(file["size"]),
            "href": reverse("cases:attachment", args=[file["pk"]]),
            "shown_href": reverse("cases:shown", args=[file["pk"]]) if file["seen_as"] in {*IMAGES, TEXT} else None,
            "is_image": file["seen_as"] in IMAGES,
        }
        for file in files
    ]


@require_POST
@staff_door(May.ANSWER)
def put_in(request: HttpRequest, number: int) -> HttpResponse:
    """Keep one file beside the draft; answers with its line, or with words that say why not."""
    staff = staff_of(request)
    case = queries.case_for(staff, number)
    came = request.FILES.get("file")
    if came is None:
        return _refused(_("No file came."), status=422)
    try:
        file = actions.put_in(case, staff=staff, name=came.name or "", content=came.read(), now=timezone.now())
    except actions.EmptyFile:
        return _refused(_("It is empty."), status=422)
    except actions.NoRoom:
        return _refused(no_room_words(), status=413)
    except NobodyLeft:
        return _refused(_("This person was erased; nothing more is sent to them."), status=409)
    return _line(request, file, status=201)


def no_room_words() -> str:
    return ngettext(
        "One letter takes at most %(count)s file, %(size)s together.",
        "One letter takes at most %(count)s files, %(size)s together.",
        FILES_MOST,
    ) % {"count": FILES_MOST, "size": filesizeformat(size_most())}


@require_POST
@staff_door(May.ANSWER)
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a file out, or put it back."""
    staff = staff_of(request)
    file = queries.file_for(staff, pk)
    if request.POST.get("put") != "back":
        actions.take_out(file, now=timezone.now())
        return HttpResponse(status=204)
    try:
        if not actions.put_back(file, staff=staff):
            raise Http404
    except actions.NoRoom:
        return _refused(no_room_words(), status=413)
    except NobodyLeft:
        return _refused(_("This person was erased; nothing more is sent to them."), status=409)
    return _line(request, file, status=200)


@staff_door(May.ANSWER)
def see(request: HttpRequest, pk: int) -> HttpResponse:
    """One's own file, before it leaves."""
    file = queries.file_for(staff_of(request), pk)
    content = bytes(file.blob.content)
    return shown(file.name, content) or download(file.name, content)


def _line(request: HttpRequest, file: ReplyFile, *, status: int) -> HttpResponse:
    plain = {"pk": file.pk, "name": file.name, "size": file.size, "seen_as": file.seen_as}
    return render(request, "cases/_file.html", {"f": _told(plain)}, status=status)


def _refused(words: str, *, status: int) -> HttpResponse:
    return HttpResponse(words, status=status, content_type="text/plain; charset=utf-8")
