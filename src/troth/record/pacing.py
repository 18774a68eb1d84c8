"""How often one visitor may ask this process for what is public: counted in memory, for a count in the database would cost
more than most of these answers do."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from threading import Lock
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone

from troth.people.limits import retry_after, visitor
from troth.people.rules import pace as rules
from troth.people.rules.pace import Pace

#: Whoever follows the log from its first entry fetches thousands of tiles, once; a page is for people.
RESOURCES = Pace(6_000, timedelta(minutes=1))
PAGES = Pace(600, timedelta(minutes=1))
#: Of so many visitors it is remembered what they asked; of a crowd larger than that, of those who came last.
VISITORS_MOST = 10_000


class Pacer:
    """What each visitor asked of this process lately."""

    def __init__(self, pace: Pace) -> None:
        self.pace = pace
        self._whole_at: dict[str, datetime] = {}
        self._lock = Lock()

    def take(self, who: str, *, now: datetime) -> timedelta | None:
        """Take one of what *who* may have; None when that was granted, else how long to wait."""
        with self._lock:
            granted, whole_at = rules.take(self._whole_at.pop(who, None), self.pace, now=now)
            if len(self._whole_at) >= VISITORS_MOST:
                del self._whole_at[next(iter(self._whole_at))]
            self._whole_at[who] = whole_at  # at the end: who came last is forgotten last
        return None if granted else rules.wait(whole_at, self.pace, now=now)

    def forget(self) -> None:
        """Everybody may have everything again."""
        self._whole_at.clear()


for_resources, for_pages = Pacer(RESOURCES), Pacer(PAGES)


def paced(pacer: Pacer) -> Callable[[Callable[..., HttpResponseBase]], Callable[..., HttpResponseBase]]:
    """Answer each visitor at this pace; beyond it the answer is 429 and says when to come back."""

    def decorate(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def answered(request: HttpRequest, *args: Any, **values: Any) -> HttpResponseBase:
            left = pacer.take(visitor(request), now=timezone.now())
            if left is None:
                return view(request, *args, **values)
            response = HttpResponse("Not so fast, please.\n", content_type="text/plain; charset=utf-8", status=429)
            response["Cache-Control"] = "no-store"
            return retry_after(response, left)

        return answered

    return decorate
