"""How the installation fares, sign by sign, for those who run or audit it."""

from __future__ import annotations

import platform
import sys
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from troth import __version__
from troth.people.doors import staff_door
from troth.people.rules.roles import May
from troth.people.shell import desk_values
from troth.site import vitals
from troth.site.rules.interpreter import faults_of, mended_by
from troth.site.rules.vitals import BOUNDS, Finding, Sign


def sign_words() -> dict[Sign, str]:
    return {
        Sign.DATABASE: _("The database answers"),
        Sign.MIGRATIONS: _("The tables fit the programs"),
        Sign.WORKER: _("A worker works"),
        Sign.MAILBOXES: _("Mailboxes answer"),
        Sign.INBOX: _("What arrives is read"),
        Sign.WATCHER: _("Promises are watched"),
        Sign.REPLIES: _("Answers leave"),
        Sign.OUTBOX: _("Letters are tried"),
        Sign.CARRIER: _("The mail server takes letters"),
        Sign.HISTORY: _("Witnesses still find what they cosigned"),
        Sign.SEAL: _("The record is sealed"),
        Sign.WITNESSES: _("Witnesses cosign"),
        Sign.DISK: _("There is room on the disk"),
    }


@staff_door(May.AUDIT)
def system(request: HttpRequest) -> HttpResponse:
    """Every sign, and what is known against the Python we run on."""
    version = sys.version_info[:3]
    words = sign_words()
    values = desk_values(
        request,
        here="system",
        signs=[_shown(finding, words) for finding in vitals.recent().findings],
        runs_on=f"Troth {__version__} · Python {platform.python_version()}",
        faults=[{"name": one.name, "module": one.module, "what": one.what} for one in faults_of(version)],
        mended_by=mended_by(version),
    )
    return render(request, "site/system.html", values)


def _shown(finding: Finding, words: dict[Sign, str]) -> dict[str, Any]:
    bound = BOUNDS.get(finding.sign)
    return {
        "words": words[finding.sign],
        "failing": finding.failing,
        "since": finding.since if finding.failing else None,
        "names": ", ".join(finding.names),
        "problem": finding.problem,
        "waited": finding.figure if bound and finding.figure else None,
        "bound": bound,
        "room": round(finding.figure / 1024, 1) if finding.sign is Sign.DISK and finding.figure is not None else None,
    }
