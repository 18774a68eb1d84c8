"""Lists of people that staff hand in: kept line by line, with what could not be made of each. Nobody is told by it."""

from __future__ import annotations

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from troth.notices import members
from troth.notices.actions import uploading
from troth.notices.models import Upload
from troth.notices.rules.listed import LINES_MOST
from troth.notices.sayings import problem_words
from troth.orders.rules.table import NotATable
from troth.people.doors import staff_door
from troth.people.rules.roles import May
from troth.people.shell import desk_values, staff_of

FILE_MOST = 64 * 1024 * 1024


@staff_door(May.ANSWER)
def lists(request: HttpRequest) -> HttpResponse:
    """The lists there are, and the form that takes in another."""
    if request.method != "POST":
        return _page(request)
    file = request.FILES.get("file")
    if not isinstance(file, UploadedFile):
        return _page(request, problem=_("Choose a file."))
    if (file.size or 0) > FILE_MOST:
        return _page(request, problem=_("The file is larger than 64 MB: hand it in as several."))
    try:
        made = uploading.upload(name=file.name or "", raw=file.read(), by=staff_of(request), now=timezone.now())
    except uploading.NothingInIt:
        return _page(request, problem=_("There is no line in it that could name anybody."))
    except uploading.TooLong:
        return _page(
            request, problem=_("At most %(most)s lines are read: hand it in as several.") % {"most": LINES_MOST}
        )
    except NotATable as error:
        return _page(request, problem=str(error))
    return redirect("notices:list", made.pk)


def _page(request: HttpRequest, *, problem: str = "") -> HttpResponse:
    values = desk_values(
        request,
        problem=problem,
        errors=[{"id": "id_file", "words": problem}] if problem else [],
        lists=[
            {
                "id": one.pk,
                "name": one.name,
                "at": one.at,
                "by": one.by.name if one.by else "",
                "people": one.known + one.unknown,
            }
            for one in members.uploads()
        ],
    )
    return render(request, "notices/lists.html", values, status=422 if problem else 200)


@staff_door(May.ANSWER)
def one_list(request: HttpRequest, pk: int) -> HttpResponse:
    """A list, the addresses in it that are no customer's, and the lines that name nobody."""
    found = get_object_or_404(Upload.objects.select_related("by"), pk=pk)
    same = Upload.objects.filter(digest=found.digest, pk__lt=found.pk).order_by("-pk").first()
    values = desk_values(
        request,
        u={
            "id": found.pk,
            "name": found.name,
            "at": found.at,
            "by": found.by.name if found.by else "",
            "known": found.known,
            "unknown": found.unknown,
            "doubled": found.doubled,
            "wrong": found.wrong,
        },
        same={"id": same.pk, "name": same.name, "at": same.at} if same else None,
        problems=[
            {"line": one.number, "said": one.said, "words": problem_words(one.problem)}
            for one in members.wrong_lines(found)
        ],
        strangers=[
            {"line": one.number, "address": one.address, "name": one.name} for one in members.stranger_lines(found)
        ],
    )
    return render(request, "notices/list.html", values)


@require_POST
@staff_door(May.ANSWER)
def throw_away(request: HttpRequest, pk: int) -> HttpResponse:
    """Let it go, where nothing was put together with it."""
    try:
        uploading.throw_away(get_object_or_404(Upload, pk=pk))
    except uploading.InUse:
        messages.error(request, _("A cohort was put together with it, so it stays."))
        return redirect("notices:list", pk)
    messages.success(request, _("The list is gone."))
    return redirect("notices:lists")
