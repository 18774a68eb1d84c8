"""What must be true of notices: those who are told are those in the frozen cohort, without who was left out, with who joined late.

The same rule as in `rules.matters`, asked by another hand: as one question to the tables.
"""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext as _

from troth.notices.rules.matters import overtaking
from troth.words.findings import CHANGED, Check

#: How long a letter's end may be unknown to the notice it belongs to.
FOLLOWED_WITHIN = timedelta(minutes=5)

_PAIRS = ", ".join(f"('{newer}', '{older}')" for newer, older in overtaking())
_DUE = f"""
    member.standing <> 'excluded' AND (
        member.standing = 'in' OR member.added_at <= notice.sent_at OR (notice.is_duty AND NOT EXISTS (
            SELECT FROM notices_notice AS newer
            WHERE newer.cohort_id = notice.cohort_id AND newer.is_duty AND newer.state <> 'stopped'
                AND (newer.sent_at, newer.id) > (notice.sent_at, notice.id) AND newer.sent_at < member.added_at
                AND (newer.sort, notice.sort) IN ({_PAIRS})
        ))
    )
"""
_WAVE = """
    JOIN notices_notice AS other ON other.cohort_id = twin.cohort_id AND other.cohort_id <> notice.cohort_id
        AND (other.about, other.sort, other.written_at) = (notice.about, notice.sort, notice.written_at)
    LEFT JOIN notices_recipient AS told ON told.notice_id = other.id AND told.member_id = twin.id
"""
_TOLD_ELSEWHERE = """
    (twin.standing = 'excluded' OR (told.id IS NOT NULL AND (other.state <> 'stopped' OR told.told_at IS NOT NULL)))
"""


def checks() -> tuple[Check, ...]:
    worker = _("Is the worker running? Its lane `telling` does it; its log says what stands in the way.")
    report = _("Please report this with the notice's page: it must never happen. Tell them by hand meanwhile.")
    return (
        Check(
            invariant="I13",
            wrong=_("Members of a frozen cohort were passed by: nobody tells them of a notice that is due to them."),
            mend=report,
            refs=f"""
                SELECT 'member:' || member.id FROM notices_notice AS notice
                JOIN notices_member AS member ON member.cohort_id = notice.cohort_id AND member.id <= notice.made_up_to
                LEFT JOIN notices_recipient AS recipient
                    ON recipient.notice_id = notice.id AND recipient.member_id = member.id
                WHERE notice.state IN ('sending', 'paused', 'done') AND recipient.id IS NULL AND {_DUE}
                AND NOT EXISTS (  -- one person under another number was
                    SELECT FROM people_customer AS own JOIN people_customer AS one ON one.root_id = own.root_id
                    JOIN notices_member AS twin ON twin.cohort_id = member.cohort_id AND twin.customer_id = one.id
                    JOIN notices_recipient AS told ON told.notice_id = notice.id AND told.member_id = twin.id
                    WHERE own.id = member.customer_id)
                AND NOT EXISTS (  -- by another notice of the same act, or left out of its cohort
                    SELECT FROM people_customer AS own JOIN people_customer AS one ON one.root_id = own.root_id
                    JOIN notices_member AS twin ON twin.customer_id = one.id {_WAVE}
                    WHERE own.id = member.customer_id AND {_TOLD_ELSEWHERE})
                AND NOT EXISTS (
                    SELECT FROM notices_member AS twin {_WAVE}
                    WHERE twin.address = member.address AND twin.address <> '' AND member.customer_id IS NULL
                        AND twin.customer_id IS NULL AND {_TOLD_ELSEWHERE})
                ORDER BY member.id
            """,  # noqa: S608 -- our own words
        ),
        Check(
            invariant="I13",
            wrong=_(
                "Somebody is told of a notice who is not of its cohort, was left out, or joined when it was overtaken."
            ),
            mend=report,
            refs=f"""
                SELECT 'recipient:' || recipient.id FROM notices_recipient AS recipient
                JOIN notices_notice AS notice ON notice.id = recipient.notice_id
                JOIN notices_member AS member ON member.id = recipient.member_id
                WHERE member.cohort_id <> notice.cohort_id OR notice.sent_at IS NULL
                    OR (member.standing = 'excluded' AND recipient.state NOT IN ('waiting', 'unreachable', 'unclear', 'by_hand'))
                    OR (member.standing <> 'excluded' AND NOT ({_DUE}))
                ORDER BY recipient.id
            """,  # noqa: S608 -- our own words
        ),
        Check(
            invariant="I3",
            wrong=_("More than one letter of a notice went to the same address of the same member."),
            mend=report,
            refs="""
                SELECT 'letter:' || max(id) FROM post_letter
                WHERE because LIKE 'notice:%%' AND state <> 'taken_back' AND to_address <> ''
                GROUP BY because, split_part(key, ':', 3), lower(to_address) HAVING count(*) > 1 ORDER BY max(id)
            """,
        ),
        Check(
            invariant="I4",
            wrong=_("Members count as told, and their letters did not arrive."),
            mend=CHANGED,
            refs="""
                SELECT 'recipient:' || recipient.id FROM notices_recipient AS recipient
                LEFT JOIN post_letter AS letter ON letter.id = recipient.letter_id
                WHERE recipient.carrier = 'email' AND recipient.state = 'accepted' AND (letter.state IS DISTINCT FROM 'sent'
                    OR letter.bounced_at < %(now)s - %(within)s) ORDER BY recipient.id
            """,
            values={"within": FOLLOWED_WITHIN},
        ),
        Check(
            invariant="I12",
            wrong=_(
                "What became of letters is known, and the notices they belong to have not heard of it for minutes."
            ),
            mend=worker,
            refs="""
                SELECT 'recipient:' || recipient.id FROM notices_recipient AS recipient
                JOIN post_letter AS letter ON letter.id = recipient.letter_id
                WHERE recipient.state = 'queued' AND recipient.carrier = 'email' AND (
                    letter.delivered_at < %(now)s - %(within)s
                    OR (letter.state IN ('refused', 'unclear', 'taken_back') AND letter.next_try_at < %(now)s - %(within)s)
                ) ORDER BY recipient.id
            """,
            values={"within": FOLLOWED_WITHIN},
        ),
        Check(
            invariant="I12",
            wrong=_("Notices were sent, and minutes later nobody has begun to tell their members."),
            mend=worker,
            refs="""
                SELECT 'notice:' || notice.id FROM notices_notice AS notice
                WHERE notice.state = 'sending' AND notice.sent_at < %(now)s - %(within)s AND EXISTS (
                    SELECT FROM notices_member AS member WHERE member.cohort_id = notice.cohort_id
                    AND member.id > notice.made_up_to AND member.added_at < %(now)s - %(within)s) ORDER BY notice.id
            """,
            values={"within": FOLLOWED_WITHIN},
        ),
        Check(
            invariant="I8",
            wrong=_("Members were told, as their rows say, and the ledger does not tell so."),
            mend=CHANGED,
            refs="""
                SELECT 'recipient:' || recipient.id FROM notices_recipient AS recipient
                WHERE recipient.state IN ('accepted', 'unreachable', 'by_hand') AND NOT EXISTS (
                    SELECT FROM ledger_entry AS entry WHERE entry.about = 'recipient:' || recipient.id AND entry.kind =
                    CASE recipient.state WHEN 'accepted' THEN 'MemberTold' WHEN 'by_hand' THEN 'MemberToldByHand'
                        ELSE 'MemberUnreachable' END) ORDER BY recipient.id
            """,
        ),
    )
