"""The letter that tells one member: its own words in the reader's language, by name, with both times in the reader's zone.

What a thousand letters need to know is looked up at once (`Around`). The preview is made by the same hand, so that it is the letter.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings
from django.db import connection
from django.utils.translation import override

from troth.notices.models import Member, Notice, Text
from troth.notices.rules.carriers import Note
from troth.notices.rules.phrases import chosen_language, phrases
from troth.people import queries as people
from troth.people.actions import issue_links
from troth.promises.letters import spoken
from troth.words.refs import ref


@dataclass(frozen=True)
class Addressee:
    """One member, and where the letter goes."""

    member: int
    customer: int | None
    name: str
    zone: str
    address: str
    #: How many letters went before this one.
    turn: int = 0


@dataclass
class Around:
    """What letters of one notice need to know beside their reader."""

    company: str
    zone: str
    #: Subject and words by language, the first written first.
    texts: dict[str, tuple[str, str]]
    #: The language a customer writes in, where it is known and can be chosen.
    languages: dict[int, str] = field(default_factory=dict)
    #: The address of each customer's own page.
    pages: dict[int, str] = field(default_factory=dict)


def surroundings(notice: Notice, customers: Sequence[int], *, now: datetime) -> Around:
    """Look up what letters to these customers need; the links to their pages are issued here, in the caller's transaction."""
    links = issue_links(customer_ids=customers, now=now) if customers else {}
    around = known(notice, customers)
    around.pages = {pk: people.link_url(link) for pk, link in links.items()}
    return around


def known(notice: Notice, customers: Sequence[int]) -> Around:
    """The same without their pages: nothing is written."""
    rows = Text.objects.filter(notice=notice).order_by("pk").values_list("language", "subject", "words")
    texts = {language: (subject, words) for language, subject, words in rows}
    return Around(
        company=people.company_name(),
        zone=people.hours_of().zone,
        texts=texts,
        languages=languages_of(customers) if len(texts) > 1 and customers else {},
    )


def note_for(notice: Notice, reader: Addressee, *, around: Around, now: datetime) -> Note:
    """What *reader* is told, word for word."""
    language = chosen_language(around.languages.get(reader.customer or 0, ""), tuple(around.texts))
    subject, words = around.texts[language]
    said, zone = phrases(language), reader.zone or around.zone
    with override(language):
        happened, written = spoken(notice.happened_at, zone), spoken(notice.sent_at or now, zone)
    page = around.pages.get(reader.customer or 0)
    parts = [
        said.hello.format(name=reader.name) if reader.name else said.hello_nobody,
        words,
        said.times.format(happened=happened, said=written),
        said.page.format(page=page) if page else "",
        said.answer,
        around.company,
    ]
    return Note(
        key=f"notice:{notice.pk}:{reader.member}:{reader.turn}",
        address=reader.address,
        name=reader.name,
        subject=subject,
        text="\n\n".join(part for part in parts if part),
        because=ref("notice", notice.pk),
        customer_id=reader.customer,
    )


@dataclass(frozen=True)
class Preview:
    """One letter as it will be, in one of the languages."""

    language: str
    to: str
    subject: str
    text: str


def preview(notice: Notice, *, now: datetime) -> list[Preview]:
    """For each language the very letter that one of the members gets; the link is theirs, and made when it leaves."""
    around = known(notice, [])
    member = Member.objects.filter(cohort_id=notice.cohort_id).select_related("customer").order_by("pk").first()
    customer = member.customer if member else None
    name = (member.name or (customer.name if customer else "")) if member else ""
    found = []
    for language, text in around.texts.items():
        alone = Around(company=around.company, zone=around.zone, texts={language: text})
        alone.pages = {customer.pk: f"{settings.TROTH_URL}/p/…/"} if customer else {}
        reader = Addressee(
            member=0,
            customer=customer.pk if customer else None,
            name=name,
            zone=customer.zone if customer else "",
            address="",
        )
        note = note_for(notice, reader, around=alone, now=now)
        found.append(Preview(language=language, to=name, subject=note.subject, text=note.text))
    return found


def languages_of(customers: Sequence[int]) -> dict[int, str]:
    """The language in which each of these customers last wrote to us, where that could be read; one statement."""
    with connection.cursor() as cursor:
        cursor.execute(_LANGUAGES, [list(customers)])
        return dict(cursor.fetchall())


_LANGUAGES = """
SELECT asked.id, latest.language FROM unnest(%s::bigint[]) AS asked (id)
  JOIN people_customer customer ON customer.id = asked.id
 CROSS JOIN LATERAL (
       SELECT message.reading ->> 'language' AS language
         FROM people_customer one
         JOIN cases_case held ON held.customer_id = one.id
         JOIN cases_message message ON message.case_id = held.id AND message.direction = 'inbound'
        WHERE one.root_id = customer.root_id AND coalesce(message.reading ->> 'language', 'unknown') NOT IN ('unknown', '')
        ORDER BY message.at DESC LIMIT 1) AS latest
"""
