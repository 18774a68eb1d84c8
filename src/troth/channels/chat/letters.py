"""What leaves a talk by letter: our words that were not seen, and the talk so far for who asked for it.

To an address that was only typed nothing goes that its typist wrote, or the chat would be a way to write to anybody (reliability T3).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from troth.cases.models import Message
from troth.channels.chat import queries
from troth.channels.chat.models import Talk
from troth.people import queries as people
from troth.people.actions import issue_link
from troth.people.models import Customer, Handle
from troth.post import actions as post
from troth.post.models import Letter
from troth.post.queries import reply_token
from troth.promises.letters import spoken
from troth.promises.models import Promise
from troth.words.messages import Direction
from troth.words.refs import ref


def unseen(talk: Talk, *, handle: Handle, messages: Sequence[Message], now: datetime) -> Letter:
    """One letter for all of *messages*, the last of which names it."""
    last = messages[-1]
    link = people.link_url(issue_link(customer_id=_customer(talk).pk, now=now))
    letter = post.hand_over(
        key=f"chat:{ref('message', last.pk)}",
        to_address=handle.address,
        subject=_("Our answer in the chat (case %(number)s)") % {"number": talk.case_id},
        text="\n\n".join(
            [
                _("Hello,"),
                _("you talked with us and had left before you saw this:"),
                quoted(talk, messages),
                _("To go on, answer this letter."),
                people.company_name(),
                _("What we have promised you, and how it stands: %s") % link,
            ]
        ),
        because=ref("message", last.pk),
        customer_id=_customer(talk).pk,
        automatic=False,
        reply_token=reply_token(case_id=_case(talk), participant=handle.pk, now=now),
        now=now,
    )
    sources = [ref("message", message.pk) for message in messages]
    made = Promise.objects.filter(source__in=sources).order_by("pk").values_list("pk", flat=True)
    post.enclose({letter.pk: [ref("promise", pk) for pk in made]})
    return letter


def transcript(talk: Talk, *, handle: Handle, messages: Sequence[Message], now: datetime) -> Letter:
    """The talk so far. While nobody has shown that the address is the visitor's it says only when they spoke, not what."""
    is_proven = queries.is_theirs(talk, handle)
    last = messages[-1]
    parts = [
        _("Hello,"),
        _("this is your talk with us, as you asked."),
        quoted(talk, messages, theirs=is_proven),
        ""
        if is_proven
        else _(
            "What you wrote yourself is left out: nobody has shown yet that this address is yours."
            " Answer this letter, and ask again."
        ),
        _("To go on, answer this letter."),
        people.company_name(),
    ]
    return post.hand_over(
        key=f"chat:transcript:{talk.pk}:{last.pk}{':whole' if is_proven else ''}",
        to_address=handle.address,
        subject=_("Your talk with us (case %(number)s)") % {"number": talk.case_id},
        text="\n\n".join(part for part in parts if part),
        because=ref("case", _case(talk)),
        customer_id=_customer(talk).pk,
        automatic=True,
        reply_token=reply_token(case_id=_case(talk), participant=handle.pk, now=now),
        is_answer=True,
        now=now,
    )


def quoted(talk: Talk, messages: Sequence[Message], *, theirs: bool = False) -> str:
    """What was said, each with who and when in the reader's zone, and the dates promised in it; *theirs*: the visitor's words too."""
    zone = people.zone_of(_customer(talk))
    promised = queries.dated([message.pk for message in messages])
    return "\n\n".join(_quoted(one, promised.get(one.pk, []), zone=zone, theirs=theirs) for one in messages)


def _quoted(message: Message, promised: Sequence[tuple[str, datetime]], *, zone: str, theirs: bool) -> str:
    when = spoken(message.at, zone)
    if message.direction != Direction.OUTBOUND:
        who = _("You, %(when)s:") % {"when": when}
        return f"{who}\n{message.text}" if theirs else who.removesuffix(":")
    name = message.staff.name if message.staff else people.company_name()
    lines = [_("%(name)s, %(when)s:") % {"name": name, "when": when}, message.text]
    if promised:
        lines += [_("Our word to you:")]
        lines += [f"– {what}: " + _("by %(when)s") % {"when": spoken(due, zone)} for what, due in promised]
    return "\n".join(lines)


def _customer(talk: Talk) -> Customer:
    assert talk.customer is not None
    return talk.customer


def _case(talk: Talk) -> int:
    assert talk.case_id is not None
    return talk.case_id
