"""Problems of other programs' requests: raised in a room's operations, answered as `application/problem+json`."""

from __future__ import annotations

import json
from typing import Any

from django.http import Http404, HttpResponse

from troth.people.rules.problems import Kind, plain

CONTENT_TYPE = "application/problem+json"


class Problem(Exception):
    """What is wrong with the request; *more* are further members of the answer, *headers* go beside it."""

    def __init__(self, kind: Kind, detail: str = "", *, headers: dict[str, str] | None = None, **more: Any) -> None:
        super().__init__(detail or kind.title)
        self.kind, self.detail, self.more, self.headers = kind, detail, more, headers or {}

    def body(self) -> bytes:
        return json.dumps(plain(self.kind, self.detail, **self.more), ensure_ascii=False).encode()

    def response(self) -> HttpResponse:
        return HttpResponse(
            self.body(), status=self.kind.status, content_type=CONTENT_TYPE, headers={**self.headers, **NOT_KEPT}
        )


#: No answer about customers waits in a cache.
NOT_KEPT = {"Cache-Control": "no-store"}


def problem_of(error: Exception) -> Problem | None:
    """The problem behind *error*; None where it is ours and not the request's."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, Http404):
        return Problem(Kind.NOT_HERE)
    return None
