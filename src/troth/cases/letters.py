"""What leaves a case by letter: the reply, and the acknowledgement, which repeats nothing the sender wrote (T3)."""

from __future__ import annotations

import mimetypes
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.html import format_html, format_html_join, linebreaks
from django.utils.translation import gettext as _

from troth.cases import models as cases
from troth.cases.models import Message
from troth.cases.rules import sniffed
from troth.cases.rules.gate import Answer, Choice
from troth.people import queries as people
from troth.people.actions import issue_link
from troth.people.models import Handle
from troth.post import actions as post
from troth.post.models import Letter
from troth.post.queries import ACKNOWLEDGE, reply_token
from troth.post.rules.letter import Attachment
from troth.post.rules.mime import PLAIN
from troth.promises.letters import spoken
from troth.words.refs import ref

#: How many earlier Message-IDs a letter names, so that the customer's mail program shows one thread.
REFERENCES_MAX = 10


def reply(
    message: Message,
    *,
    handle: Handle,
    answers: Sequence[Answer],
    files: Sequence[cases.Attachment] = (),
    before: str = "",
    now: datetime,
) -> Letter:
    """The letter that carries an outgoing message; made once for each message.

    Beneath the words stands every promise that was confirmed with a date, so that the customer reads the date that counts;
    above them *before*, what was said in a talk and not seen.
    """
    case = message.case
    earlier = list(
        Message.objects.filter(case=case, direction__in=["inbound", "outbound"])
        .exclude(message_id="")
        .order_by("-at", "-pk")
        .values_list("message_id", flat=True)[:REFERENCES_MAX]
    )
    link = people.link_url(issue_link(customer_id=case.customer_id, now=now))
    name = message.staff.name if message.staff else people.company_name()
    foot = _("What we have promised you, and how it stands: %s") % link
    subject = case.subject or _("Your message")
    dated = _dated(answers, zone=people.zone_of(case.customer))
    words = "\n".join([_("Our word to you:"), *(f"– {what}: {when}" for what, when in dated)]) if dated else ""
    html = ""
    if message.html:
        given = format_html_join("", "<li>{}: <strong>{}</strong></li>", dated)
        signed = format_html(
            '{}<p>{}, {}</p><p><a href="{}">{}</a></p>',
            format_html("<p>{}</p><ul>{}</ul>", _("Our word to you:"), given) if dated else "",
            name,
            people.company_name(),
            link,
            foot.removesuffix(link),
        )
        # as_html cleaned the words, linebreaks and format_html escaped what stands around them
        above = linebreaks(before, autoescape=True) if before else ""
        html = f"{above}{message.html}{signed}"
    return post.hand_over(
        key=f"reply:{ref('message', message.pk)}",
        to_address=handle.address,
        to_name=case.customer.name,
        subject=subject if subject.lower().startswith("re:") else f"Re: {subject}",
        text="\n\n".join(
            part for part in (before, message.text, words, f"{name}, {people.company_name()}", foot) if part
        ),
        html=html,
        because=ref("message", message.pk),
        customer_id=case.customer_id,
        automatic=False,
        reply_token=reply_token(case_id=case.pk, participant=handle.pk, now=now),
        in_reply_to=earlier[0] if earlier else "",
        references=tuple(reversed(earlier)),
        attachments=[_file(file) for file in files],
        now=now,
    )


def _file(file: cases.Attachment) -> Attachment:
    """A file as the letter carries it: its kind by what is in it, else by its name, so that mail programs open it rightly."""
    kind = file.seen_as or mimetypes.guess_type(file.name)[0] or ""
    if kind.startswith("text/"):  # what other words are, only UTF-8 says for certain
        kind = PLAIN if file.seen_as == sniffed.TEXT else ""
    return Attachment(name=file.name, content_type=kind or "application/octet-stream", content=bytes(file.blob.content))


def _dated(answers: Sequence[Answer], *, zone: str) -> list[tuple[str, str]]:
    """What was promised and by when, in the customer's zone."""
    return [
        (answer.what, _("by %(when)s") % {"when": spoken(answer.due, zone)})
        for answer in answers
        if answer.due and answer.choice not in {Choice.NOT_A_PROMISE, Choice.ARMED}
    ]


@dataclass(frozen=True)
class FinalResponse:
    """By when a complainant has our final response at the latest, and by when we hope to have settled it."""

    by: datetime
    early: datetime | None


def acknowledgement(
    message: Message, *, answer_by: datetime, final: FinalResponse | None = None, hops: int, now: datetime
) -> tuple[Letter, bool]:
    """The letter that says we have it and when a person answers, and whether it is new; none of the sender's words.

    *final* is said to whoever complained where DISP holds (1.6.1R: a prompt written acknowledgement).
    """
    case, handle = message.case, message.handle
    assert handle is not None  # only a sender can be answered
    key = f"{ACKNOWLEDGE}{ref('message', message.pk)}"
    zone = people.zone_of(case.customer)
    when = spoken(answer_by, zone)
    outgoing = post.Outgoing(
        key=key,
        to_address=handle.address,
        to_name="",
        subject=_("We have your message (case %(number)s)") % {"number": case.pk},
        text="\n\n".join(
            [
                _("Hello,"),
                _("We have your message. A person will answer you by %(when)s.") % {"when": when},
                *(_final_said(final, zone=zone) if final else ()),
                _("If we cannot, we will tell you before then. You can add to it by answering this letter."),
                people.company_name(),
            ]
        ),
        because=ref("case", case.pk),
        customer_id=case.customer_id,
        automatic=True,
        reply_token=reply_token(case_id=case.pk, participant=handle.pk, now=now),
        is_answer=True,
        hops=hops,
        # Of an unproven sender not even the Message-ID is repeated: it is words of theirs like any other.
        in_reply_to=message.message_id if message.verified else "",
        references=(message.message_id,) if message.verified and message.message_id else (),
    )
    letter = post.hand_over_new(post.written(outgoing, now=now), now=now)
    return (letter, True) if letter else (Letter.objects.get(key=key), False)


def _final_said(final: FinalResponse, *, zone: str) -> list[str]:
    by = _("You will have our final response to your complaint by %(when)s at the latest.")
    said = [by % {"when": spoken(final.by, zone)}]
    if final.early:
        early = _("Where it can be settled at once, we mean to have done so by %(when)s.")
        said.append(early % {"when": spoken(final.early, zone)})
    return said
