"""Whether this process lives, and whether the whole keeps its promises: for those who watch over it, people and programs.

Strangers hear yes or no of each sign. How long, how many and which is for whoever brings the token or asks from this machine:
it would tell an attacker how far he has come.
"""

from __future__ import annotations

import ipaddress
from typing import Any

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection, transaction
from django.http import HttpRequest, JsonResponse
from django.utils.crypto import constant_time_compare

from troth.site import vitals
from troth.site.rules.vitals import Finding

#: Whoever asks whether we live does not wait for long.
ANSWER_MS = 2000
FORWARDED = ("X-Forwarded-For", "X-Real-Ip", "Forwarded", "Via")


def alive(request: HttpRequest) -> JsonResponse:
    """200 where this process and the database answer, 503 where the database does not."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = %s", [ANSWER_MS])
            cursor.execute("SELECT 1")
    except (DatabaseError, InterfaceError):
        return _answer({"database": "silent"}, status=503)
    return _answer({"database": "answers"})


def ready(request: HttpRequest) -> JsonResponse:
    """200 where every sign is well, 503 where one fails; it stands in the answer which."""
    verdict = vitals.recent()
    say = _with_figures if may_see_figures(request) else _plainly
    signs = {finding.sign.value: say(finding) for finding in verdict.findings}
    return _answer({"ready": verdict.ready, "signs": signs}, status=200 if verdict.ready else 503)


def may_see_figures(request: HttpRequest) -> bool:
    """Whoever brings the token; where none is set, whoever asks from this machine itself, through no proxy."""
    if settings.TROTH_METRICS_TOKEN:
        given = request.headers.get("Authorization", "")
        return constant_time_compare(given, f"Bearer {settings.TROTH_METRICS_TOKEN}")
    if any(name in request.headers for name in FORWARDED):
        return False
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


def _plainly(finding: Finding) -> str:
    return "failing" if finding.failing else "well"


def _with_figures(finding: Finding) -> dict[str, Any]:
    said: dict[str, Any] = {"state": _plainly(finding)}
    if finding.figure is not None:
        said["figure"] = round(finding.figure, 1)
    if finding.bound is not None:
        said["bound"] = finding.bound
    if finding.since:
        said["since"] = finding.since.isoformat(timespec="seconds")
    return said


def _answer(said: dict[str, Any], status: int = 200) -> JsonResponse:
    answer = JsonResponse(said, status=status)
    answer["Cache-Control"] = "no-store"
    answer._has_been_logged = True  # type: ignore[attr-defined] # whoever asks every ten seconds need not fill the log
    return answer
