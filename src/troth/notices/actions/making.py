"""Recipients: one row for each member who is to be told of a notice, made by the database for thousands at a time.

Whoever adds members holds the row of their cohort (`cohorts`), and so does whoever reads up to a number here: nobody can appear
behind it later. What is made twice is made once, as the database sees to it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, QuerySet

from troth.notices.models import Cohort, Member, Notice, Standing, State
from troth.notices.rules.matters import Sent, matters_until

#: No letter of a notice is written before it was sent so long ago: until then it can be taken back.
HOLD = timedelta(seconds=10)
#: Members looked at in one transaction.
PAGE = 10_000
#: Notices that letters are written for: DONE ones have late joiners.
LIVE = (State.SENDING, State.DONE)


def make(*, now: datetime) -> int:
    """Make the recipients of the next page of members of every notice that has some left; how many members were looked at."""
    return sum(_make(pk, now=now) for pk in list(_with_members_left(now=now)))


def _with_members_left(*, now: datetime) -> QuerySet[Notice, int]:
    left = Member.objects.filter(cohort=OuterRef("cohort"), pk__gt=OuterRef("made_up_to"))
    live = Notice.objects.filter(state__in=LIVE, sent_at__lte=now - HOLD)
    return live.filter(Exists(left)).order_by("pk").values_list("pk", flat=True)


@transaction.atomic(savepoint=False)
def _make(pk: int, *, now: datetime) -> int:
    others = list(wave_of(Notice.objects.get(pk=pk)).values_list("pk", "cohort_id"))
    cohorts = {*Notice.objects.filter(pk=pk).values_list("cohort_id", flat=True), *(cohort for _pk, cohort in others)}
    # One page of a wave at a time: two pages made at once would not see whom the other one tells.
    if len(Cohort.objects.select_for_update(skip_locked=True).filter(pk__in=cohorts)) != len(cohorts):
        return 0
    notice = Notice.objects.select_for_update(skip_locked=True, no_key=True).filter(pk=pk, state__in=LIVE).first()
    if notice is None:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(_PAGE, [notice.cohort_id, notice.made_up_to, PAGE])
        last, many = cursor.fetchone()
        if not many:
            return 0
        values = _values(notice, after=notice.made_up_to, last=last)
        elsewhere = {"others": [one for one, _cohort in others], "cohorts": [cohort for _pk, cohort in others]}
        cursor.execute(_MAKE_OF_WAVE if others else _MAKE, {**values, **elsewhere})
    Notice.objects.filter(pk=pk).update(made_up_to=last)
    return int(many)


def wave_of(notice: Notice) -> QuerySet[Notice]:
    """The other notices that were written in the same act: one word of ours to several cohorts, of which nobody gets two letters."""
    same = Notice.objects.filter(about=notice.about, sort=notice.sort, written_at=notice.written_at)
    return same.exclude(cohort_id=notice.cohort_id)


def look_at_wave_again(notice: Notice) -> None:
    """*notice* was stopped: whoever was to be told by it, and belongs to another cohort of its wave, is told by that one's."""
    wave_of(notice).filter(state__in=[*LIVE, State.PAUSED]).update(made_up_to=0)


def look_at_late_ones_again(notice: Notice) -> None:
    """*notice* was stopped and overtakes nothing any more: late joiners who missed an older one for it are looked at again."""
    assert notice.sent_at is not None
    late = Member.objects.filter(cohort_id=notice.cohort_id, standing=Standing.LATE, added_at__gt=notice.sent_at)
    first = late.order_by("pk").values_list("pk", flat=True).first()
    if first is not None:
        older = Notice.objects.filter(
            cohort_id=notice.cohort_id, state__in=[*LIVE, State.PAUSED], made_up_to__gte=first
        )
        older.exclude(pk=notice.pk).update(made_up_to=first - 1)


def overtaken_at(notice: Notice) -> datetime | None:
    """Until when those who join are still told by *notice*; None: as long as anybody joins."""
    others = Notice.objects.filter(cohort_id=notice.cohort_id, sent_at__isnull=False).exclude(pk=notice.pk)
    return matters_until(as_sent(notice), [as_sent(other) for other in others])


def as_sent(notice: Notice) -> Sent:
    assert notice.sent_at is not None
    return Sent(
        pk=notice.pk,
        sort=notice.sort,
        sent_at=notice.sent_at,
        is_duty=notice.is_duty,
        is_stopped=notice.state == State.STOPPED,
    )


def _values(notice: Notice, *, after: int, last: int) -> dict[str, Any]:
    return {
        "notice": notice.pk,
        "cohort": notice.cohort_id,
        "after": after,
        "last": last,
        "sent_at": notice.sent_at,
        "until": overtaken_at(notice),
    }


_PAGE = """
SELECT max(id), count(*) FROM (
    SELECT id FROM notices_member WHERE cohort_id = %s AND id > %s ORDER BY id LIMIT %s) AS page
"""
#: Whether a member is told by a notice: whoever was there when it was sent, and who joined while it still mattered.
IS_TOLD = """
    member.standing <> 'excluded'
    AND (member.standing = 'in' OR member.added_at <= %(sent_at)s OR %(until)s::timestamptz IS NULL
         OR member.added_at <= %(until)s::timestamptz)
"""
# Two members who turned out to be one person (`people.actions.merge`) are told once, as whichever was made first.
# The addresses of a whole page are joined at once: asked for one by one they cost a look through all of them each, wherever the
# database has no statistics yet, as just after very many people were brought in.
_MAKE_SOME = f"""
WITH page AS MATERIALIZED (
    SELECT member.id, member.address, member.customer_id, customer.root_id
      FROM notices_member member
      LEFT JOIN people_customer customer ON customer.id = member.customer_id
     WHERE member.cohort_id = %(cohort)s AND member.id > %(after)s AND member.id <= %(last)s AND {IS_TOLD}
), kin AS MATERIALIZED (
    SELECT page.id, one.id AS customer FROM page JOIN people_customer one ON one.root_id = page.root_id
     WHERE one.id <> page.customer_id
), doubled AS MATERIALIZED (
    SELECT kin.id FROM kin CROSS JOIN LATERAL (
           SELECT FROM notices_member twin WHERE twin.cohort_id = %(cohort)s AND twin.customer_id = kin.customer
              AND (EXISTS (SELECT FROM notices_recipient told WHERE told.notice_id = %(notice)s AND told.member_id = twin.id)
                   OR (twin.id < kin.id AND twin.id IN (SELECT page.id FROM page))) LIMIT 1) AS another
{{elsewhere}})
INSERT INTO notices_recipient (notice_id, member_id, state, carrier, address, domain, tries, tried, note)
SELECT DISTINCT ON (page.id) %(notice)s, page.id, 'waiting', 'email', coalesce(handle.address, page.address),
       lower(split_part(coalesce(handle.address, page.address), '@', 2)), 0, '[]'::jsonb, ''
  FROM page
  LEFT JOIN (people_customer one JOIN people_handle handle ON handle.customer_id = one.id AND handle.kind = 'email')
    ON one.root_id = page.root_id
 WHERE page.id NOT IN (SELECT doubled.id FROM doubled)
 ORDER BY page.id, handle.bounced_at IS NOT NULL, handle.verified_at IS NULL, handle.id
    ON CONFLICT (notice_id, member_id) DO NOTHING
"""  # noqa: S608 -- our own words
_MAKE = _MAKE_SOME.format(elsewhere="")
#: Who has a letter of this wave from another cohort is in good hands, unless that notice was stopped before it reached them; and
#: who was left out of one cohort is not told through another.
_ELSEWHERE = """
    UNION ALL SELECT page.id FROM page {kin} CROSS JOIN LATERAL (
           SELECT FROM notices_member twin WHERE twin.cohort_id = ANY (%(cohorts)s) AND {same}
              AND (twin.standing = 'excluded' OR EXISTS (
                   SELECT FROM notices_recipient told JOIN notices_notice other ON other.id = told.notice_id
                    WHERE told.member_id = twin.id AND told.notice_id = ANY (%(others)s)
                      AND (other.state <> 'stopped' OR told.told_at IS NOT NULL))) LIMIT 1) AS another
"""
_MAKE_OF_WAVE = _MAKE_SOME.format(
    elsewhere=_ELSEWHERE.format(
        kin="JOIN people_customer one ON one.root_id = page.root_id", same="twin.customer_id = one.id"
    )
    + _ELSEWHERE.format(kin="", same="twin.customer_id IS NULL AND twin.address <> '' AND twin.address = page.address")
)
