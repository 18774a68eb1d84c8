"""What every page is told: who reads it, in whose zone, and for which company."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from allauth.account.adapter import get_adapter
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, QueryDict
from django.urls import NoReverseMatch, get_script_prefix, reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from troth.people.models import Staff
from troth.people.queries import company_name
from troth.people.rules.roles import May

#: The pages behind references.
PAGES = {
    "case": "cases:case",
    "promise": "promises:promise",
    "remedy": "remedies:remedy",
    "message": "cases:message",
    "order": "orders:order",
    "cohort": "notices:cohort",
    "customer": "desk:customer",
    "webhook": "hooks:endpoint",
    "incident": "incidents:incident",
    "notice": "notices:notice",
    "breach": "breaches:breach",
}


def staff_of(request: HttpRequest) -> Staff:
    """Who is signed in; only behind a staff door."""
    assert isinstance(request.user, Staff)
    return request.user


def origin_of(request: HttpRequest) -> str:
    """The network address a request comes from, behind as many proxies as the settings say; empty where unknown."""
    try:
        return str(get_adapter().get_client_ip(request))
    except PermissionDenied:
        return ""


def desk_values(
    request: HttpRequest, *, now: datetime | None = None, company: str | None = None, **values: Any
) -> dict[str, Any]:
    """The values of the staff shell, and *values*; a page that knows the company's name already hands it over."""
    staff = staff_of(request)
    return {
        "shell": {
            "staff": staff.name,
            "email": staff.email,
            "may_answer": staff.may(May.ANSWER),
            "may_lead": staff.may(May.LEAD),
            "may_breaches": staff.may(May.BREACHES),
            "may_audit": staff.may(May.AUDIT),
            "may_run": staff.may(May.RUN),
        },
        "company": company if company is not None else company_name(),
        "zone": staff.zone,
        "now": now or timezone.now(),
        "keys_on": request.COOKIES.get("keys") != "off",
        **values,
    }


def page_of(reference: str) -> str:
    """The address of the page about *reference*; empty where there is none."""
    kind, _, number = reference.partition(":")
    if not number.isdecimal() or not (pattern := _pattern(kind, get_script_prefix())):
        return ""
    return pattern.replace("%", str(int(number)))


@cache
def _pattern(kind: str, prefix: str) -> str:
    """Where the pages about things of *kind* are, with % for the number; kept, for lists have many links. Empty: nowhere."""
    try:
        return reverse(PAGES[kind], args=[0]).replace("/0/", "/%/")
    except (KeyError, NoReverseMatch):
        return ""


def local_time(text: str, zone: str) -> datetime | None:
    """A time typed in a field, in the writer's zone; None where it is none, or none of this age."""
    try:
        at = parse_datetime(text or "")
    except ValueError:
        return None
    if at is None or not 1900 <= at.year <= 2200:
        return None
    # In UTC, for PostgreSQL takes no offset beyond sixteen hours.
    return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=ZoneInfo(zone))


def typed(values: QueryDict, name: str) -> str:
    """What was typed into a field: without the NUL that PostgreSQL refuses, and with the line ends every text here has."""
    return str(values.get(name, "")).replace("\x00", "").replace("\r\n", "\n")


def field_time(at: datetime | None, zone: str) -> str:
    """The same the other way: as a field of the kind datetime-local wants it."""
    return at.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%dT%H:%M") if at else ""
