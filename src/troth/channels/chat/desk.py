"""The sites whose pages may show the chat, for leads: which, what to put there, and a page to try it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from troth.channels.chat import actions, queries
from troth.channels.chat.models import Site
from troth.channels.chat.rules.origins import ORIGINS_MAX, NotAnOrigin, origins
from troth.people.doors import staff_door
from troth.people.models import Team
from troth.people.pressed import page_name, pressed_once
from troth.people.queries import teams
from troth.people.rules.roles import May
from troth.people.shell import desk_values, staff_of, typed


@dataclass(frozen=True)
class Typed:
    """The form as it was typed, or as the site stands."""

    name: str
    lines: str
    team: str
    is_on: bool

    @classmethod
    def of(cls, request: HttpRequest) -> Typed:
        post = request.POST
        return cls(
            typed(post, "name").strip()[:120],
            typed(post, "origins"),
            post.get("team", ""),
            post.get("is_on", "yes") == "yes",
        )

    def problems(self) -> dict[str, str]:
        found = {}
        if not self.name:
            found["name"] = _("Give it a name, such as that of the shop.")
        lines = self.lines.split()
        if not lines:
            found["origins"] = _("Write the address of each site that may show the chat, one a line.")
        elif len(lines) > ORIGINS_MAX:
            found["origins"] = _("At most %(most)s sites, please.") % {"most": ORIGINS_MAX}
        else:
            try:
                origins(lines)
            except NotAnOrigin as wrong:
                words = _(
                    "“%(text)s” is not the address of a site: write https://shop.example, without anything behind it."
                )
                found["origins"] = words % {"text": wrong.text[:80]}
        return found

    def chosen_team(self) -> Team | None:
        return next((team for team in teams() if str(team.pk) == self.team), None)


@staff_door(May.LEAD)
def sites(request: HttpRequest) -> HttpResponse:
    """All of them."""
    rows = [
        {
            "id": site.pk,
            "name": site.name,
            "origins": site.origins,
            "team": site.team.name if site.team else None,
            "is_on": site.is_on,
        }
        for site in queries.sites(staff_of(request))
    ]
    return render(request, "chat/sites.html", desk_values(request, sites=rows))


@staff_door(May.LEAD)
@pressed_once
def new(request: HttpRequest) -> HttpResponse:
    form = Typed.of(request) if request.method == "POST" else Typed("", "", "", True)
    problems = form.problems() if request.method == "POST" else {}
    if request.method == "POST" and not problems:
        made = actions.make_site(
            name=form.name, lines=form.lines.split(), team=form.chosen_team(), by=staff_of(request), now=timezone.now()
        )
        messages.success(request, _("Made. Put the line below on the site’s pages."))
        return redirect("chat:site", made.pk)
    return _page(request, form, problems, site=None)


@staff_door(May.LEAD)
def site(request: HttpRequest, pk: int) -> HttpResponse:
    """One of them: what to put on its pages, and what may be changed."""
    found = queries.site_for(staff_of(request), pk)
    standing = Typed(found.name, "\n".join(found.origins), str(found.team_id or ""), found.is_on)
    form = Typed.of(request) if request.method == "POST" else standing
    problems = form.problems() if request.method == "POST" else {}
    if request.method == "POST" and not problems:
        actions.change_site(found, name=form.name, lines=form.lines.split(), team=form.chosen_team(), is_on=form.is_on)
        messages.success(request, _("Changed. Open pages follow within a minute."))
        return redirect("chat:site", pk)
    return _page(request, form, problems, site=found)


@staff_door(May.LEAD)
def try_it(request: HttpRequest, pk: int) -> HttpResponse:
    """A page of our own with the chat on it, as a visitor would see it."""
    found = queries.site_for(staff_of(request), pk)
    return render(request, "chat/try.html", desk_values(request, site=_shown(found), here="chat"))


def _page(request: HttpRequest, form: Typed, problems: dict[str, str], *, site: Site | None) -> HttpResponse:
    values = desk_values(
        request,
        site=_shown(site) if site else None,
        form=form,
        teams=[("", _("No team")), *((str(team.pk), team.name) for team in teams())],
        problems=problems,
        errors=[{"id": f"id_{field}", "words": words} for field, words in problems.items()],
        once=page_name(),
    )
    return render(request, "chat/site.html", values, status=422 if problems else 200)


def _shown(site: Site) -> dict[str, Any]:
    src = f"{settings.TROTH_URL}{reverse('chat:widget')}"
    return {
        "id": site.pk,
        "name": site.name,
        "key": site.key,
        "is_on": site.is_on,
        "snippet": f'<script src="{src}" data-chat="{site.key}" async></script>',
    }
