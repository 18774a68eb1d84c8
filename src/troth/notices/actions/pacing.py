"""So many letters a minute to one domain, counted in the database, so that several workers together keep to it.

Each domain has a bucket that refills evenly (`people.rules.pace`), in the table where the public doors keep theirs: a row says when
everything is free again, and is let go of then. Some providers put off whoever comes faster; that is what this is for.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection

from troth.notices.models import Notice
from troth.people.rules.pace import Pace

#: A bucket holds no more than these seconds' letters, so that a minute never sees much more than its own.
AT_ONCE = timedelta(seconds=6)
#: Domains looked at in one batch; the rest have their turn in the next, as these have none left then.
DOMAINS_MOST = 5_000


def give_turns(notice: Notice, *, most: int, now: datetime) -> list[int]:
    """Recipients of *notice*, by number, whose domains may be written to now; their turns are taken, their rows held."""
    with connection.cursor() as cursor:
        cursor.execute(_DOMAINS, [notice.pk, notice.pk, DOMAINS_MOST])
        keys = {_key(domain): domain for (domain,) in cursor.fetchall()}
        cursor.execute(_BUCKETS_MADE, [sorted(keys), now])
        # In one order everywhere, so that two workers never wait for each other.
        cursor.execute(_BUCKETS, [list(keys)])
        whole = {key: max(at, now) for key, at in cursor.fetchall()}
        pace = pace_of(notice.per_domain)
        free = {keys[key]: min(most, int((now + pace.within - at) / pace.step)) for key, at in whole.items()}
        if "" in free:  # who has no address is written to by nobody, and need not wait for that
            free[""] = most
        cursor.execute(_TAKE, [*_columns({d: many for d, many in free.items() if many > 0}), notice.pk, most])
        taken = cursor.fetchall()
        used: dict[str, int] = {}
        for _pk, domain in taken:
            used[domain] = used.get(domain, 0) + 1
        after = {key: at + pace.step * used[keys[key]] for key, at in whole.items() if used.get(keys[key])}
        cursor.execute(_USED, [list(after), list(after.values())])
    return [pk for pk, _domain in taken]


def pace_of(per_domain: int) -> Pace:
    """As many at once as fit into AT_ONCE, one at least; and so many a minute."""
    minute = timedelta(minutes=1)
    at_once = max(1, int(per_domain * (AT_ONCE / minute)))
    return Pace(most=at_once, within=at_once * (minute / per_domain))


def _columns(free: dict[str, int]) -> tuple[Any, Any]:
    return list(free), list(free.values())


def _key(domain: str) -> str:
    """What the bucket is called: a domain may be a person's own."""
    digest = hmac.new(settings.SECRET_KEY.encode(), f"notice\n{domain}".encode(), hashlib.sha256)
    return f"notice:{digest.hexdigest()[:32]}"


# Every domain that somebody waits at, one probe of the index for each.
_DOMAINS = """
WITH RECURSIVE domains AS (
    (SELECT domain FROM notices_recipient WHERE notice_id = %s AND state = 'waiting' ORDER BY domain LIMIT 1)
    UNION ALL
    SELECT (SELECT domain FROM notices_recipient WHERE notice_id = %s AND state = 'waiting' AND domain > domains.domain
             ORDER BY domain LIMIT 1) FROM domains WHERE domains.domain IS NOT NULL
)
SELECT domain FROM domains WHERE domain IS NOT NULL LIMIT %s
"""
_BUCKETS_MADE = """
INSERT INTO people_allowance (key, whole_at) SELECT unnest(%s::text[]), %s::timestamptz ON CONFLICT DO NOTHING
"""
_BUCKETS = "SELECT key, whole_at FROM people_allowance WHERE key = ANY (%s) ORDER BY key FOR UPDATE"
_TAKE = """
SELECT waiting.id, free.domain FROM unnest(%s::text[], %s::integer[]) AS free (domain, most)
 CROSS JOIN LATERAL (
       SELECT id FROM notices_recipient WHERE notice_id = %s AND state = 'waiting' AND domain = free.domain
        ORDER BY id LIMIT free.most FOR UPDATE SKIP LOCKED) AS waiting
 LIMIT %s
"""
_USED = """
UPDATE people_allowance AS old SET whole_at = fresh.at
  FROM unnest(%s::text[], %s::timestamptz[]) AS fresh (key, at) WHERE old.key = fresh.key
"""
