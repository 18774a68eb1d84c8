"""What must be true of talks: each of our messages in one has a line of its own, and what was not seen leaves in time."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext as _

from troth.words.findings import Check

#: How long after somebody was last there what they have not seen may wait for its letter.
LEAVES_WITHIN = timedelta(minutes=5)


def checks() -> tuple[Check, ...]:
    return (
        Check(
            invariant="I4",
            wrong=_("Answers were said in a chat, and nothing brings them to the visitor."),
            mend=_("The visitor may never see them: write them again in the case."),
            refs="""
                SELECT 'message:' || message.id FROM cases_message AS message
                WHERE message.direction = 'outbound' AND message.channel = 'chat'
                AND NOT EXISTS (SELECT FROM chat_line AS line WHERE line.message_id = message.id) ORDER BY message.id
            """,
        ),
        Check(
            invariant="I12",
            wrong=_("Visitors left a chat minutes ago, and what they have not seen has not been sent after them."),
            mend=_("Is the worker running? Its lane `chat` sends it; its log says what stands in the way."),
            refs="""
                SELECT DISTINCT 'case:' || talk.case_id FROM chat_line AS line JOIN chat_talk AS talk ON talk.id = line.talk_id
                JOIN cases_message AS message ON message.id = line.message_id
                JOIN people_handle AS handle ON handle.id = talk.handle AND handle.kind = 'email'
                WHERE line.seen_at IS NULL AND line.letter_id IS NULL AND talk.has_address
                AND greatest(coalesce(talk.here_at, talk.begun_at), message.at) < %(now)s - %(within)s ORDER BY 1
            """,
            values={"within": LEAVES_WITHIN},
        ),
    )
