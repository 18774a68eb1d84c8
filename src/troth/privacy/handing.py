"""Everything we hold of a person as one zip (GDPR 15 and 20): JSON, CSV, and what was sent and received as it was.

Written as it is read, a piece at a time, and the same bytes for the same state. What a customer takes from their own page holds
what is theirs to see; what staff take holds everything, also notes and what came from senders nobody vouched for
(GDPR 15(4): it may be somebody else's). The form is described in docs/formats/export.md.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from django.http import StreamingHttpResponse
from django.utils.translation import gettext as _

from troth.cases import handing as cases
from troth.inbox import handing as inbox
from troth.ledger import queries as ledger
from troth.ledger.rules.canonical import moment
from troth.orders import handing as orders
from troth.people import handing as people
from troth.people.models import Customer
from troth.people.queries import company_name, family
from troth.post import handing as post
from troth.privacy.models import Hold, Request
from troth.privacy.queries import mail_addresses
from troth.privacy.rules.bundle import bundled
from troth.privacy.rules.sheets import line
from troth.promises import handing as promises
from troth.remedies import handing as remedies
from troth.status import handing as status
from troth.words.refs import ref

FORMAT = 1
PAGE = 500
PROMISES = (
    "reference",
    "state",
    "what",
    "quote",
    "said_at",
    "first_due",
    "due",
    "done_at",
    "settled_at",
    "moves",
    "by",
)
MESSAGES = ("message", "case", "at", "direction", "channel", "by", "address", "text")


def export(ids: Sequence[int], *, whole: bool) -> Iterator[bytes]:
    """The zip, in pieces. *ids* are every number of the person; without *whole* it holds what is theirs to see."""
    return bundled(_files(sorted(ids), whole=whole))


def download(who: Customer, *, whole: bool) -> StreamingHttpResponse:
    """The zip as it is written."""
    headers = {
        "Content-Disposition": f'attachment; filename="customer-{who.pk}.zip"',
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    }
    return StreamingHttpResponse(export(family(who.pk), whole=whole), content_type="application/zip", headers=headers)


def left_out(ids: Sequence[int]) -> dict[str, int]:
    """How much of what is held a customer does not find in their own zip."""
    every, shown = cases.messages(ids, whole=True), cases.messages(ids, whole=False)
    notes = every.filter(direction="note").count()
    return {"notes": notes, "messages": every.count() - notes - shown.count()}


def _files(ids: Sequence[int], *, whole: bool) -> Iterator[tuple[str, Iterable[bytes]]]:
    hidden = [] if whole else _hidden(ids)
    yield "README.txt", [_readme(whole=whole).encode()]
    yield "about.json", [_json(_about(ids, whole=whole)) + b"\n"]
    yield "cases.json", _rows(cases.told_cases(ids, whole=whole))
    yield "messages.json", _rows(cases.told_messages(ids, whole=whole))
    yield "promises.json", _rows(promises.told_promises(ids, hidden_cases=hidden))
    yield "orders.json", _rows(orders.told_orders(ids))
    yield "remedies.json", _rows(remedies.told_remedies(ids, hidden_cases=hidden, whole=whole))
    yield "letters.json", _rows(post.told_letters(ids))
    yield "facts.json", _rows(_facts(ids))
    yield "promises.csv", _sheet(PROMISES, promises.told_promises(ids, hidden_cases=hidden))
    yield "messages.csv", _sheet(MESSAGES, cases.told_messages(ids, whole=whole))
    sources = cases.messages(ids, whole=whole).values_list("source", flat=True).iterator(PAGE)
    for name, content in inbox.files(sources):
        yield name, [content]
    for name, content in post.files(ids):
        yield name, [content]
    for name, content in cases.files(ids, whole=whole):
        yield name, [content]


def _hidden(ids: Sequence[int]) -> list[int]:
    shown = set(cases.cases(ids, whole=False).values_list("pk", flat=True))
    return [pk for pk in cases.cases(ids, whole=True).values_list("pk", flat=True) if pk not in shown]


def _about(ids: Sequence[int], *, whole: bool) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "company": company_name(),
        "whole": whole,
        "left_out": dict.fromkeys(("notes", "messages"), 0) if whole else left_out(ids),
        "customers": list(people.customers(ids)),
        "addresses": list(people.addresses(ids)),
        "links": list(people.links(ids)),
        "subscriptions": list(status.subscriptions(mail_addresses(ids))),
        "requests": [
            {
                "asked_at": one.asked_at,
                "answer_by": one.answer_by,
                "answer": one.answer,
                "answered_at": one.answered_at,
                "words": one.words,
            }
            for one in Request.objects.filter(customer_id__in=ids).order_by("pk")
        ],
        "holds": [
            {"reason": one.reason, "words": one.words, "until": one.until, "lifted_at": one.lifted_at}
            for one in Hold.objects.filter(customer_id__in=ids).order_by("pk")
        ],
    }


def _facts(ids: Sequence[int]) -> Iterator[dict[str, Any]]:
    """What the ledger says of them, in its order, as far as it has its place there."""
    for pk in ids:
        after = 0
        while events := ledger.events(after, most=PAGE, customer=ref("customer", pk)):
            for event in events:
                yield event.to_plain()
            after = events[-1].position


def _rows(rows: Iterable[dict[str, Any]]) -> Iterator[bytes]:
    """A JSON array with a row a line."""
    between = b"[\n"
    for row in rows:
        yield between + _json(row)
        between = b",\n"
    yield (b"[" if between == b"[\n" else b"\n") + b"]\n"


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, default=_plain).encode()


def _plain(value: Any) -> str:
    if isinstance(value, datetime):
        return moment(value)
    raise TypeError(f"{type(value).__name__} has no place in JSON.")


def _sheet(columns: Sequence[str], rows: Iterable[dict[str, Any]]) -> Iterator[bytes]:
    yield line(columns).encode()
    for row in rows:
        told = (row[name] for name in columns)
        yield line([moment(one) if isinstance(one, datetime) else one for one in told]).encode()


def _readme(*, whole: bool) -> str:
    parts = [
        _("This is what %(company)s holds about one person.") % {"company": company_name()},
        _(
            "The files that end in .json hold everything, for programs and for other companies; docs/formats/export.md of Troth "
            "says what each part means. Those that end in .csv are for a spreadsheet: promises, and messages."
        ),
        _(
            "received/ holds what arrived, sent/ what left, attachments/ the files that came with messages, each byte by byte as "
            "it was."
        ),
    ]
    if not whole:
        parts.append(
            _(
                "Not in here: notes that staff wrote to each other, and messages from senders nobody vouched for, which may be "
                "somebody else's. about.json says how many there are. Ask us, and a person looks at them for you."
            )
        )
    parts.append(_("The receipts of promises are on your page, one file each."))
    return "\n\n".join(parts) + "\n"
