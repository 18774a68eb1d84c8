"""What was here before the search was is put in, the newest first, while people work; triggers keep all that comes after."""

from __future__ import annotations

from django.db import connection, transaction

from troth.search.models import Behind

#: So many are put in within one transaction; until it ends none of them can be changed.
BATCH = 2000

# Held in share, so that an erasure waits for us or we for it: what is read here is what stands there when this is committed.
_PUT_IN = {
    "message": """
        WITH found AS MATERIALIZED (SELECT message FROM cases_message message
                      WHERE id >= %(low)s AND id < %(below)s AND text <> '' FOR SHARE)
        SELECT count(search_keep_message(message)) FROM found""",
    "case": """
        WITH row AS MATERIALIZED (SELECT id, opened_at, subject FROM cases_case
                      WHERE id >= %(low)s AND id < %(below)s AND subject <> '' FOR SHARE)
        SELECT count(search_keep('case:' || id, 'subject', id, opened_at, NULL, subject, 'A')) FROM row""",
    "promise": """
        WITH row AS MATERIALIZED (SELECT id, about, made_at, what, source_quote, condition FROM promises_promise
                      WHERE id >= %(low)s AND id < %(below)s AND sort <> 'answer' FOR SHARE)
        SELECT count(search_keep('promise:' || id, 'promise', search_case_of(about), made_at, NULL,
                                 search_promised(what, source_quote, condition), 'B')) FROM row""",
}


@transaction.atomic
def catch_up(*, most: int = BATCH) -> int:
    """Put in up to *most* of what was here before; how many numbers were gone through. Safe to repeat and to kill."""
    behind = Behind.objects.select_for_update(skip_locked=True).order_by("sort").first()
    if behind is None:
        return 0
    low = max(behind.below - most, 0)
    with connection.cursor() as cursor:
        cursor.execute(_PUT_IN[behind.sort], {"low": low, "below": behind.below})
    if low:
        Behind.objects.filter(pk=behind.pk).update(below=low)
    else:
        behind.delete()
    return behind.below - low
