"""What staff are told, at the top of every page, when the system itself may be missing promises: what is so, and what to do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from troth.people.models import Staff
from troth.people.rules.roles import May
from troth.site import vitals
from troth.site.rules.vitals import Finding, Sign, roots


@dataclass(frozen=True)
class Trouble:
    """One sentence of what is so, and one of what its reader can do."""

    words: Markup
    to_do: str


@pass_context
def trouble_for(context: Context, told_here: tuple[str, ...] = ()) -> list[Trouble]:
    """What whoever reads this page should know; asks nobody. *told_here*: signs the page itself tells more of."""
    reader = getattr(context.get("request"), "user", None)
    verdict = vitals.known()
    if verdict is None or not isinstance(reader, Staff):
        return []
    runs_it = reader.may(May.RUN)
    return [
        Trouble(_words(finding, context), _to_do(finding, runs_it=runs_it))
        for finding in roots(verdict.failing)
        if finding.sign.value not in told_here
    ]


def _words(finding: Finding, context: Context) -> Markup:
    from troth.site.jinja import when  # it makes this module's function known to every page

    values: dict[str, Any] = {
        "since": when(context, finding.since) if finding.since else "",
        "names": ", ".join(finding.names),
        "figure": f"{finding.figure:.0f}" if finding.figure is not None else "",
    }
    return escape(_said(finding)) % values


def _said(finding: Finding) -> str:
    if finding.since is None:
        said = {
            Sign.WORKER: _("Nothing is being done in the background. Promises may be missed."),
            Sign.MAILBOXES: _("Mail was never fetched from %(names)s. Promises may be missed."),
            Sign.SEAL: _("What is put on record is not sealed any more."),
        }
        if finding.sign in said:
            return said[finding.sign]
    return {
        Sign.DATABASE: _("The database does not answer."),
        Sign.MIGRATIONS: _("An update was left half done: the tables do not fit the programs."),
        Sign.WORKER: _("Nothing has been done in the background since %(since)s. Promises may be missed."),
        Sign.MAILBOXES: _("Mail has not been fetched from %(names)s since %(since)s. Promises may be missed."),
        Sign.INBOX: _("What arrived has not been read since %(since)s. Promises may be missed."),
        Sign.WATCHER: _("Promises have not been watched since %(since)s. They may be missed."),
        Sign.REPLIES: _("Answers have been held back since %(since)s."),
        Sign.OUTBOX: _("Letters have not left since %(since)s. Promises may be missed."),
        Sign.CARRIER: _("The mail server has taken no letter since %(since)s. Promises may be missed."),
        Sign.HISTORY: _(
            "%(names)s says that our record is not the one it knew: something that was on record is gone or changed. It has said so"
            " since %(since)s."
        ),
        Sign.SEAL: _("What is put on record has not been sealed since %(since)s."),
        Sign.WITNESSES: _("%(names)s has not witnessed our record since %(since)s."),
        Sign.DISK: _("Only %(figure)s MB are free on the disk."),
    }[finding.sign]


def _to_do(finding: Finding, *, runs_it: bool) -> str:
    if runs_it:
        look = _("The worker’s log says more.")
        does: dict[Sign, Callable[[], str]] = {
            Sign.MIGRATIONS: lambda: _("Run `troth migrate`."),
            Sign.WORKER: lambda: _("Start one: `troth run`, or `troth worker`."),
            Sign.MAILBOXES: lambda: " ".join([finding.problem, _("`troth mailbox check` says what to do.")]).strip(),
            Sign.CARRIER: lambda: _("See that the mail server runs and lets us in; then letters leave by themselves."),
            Sign.HISTORY: lambda: " ".join([finding.problem, _history_to_do()]).strip(),
            Sign.SEAL: lambda: finding.problem or look,
            Sign.WITNESSES: lambda: " ".join([finding.problem, _("Ask whoever runs it.")]).strip(),
            Sign.DISK: lambda: _("Make room where the data lie."),
        }
        return does[finding.sign]() if finding.sign in does else look
    if finding.sign is Sign.HISTORY:
        return _("Tell whoever runs this installation at once, and change nothing meanwhile.")
    tell = _("Tell whoever runs this installation.")
    meanwhile = {
        Sign.WORKER: _("Go by the dates on Today: nobody is warned meanwhile."),
        Sign.WATCHER: _("Go by the dates on Today: nobody is warned meanwhile."),
        Sign.MAILBOXES: _("Customers may have written: look into the mailbox itself."),
        Sign.INBOX: _("Customers may have written: look into the mailbox itself."),
        Sign.REPLIES: _("Ring those whose date is near."),
        Sign.OUTBOX: _("Ring those whose date is near."),
        Sign.CARRIER: _("Ring those whose date is near."),
    }.get(finding.sign)
    return f"{meanwhile} {tell}" if meanwhile else tell


def _history_to_do() -> str:
    return _(
        "Either somebody changed the tables past the application, or an older backup was put back. Stop the worker, keep the database"
        " as it is for whoever looks into it, and put back the newest backup from before: once the witness finds again what it knew,"
        " this goes by itself. docs/run/witness.md says more."
    )
