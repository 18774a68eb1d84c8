"""Those whom no letter reaches: the list of them, and the letters to print and post."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from troth.notices.actions.telling import BY_HAND_FROM
from troth.notices.letters import Addressee, Around, known, note_for
from troth.notices.models import Notice, Recipient, Standing
from troth.people import paper
from troth.people import queries as people
from troth.people.models import Handle

#: Looked at together, so that a list of a hundred thousand takes no more memory than one of a thousand.
BATCH = 1_000
#: So many letters stand in one file to print.
PAGES_MOST = 2_000


@dataclass(frozen=True)
class ByHand:
    """One letter to somebody whom none reaches."""

    pk: int
    name: str
    #: Other ways to them that are known: numbers, names elsewhere.
    ways: tuple[str, ...]
    tried: list[dict[str, str]]
    subject: str
    text: str


def of_hand(notice: Notice) -> QuerySet[Recipient]:
    """Who is to be told by hand, in their order; nobody who was left out meanwhile, or forgotten."""
    rows = Recipient.objects.filter(notice=notice, state__in=BY_HAND_FROM)
    theirs = rows.exclude(member__standing=Standing.EXCLUDED).filter(
        Q(member__customer=None) | Q(member__customer__erased_at=None)
    )
    return theirs.select_related("member", "member__customer").order_by("pk")


def by_hand(notice: Notice, *, most: int | None = None) -> Iterator[ByHand]:
    """Their letters, a batch at a time."""
    last, left = 0, most
    while left is None or left > 0:
        rows = list(of_hand(notice).filter(pk__gt=last)[: min(BATCH, left or BATCH)])
        if not rows:
            return
        last, left = rows[-1].pk, None if left is None else left - len(rows)
        around = known(notice, [row.member.customer_id for row in rows if row.member.customer_id])
        ways = _ways([row.member.customer_id for row in rows if row.member.customer_id])
        for row in rows:
            yield _letter(notice, row, around=around, ways=ways)


def _letter(notice: Notice, row: Recipient, *, around: Around, ways: dict[int, list[str]]) -> ByHand:
    customer = row.member.customer
    name = row.member.name or (customer.name if customer else "")
    reader = Addressee(
        member=row.member_id,
        customer=row.member.customer_id,
        name=name,
        zone=customer.zone if customer else "",
        address="",
    )
    note = note_for(notice, reader, around=around, now=row.notice.sent_at or notice.written_at)
    known_ways = tuple(ways.get(customer.root_pk, ())) if customer else ()
    return ByHand(row.pk, name or row.member.address, known_ways, list(row.tried), note.subject, note.text)


def _ways(customers: list[int]) -> dict[int, list[str]]:
    """Every way to these people that is known, by the root of each; one statement."""
    found: dict[int, list[str]] = {}
    rows = Handle.objects.filter(customer__root__family__in=customers).order_by("pk").distinct()
    for root, kind, address in rows.values_list("customer__root_id", "kind", "address"):
        found.setdefault(root or 0, []).append(f"{kind}: {address}")
    return found


def letters_pdf(notice: Notice, *, now: datetime) -> bytes:
    """The letters to print, each on a page of its own."""
    parts: list[paper.Part] = []
    for one in by_hand(notice, most=PAGES_MOST):
        if parts:
            parts.append(paper.NewPage())
        parts += [
            paper.Pairs([(_("To"), one.name), (_("Ways to them that are known"), "\n".join(one.ways) or _("None."))]),
            paper.Heading(one.subject),
            paper.Paragraph(one.text),
        ]
    if not parts:
        parts = [paper.Paragraph(_("Everybody could be reached: there is no letter to post."))]
    return paper.pdf(
        title=_("Letters by hand"),
        company=people.company_name(),
        language="en",
        made_at=now,
        footer=f"{people.company_name()} · notice {notice.pk}",
        parts=parts,
    )
