"""How long `troth verify-state` takes where there is much: python -m bench.verify 1000000

A million promises with their facts, a quarter as many letters and messages; each question to the tables is timed by itself.
"""

from __future__ import annotations

import sys
import time
from datetime import UTC, datetime

FILL = """
INSERT INTO promises_promise (public_id, sort, strength, speaker, state, what, condition, source_quote, source, about, made_at,
    said_at, first_due, due, zone, moves, by_itself, warn_at, escalate_at, heads_up_at, told_by, broken_at, look_again_at, reason,
    miss_reason, imported)
SELECT gen_random_uuid(), 'deed', 'promise', 'company', 'open', 'ring you', '', '', '', '', now(), now(), now() + interval '9 days',
    now() + interval '9 days', 'UTC', 0, true, now() + interval '7 days', now() + interval '7 days', now() + interval '8 days',
    now() + interval '8 days', now() + interval '18 days', now() + interval '7 days', '', '', false
FROM generate_series(1, %(count)s);
INSERT INTO post_letter (key, to_address, envelope_from, message_id, subject, raw, because, automatic, state, created_at, leaves_at,
    next_try_at, attempts, last_code, last_reply, delivered_at, verified, bounce_reason)
SELECT 'key' || n, 'a@example.net', '', '<' || n || '@x>', '', '', 'case:1', true, 'sent', now(), now(), now(), 1, 250, '', now(),
    false, ''
FROM generate_series(1, %(count)s / 4) AS n;
INSERT INTO post_attempt (letter_id, started_at, answer, code, reply) SELECT id, now(), 'accepted', 250, '' FROM post_letter;
INSERT INTO inbox_arrival (channel, outside_id, digest, source, received_at, arrived_at, state, next_try_at, attempts, message_id,
    same_digest, message_ref, problem, refers_to)
SELECT 'email', '1:1:' || n, '', '', now(), now(), 'message', now(), 1, '', '', 'letter:' || n, '', '{}'
FROM generate_series(1, %(count)s / 4) AS n;
"""
FACTS = """
INSERT INTO ledger_entry (kind, about, customer, happened_at, recorded_at, payload, commit, leaf_hash)
SELECT kind, about, '', now(), now(), decode(repeat('00', 33), 'hex')
    || convert_to('{"about":"' || about || '","customer":"","first_due":"'
    || to_char(due AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') || '","kind":"' || kind
    || '","state":"open","v":1}', 'UTF8'), '', sha256(convert_to(about, 'UTF8'))
FROM (SELECT 'PromiseMade' AS kind, 'promise:' || id AS about, due FROM promises_promise
    UNION ALL SELECT 'LetterQueued', 'letter:' || id, now() FROM post_letter
    UNION ALL SELECT 'LetterDelivered', 'letter:' || id, now() FROM post_letter
    UNION ALL SELECT 'MessageReceived', 'arrival:' || id, now() FROM inbox_arrival) AS told;
"""


def main(count: int) -> None:
    from django.db import connection  # the settings must be in the environment first

    from troth.ledger import tasks, tree_checks
    from troth.site import verify

    with connection.cursor() as cursor:
        cursor.execute(FILL, {"count": count})
        cursor.execute(FACTS)
    tasks.seal()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        cursor.execute("SELECT count(*) FROM ledger_entry")
        (facts,) = cursor.fetchone()
    now, whole = datetime.now(UTC), time.perf_counter()
    with verify.one_picture():
        for check in verify.checks():
            began = time.perf_counter()
            list(verify.answer(check, now=now))
            print(f"{time.perf_counter() - began:7.2f} s  {check.invariant:>3}  {check.wrong}")
        for stream in verify.STREAMS:
            began = time.perf_counter()
            list(stream())
            print(f"{time.perf_counter() - began:7.2f} s  {stream.__name__}, {facts:,} facts")
        began = time.perf_counter()
        list(tree_checks.findings(tree_checks.Outside.now(), now=now))
    print(f"{time.perf_counter() - began:7.2f} s  the log over them")
    print(f"{time.perf_counter() - whole:7.2f} s  in all, {count:,} promises")


if __name__ == "__main__":
    from faults.stage import stage

    with stage():
        main(int(sys.argv[1]))
