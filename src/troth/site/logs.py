"""Log lines that can be read by machines and shown to anybody: what happened to which number, never what people said.

Three things keep people's words out. Our own lines name things by number. Of what Django says about a request only the status and
the pattern of the address is kept, for addresses carry tokens and what was searched for. Of an error only its kind and the lines
of code it came through are told, for the message of a database error holds the row, and others hold what was typed. Beneath that a
mask covers whatever still looks like an address or a token, in case somebody forgot.
"""

from __future__ import annotations

import errno
import logging
import re
import secrets
import sys
import threading
import traceback
from collections.abc import Callable, Iterator, MutableMapping
from http import HTTPStatus
from types import TracebackType
from typing import Any, cast

import structlog
from django.http import HttpRequest, HttpResponseBase
from structlog.typing import Processor

EventDict = MutableMapping[str, Any]
ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None]

FORMS = ("auto", "json", "text")
#: So long a run of letters of both cases and digits is a token, whatever it opens.
_TOKEN = re.compile(r"(?=[\w~.-]*[a-z])(?=[\w~.-]*[A-Z])(?=[\w~.-]*\d)[\w~.-]{20,}")
_ADDRESS = re.compile(r"""[^\s<>"'(),;:]+@[^\s<>"'(),;:]+""")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


def settings_for(*, level: str, form: str, frank: bool) -> dict[str, Any]:
    """Django's LOGGING. Only our own lines may be as detailed as DEBUG: nobody can vouch for those of others."""
    others = "INFO" if level == "DEBUG" else level
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"safe": {"()": "troth.site.logs.formatter", "form": form, "frank": frank}},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "safe"}},
        "root": {"handlers": ["console"], "level": others},
        "loggers": {
            "troth": {"level": level},
            "django": {"level": others, "handlers": [], "propagate": True},
            # It would print every statement with its values.
            "django.db.backends": {"level": "WARNING"},
            "django.server": {"handlers": [], "propagate": True},
        },
    }


def formatter(*, form: str, frank: bool) -> logging.Formatter:
    """JSON for machines, plain lines on a terminal; *frank*: errors with their messages, for whoever mends the program."""
    as_text = form == "text" or (form == "auto" and sys.stderr.isatty())
    before: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(allow=["stack"]),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        of_requests,
        structlog.processors.ExceptionRenderer(frankly if frank else plainly),
    ]
    shown: Processor = (
        structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback)
        if as_text
        else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=before,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, masked, shown],
    )


def of_requests(_logger: Any, _method: str, event: EventDict) -> EventDict:
    """Of a line about a request: its status and pattern, in place of the path and of what the visitor sent."""
    record = event.get("_record")
    request = getattr(record, "request", None)
    if isinstance(request, HttpRequest):
        status = getattr(record, "status_code", 500)
        event["event"] = f"{status} {HTTPStatus(status).phrase}"
        event.update(method=plain_method(request), route=route_of(request))
    return event


def masked(_logger: Any, _method: str, event: EventDict) -> EventDict:
    """One line, in which nothing looks like an address of somebody or like a token."""
    for name, value in event.items():
        if name in ("exception", "stack"):
            event[name] = _ADDRESS.sub("…", value)
        elif isinstance(value, str):
            event[name] = _CONTROL.sub(" ", _TOKEN.sub("…", _ADDRESS.sub("…", value)))
    return event


# Errors


def frankly(exc_info: ExcInfo) -> str:
    return "".join(traceback.format_exception(*exc_info)).rstrip()


def plainly(exc_info: ExcInfo) -> str:
    """Where an error came through, its kind, and of its message what cannot hold anybody's words."""
    return "\n".join(_told(exc_info[1], seen=set()))


def _told(error: BaseException, *, seen: set[int]) -> Iterator[str]:
    seen.add(id(error))
    earlier = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if earlier is not None and id(earlier) not in seen:
        yield from _told(earlier, seen=seen)
        yield "This led to:"
    for frame in traceback.extract_tb(error.__traceback__):
        yield f'  File "{frame.filename}", line {frame.lineno}, in {frame.name}'
        if frame.line:
            yield f"    {frame.line}"
    kind = type(error)
    yield " ".join(part for part in (f"{kind.__module__}.{kind.__qualname__}", _safe_words(error)) if part)
    for inner in getattr(error, "exceptions", ()):
        yield "Among them:"
        yield from _told(inner, seen=seen)


def _safe_words(error: BaseException) -> str:
    """Numbers and names of ours: the database's code and constraint, the system's name of an error."""
    diagnosis = getattr(error, "diag", None) or getattr(error.__cause__, "diag", None)
    if diagnosis is not None:
        parts = (diagnosis.sqlstate, diagnosis.table_name, diagnosis.column_name, diagnosis.constraint_name)
        return " ".join(part for part in parts if part)
    if isinstance(error, OSError) and error.errno:
        return errno.errorcode.get(error.errno, str(error.errno))
    return ""


def catch_the_rest() -> None:
    """What nobody caught is told in the same way, in whatever thread it comes up."""
    log = logging.getLogger("troth")

    def told(kind: type[BaseException], error: BaseException, where: TracebackType | None) -> None:
        log.critical("An error that nobody caught.", exc_info=(kind, error, where))

    sys.excepthook = told
    threading.excepthook = lambda given: told(given.exc_type, given.exc_value or given.exc_type(), given.exc_traceback)
    sys.unraisablehook = lambda given: told(given.exc_type, given.exc_value or given.exc_type(), given.exc_traceback)
    logging.captureWarnings(capture=True)


# Requests

METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}


def plain_method(request: HttpRequest) -> str:
    return request.method if request.method in METHODS else "other"


def route_of(request: HttpRequest) -> str:
    """The pattern of the address, such as `/cases/<int:number>/`; the same for all that lead nowhere."""
    match = request.resolver_match
    return f"/{match.route}" if match else "nowhere"


class Naming:
    """Middleware: a name of our own for each request, in every line about it and in its answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        name = secrets.token_hex(8)
        with structlog.contextvars.bound_contextvars(request_id=name):
            response = self.get_response(request)
        response["X-Request-Id"] = name
        return response


def bind(**values: str) -> None:
    """Say of every further line of this thread who writes it."""
    structlog.contextvars.bind_contextvars(**cast("dict[str, Any]", values))
