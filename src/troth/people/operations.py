"""What a room offers to other programs: operations behind a key, each with its scope, its problems, and done once.

A room's `api.py` names its operations with `Operations`; `site/api.py` gathers them into one description.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from functools import wraps
from typing import Annotated, Any, TypeVar

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Router
from ninja.security import HttpBearer
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, WithJsonSchema

from troth.ledger.rules.canonical import moment
from troth.people import keys, once
from troth.people.limits import take
from troth.people.models import Key, Staff
from troth.people.problems import NOT_KEPT, Problem, problem_of
from troth.people.rules.cursor import NUMBER_MOST, NotACursor, from_cursor, to_cursor
from troth.people.rules.keys import Scope
from troth.people.rules.pace import Pace
from troth.people.rules.problems import Kind
from troth.people.shell import origin_of

View = TypeVar("View", bound=Callable[..., Any])

#: How fast one key may ask: this many at once, and after that evenly. Wrong keys are counted by where they come from.
PACE = Pace(most=600, within=timedelta(minutes=1))
WRONG_KEYS = Pace(most=30, within=timedelta(minutes=1))
#: No request of words is larger; one that brings a file may be.
BODY_MOST, FILE_BODY_MOST = 1024 * 1024, 3 * 1024 * 1024 + 4096
PAGE_MOST = 200
ONCE_HEADER = "Idempotency-Key"
_ONCE_NAME = re.compile(r"[!-~]{1,200}\Z")
_RFC_3339 = re.compile(r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(\.\d{1,6})?([Zz]|[+-]\d{2}:\d{2})\Z")


# What is said and answered


class Asked(BaseModel):
    """What a program sends; a member that is not listed is refused."""

    model_config = ConfigDict(extra="forbid")


class Told(BaseModel):
    """What a program is told, and nothing that is not listed."""

    model_config = ConfigDict(extra="forbid")


def _instant(value: object) -> datetime:
    """An instant with its zone, of this age; in UTC, for PostgreSQL takes no offset beyond sixteen hours."""
    if isinstance(value, datetime):
        return value
    if not isinstance(value, str) or not _RFC_3339.match(value):
        raise ValueError("Write an instant as RFC 3339 does, such as 2026-11-02T09:30:00Z.")
    at = datetime.fromisoformat(value.upper())
    if not 1900 <= at.year <= 2200:
        raise ValueError("That is not of this age.")
    return at.astimezone(UTC)


_INSTANT = {"type": "string", "format": "date-time"}
Instant = Annotated[
    datetime,
    BeforeValidator(_instant),
    PlainSerializer(moment, return_type=str),
    WithJsonSchema(_INSTANT),
]
Number = Annotated[int, Field(ge=1, le=NUMBER_MOST, strict=True)]
#: The same in an address, where everything is text.
Id = Annotated[int, Field(ge=1, le=NUMBER_MOST)]
_SOME_SIGN = r"^[^\u0000]*[^\s\u0000][^\u0000]*$"


def text(most: int) -> Any:
    """Words of somebody's: not empty, and without the NUL that PostgreSQL refuses."""
    return Field(min_length=1, max_length=most, pattern=_SOME_SIGN)


def maybe_text(most: int) -> Any:
    return Field(max_length=most, pattern=r"^[^\u0000]*$")


class Page(Asked):
    """How much of a list, and where it goes on."""

    limit: Annotated[int, Field(ge=1, le=PAGE_MOST, description="How many at most.")] = 50
    cursor: Annotated[
        str | None, Field(max_length=200, description="`next` of the page before; empty for the first.")
    ] = None


def page_of_rows(
    rows: QuerySet[Any], *, by: str, page: Page, newest_first: bool = True
) -> tuple[list[Any], str | None]:
    """One page of *rows* in the order of the moment *by* and the number, and where it goes on; one statement."""
    sign, beyond = ("-", "lt") if newest_first else ("", "gt")
    if page.cursor:
        try:
            at, last = from_cursor(page.cursor)
        except NotACursor as error:
            raise not_sound("query", "cursor", str(error)) from error
        rows = rows.filter(Q(**{f"{by}__{beyond}": at}) | Q(**{by: at, f"pk__{beyond}": last}))
    found = list(rows.order_by(f"{sign}{by}", f"{sign}pk")[: page.limit + 1])
    if len(found) <= page.limit:
        return found, None
    kept = found[: page.limit]
    return kept, to_cursor(getattr(kept[-1], by), kept[-1].pk)


def not_sound(where: str, name: str, detail: str) -> Problem:
    """One thing in the request is wrong; *where* is body, query, path or header."""
    return Problem(Kind.NOT_SOUND, errors=[{"in": where, "at": name, "detail": detail}])


# Who asks


def key_of(request: HttpRequest) -> Key:
    """The key behind this request; only in an operation."""
    key: Key = request.auth  # type: ignore[attr-defined] # ninja puts there what the door gave
    return key


def staff_of(request: HttpRequest) -> Staff:
    """For whom this program acts; what it does through them is told in the ledger as the key's act."""
    return key_of(request).staff


class KeyDoor(HttpBearer):
    """Asks for a key, for its scope, for what its person may, and whether it asks too fast."""

    def __init__(self, scope: Scope | None, *, most: int = BODY_MOST) -> None:
        super().__init__()
        self.scope = scope
        #: How much may be sent, in bytes.
        self.most = most
        #: What may stand in the query; told once the operation is known.
        self.query: frozenset[str] = frozenset()

    def __call__(self, request: HttpRequest) -> Key:
        found = super().__call__(request)
        if found is None:
            raise Problem(Kind.NO_KEY, headers={"WWW-Authenticate": "Bearer"})
        key: Key = found
        _whole(request, most=self.most)
        unlisted = sorted(set(request.GET) - self.query)
        if unlisted:
            errors = [{"in": "query", "at": name[:80], "detail": "There is no such parameter."} for name in unlisted]
            raise Problem(Kind.NOT_SOUND, errors=errors[:20])
        return key

    def authenticate(self, request: HttpRequest, token: str) -> Key | None:
        now, origin = timezone.now(), origin_of(request)
        try:
            key = keys.opened(token, origin=origin, now=now)
        except keys.NoSuchKey as error:
            if left := take("api wrong key", origin, WRONG_KEYS, now=now):
                raise _too_fast(left) from error
            raise Problem(
                Kind.NO_KEY, str(error), headers={"WWW-Authenticate": 'Bearer error="invalid_token"'}
            ) from error
        if left := take("api", key.reference, PACE, now=now):
            raise _too_fast(left)
        if self.scope is not None and self.scope not in key.scopes:
            raise Problem(Kind.NOT_ALLOWED, f"It needs the scope {self.scope}.", scope=self.scope)
        if self.scope is not None and not key.staff.may(self.scope.may):
            raise Problem(Kind.NOT_ALLOWED, "The person it acts for may not do that themselves.", scope=self.scope)
        return key


def _too_fast(left: timedelta) -> Problem:
    seconds = max(1, -(-left // timedelta(seconds=1)))
    return Problem(Kind.TOO_FAST, f"Ask again in {seconds} s.", headers={"Retry-After": str(seconds)})


def _whole(request: HttpRequest, *, most: int) -> None:
    """A body is JSON, and not larger than anything we ask for."""
    length = int(request.META.get("CONTENT_LENGTH") or 0)
    if length > most:
        raise Problem(Kind.TOO_LARGE, f"At most {most // 1024} KiB.")
    if length and request.content_type != "application/json":
        raise Problem(Kind.NOT_JSON, "Send it with Content-Type: application/json.")


# Operations


class Operations(Router):
    """The operations of one room."""

    def reads(
        self, path: str, *, scope: Scope | None, gives: Any, name: str, summary: str, tags: list[str] | None = None
    ) -> Callable[[View], View]:
        """A question: it changes nothing."""
        return self._operation("GET", path, scope=scope, gives=gives, status=200, name=name, summary=summary, tags=tags)

    def changes(
        self, path: str, *, scope: Scope, gives: Any, name: str, summary: str, tags: list[str] | None = None
    ) -> Callable[[View], View]:
        """A change that may be asked for twice without harm: it says how a thing is to be."""
        return self._operation(
            "PATCH", path, scope=scope, gives=gives, status=200, name=name, summary=summary, tags=tags
        )

    def does(
        self,
        path: str,
        *,
        scope: Scope,
        gives: Any,
        name: str,
        summary: str,
        status: int = 200,
        tags: list[str] | None = None,
        most: int = BODY_MOST,
    ) -> Callable[[View], View]:
        """An act, done once under the name that the asker gives it."""
        return self._operation(
            "POST", path, scope=scope, gives=gives, status=status, name=name, summary=summary, tags=tags, most=most
        )

    def _operation(
        self,
        method: str,
        path: str,
        *,
        scope: Scope | None,
        gives: Any,
        status: int,
        name: str,
        summary: str,
        tags: Any,
        most: int = BODY_MOST,
    ) -> Callable[[View], View]:
        door = KeyDoor(scope, most=most)

        def decorate(view: View) -> View:
            asked: Any = _done_once(view, status=status) if method == "POST" else view
            self.api_operation(
                [method],
                path,
                auth=door,
                response={status: gives},
                operation_id=name,
                summary=summary,
                url_name=name,
                tags=tags,
                openapi_extra={"x-scope": str(scope)} if scope else {},
            )(asked)
            models: Iterable[Any] = asked._ninja_operation.models
            door.query = frozenset(
                name
                for model in models
                if model.__ninja_param_source__ == "query"
                for name in model.__ninja_flatten_map__
            )
            return view

        return decorate


def _done_once(view: Callable[..., Told], *, status: int) -> Callable[..., HttpResponse]:
    """An act whose answer is kept under the asker's name for it, where they give one."""

    def answer(request: HttpRequest, *args: Any, **values: Any) -> once.Answer:
        try:
            return once.Answer(status, view(request, *args, **values).model_dump_json().encode())
        except Exception as error:
            problem = problem_of(error)
            if problem is None:
                raise
            return once.Answer(problem.kind.status, problem.body())

    @wraps(view)
    def done(request: HttpRequest, *args: Any, **values: Any) -> HttpResponse:
        name = request.headers.get(ONCE_HEADER)
        if name is None:
            return _response(answer(request, *args, **values))
        if not _ONCE_NAME.match(name):
            raise not_sound("header", ONCE_HEADER, "Up to 200 visible signs of ASCII.")
        try:
            given = once.once(
                actor=key_of(request).reference,
                name=name,
                digest=once.digest(request.method or "", request.get_full_path(), request.body),
                work=lambda: answer(request, *args, **values),
                now=timezone.now(),
            )
        except once.NameTaken as error:
            raise Problem(Kind.NAME_TAKEN) from error
        except once.StillAtIt as error:
            raise Problem(Kind.STILL_AT_IT, headers={"Retry-After": "1"}) from error
        return _response(given)

    # ninja would look for the names of the annotations in this file.
    done.__signature__ = inspect.signature(view, eval_str=True)  # type: ignore[attr-defined]
    return done


def _response(answer: once.Answer) -> HttpResponse:
    kind = "application/json" if answer.status < 400 else "application/problem+json"
    response = HttpResponse(answer.body, status=answer.status, content_type=kind, headers=NOT_KEPT)
    if answer.again:
        response["Idempotency-Replayed"] = "true"
    return response
