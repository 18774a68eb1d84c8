"""Where one may go by typing: cases and customers, for the palette (Ctrl K)."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from troth.cases.chosen import chosen
from troth.cases.rules.filters import Filters
from troth.people.doors import staff_door
from troth.people.models import Staff
from troth.people.rules.roles import May
from troth.people.shell import page_of, staff_of, typed
from troth.search.queries import customers
from troth.words.refs import ref

#: So many of each; whoever wants more searches.
MOST = 5
TYPED_MOST = 100


@staff_door(May.READ)
def going(request: HttpRequest) -> JsonResponse:
    """The cases and customers that *q* may mean, nearest first; two statements."""
    asked = typed(request.GET, "q").strip()[:TYPED_MOST]
    return JsonResponse({"found": found(staff_of(request), asked) if asked.lstrip("#") else []})


def found(staff: Staff, asked: str) -> list[dict[str, Any]]:
    cases = chosen(Filters(search=asked), staff=staff, now=timezone.now(), most=MOST)
    rows = cases.values_list("pk", "subject", "customer__name")[:MOST]
    return [
        *(
            {
                "words": subject or _("Case %(number)s") % {"number": pk},
                "about": f"#{pk} · {name}" if name else f"#{pk}",
                "href": page_of(ref("case", pk)),
                "sort": "cases",
            }
            for pk, subject, name in rows
        ),
        *(
            {
                "words": who.name or who.address or "",
                "about": (who.address or "") if who.name else "",
                "href": page_of(ref("customer", who.id)),
                "sort": "customers",
            }
            for who in customers(staff, asked.split(), most=MOST)
        ),
    ]
