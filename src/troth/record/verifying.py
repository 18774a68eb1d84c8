"""The page that checks receipts in the browser of whoever holds them: it is given to everybody, and hears nothing back."""

from __future__ import annotations

import json

from csp.decorators import csp_replace
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from troth.ledger import outside
from troth.ledger.rules.receipt_words import TABLE
from troth.people.queries import company_name
from troth.record.portal import public, shown

#: Its scripts may ask nobody for anything, post no form and start no worker: what is dropped on the page stays on it.
ALONE = {"default-src": ["'none'"], "connect-src": ["'none'"], "form-action": ["'none'"]}


@csp_replace(ALONE)
@public
def verify(request: HttpRequest) -> HttpResponse:
    values = {
        "company": company_name(),
        "keys": _keys(),
        "table": json.dumps(TABLE, ensure_ascii=False, separators=(",", ":")),
        "zone": None,
        "now": timezone.now(),
    }
    return shown("record/verify.html", values)


def _keys() -> list[str]:
    """The log's keys, the newest first; none where none can be read, for receipts can be checked all the same."""
    try:
        return [key.verifier.to_text() for key in outside.read_keys()]
    except outside.SealingRefused:
        return []
