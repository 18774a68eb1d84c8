"""Help Scout: conversations with their threads as the Mailbox API 2.0 gives them, one by one or in pages.

Shapes: developer.helpscout.com/mailbox-api, "Conversation", "Thread", "Customer", "User", "Rating".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from troth.channels.imports.rules.ticket import NOBODY, Contact, Enclosed, Piece, Plain, Said, Sort, Stands, Ticket
from troth.channels.imports.rules.values import (
    at,
    each,
    inner,
    left_over,
    line,
    moment,
    named,
    noted,
    number,
    stays,
    stays_behind,
    text,
    words,
)

SOURCE = "helpscout"
STANDS = {
    "active": Stands.OPEN,
    "open": Stands.OPEN,
    "pending": Stands.WAITING,
    "closed": Stands.RESOLVED,
    "spam": Stands.RESOLVED,
}
#: Threads in which nobody says anything: a change of status, of who it is assigned to.
_NOTHING_SAID = {"lineitem"}
#: What went to somebody else: "forwardparent" where it was forwarded, "forwardchild" the copy.
_AMONG_STAFF = {"note", "forwardparent", "forwardchild"}
#: A draft was never sent, and what is hidden was taken out of the letters.
_UNSAID = {"draft", "hidden"}
_PAGES = {"conversations", "threads", "customers", "users", "mailboxes", "ratings"}
_KNOWN = named(
    "id number threads threadsCount type folderId status state subject preview mailboxId mailbox assignee owner createdBy"
    " createdAt closedBy closedByUser closedAt userUpdatedAt customerWaitingSince source tags cc bcc primaryCustomer"
    " customer customFields snooze nextEvent _embedded _links updatedAt modifiedAt"
)


_LEFT = named("closedBy closedByUser folderId customerWaitingSince nextEvent")
OF_PEOPLE = named(
    "id type first firstName last lastName name email is_staff _embedded _links role createdAt updatedAt photoUrl photoType"
)
_OF_SAID = named(
    "id type status state body customer createdBy createdAt source action rating attachments _embedded _links conversationId"
    " assignedTo"
)


def pieces(plain: Plain, hint: str) -> Iterator[Piece]:
    """What is in one object of the export; *hint* is the page's name for it, or the file's."""
    embedded = inner(plain, "_embedded")
    pages = [name for name in (*embedded, *plain) if name in _PAGES]
    if "id" not in plain and pages:
        for name in pages:
            value = embedded.get(name, plain.get(name))
            for one in value if isinstance(value, list) else ():
                if isinstance(one, dict):
                    yield from pieces(one, f"{hint} {name}")
        return
    own = number(plain, "id")
    if "mailboxId" in plain or "primaryCustomer" in plain or ("number" in plain and "subject" in plain):
        for role in ("primaryCustomer", "customer", "assignee", "createdBy"):
            yield from _somebody(inner(plain, role), is_staff=role == "assignee")
        for thread in _threads(plain):
            yield from _of_thread(thread)
        yield Piece(Sort.TICKET, own, plain)
    elif "ratingId" in plain or ("rating" in plain and "conversationId" in plain):
        yield Piece(Sort.RATING, own or number(plain, "ratingId"), plain, ticket=number(plain, "conversationId"))
    elif "body" in plain or "createdBy" in plain:
        yield from _of_thread(plain)
        yield Piece(Sort.SAID, own, plain, ticket=number(plain, "conversationId") or _conversation_in(hint))
    elif "role" in plain or ("email" in plain and "user" in hint):
        yield from _somebody(plain, is_staff=True)
    elif "emails" in embedded or "firstName" in plain or "first" in plain:
        yield from _somebody(plain, is_staff=False)
    elif "name" in plain and own:
        yield Piece(Sort.NAME, f"mailbox:{own}", plain)


def _threads(plain: Plain) -> list[Plain]:
    return [*each(inner(plain, "_embedded"), "threads"), *each(plain, "threads")]


def _of_thread(plain: Plain) -> Iterator[Piece]:
    yield from _somebody(inner(plain, "customer"), is_staff=False)
    by = inner(plain, "createdBy")
    yield from _somebody(by, is_staff=by.get("type") == "user")


def _somebody(plain: Plain, *, is_staff: bool) -> Iterator[Piece]:
    """Customers and users are numbered apart, so each carries whose number it is."""
    own = number(plain, "id")
    if own and own != "0":
        is_staff = is_staff or plain.get("type") == "user"
        yield Piece(Sort.PERSON, f"{'user' if is_staff else 'customer'}:{own}", {**plain, "is_staff": is_staff})


def _conversation_in(hint: str) -> str:
    digits = "".join(one if one.isdecimal() else " " for one in hint).split()
    return digits[-1] if digits else ""


def person(plain: Plain) -> Contact:
    embedded = inner(plain, "_embedded")
    name = " ".join(part for part in (line(plain, "first", "firstName"), line(plain, "last", "lastName")) if part)
    emails = [line(plain, "email"), *(line(one, "value") for one in each(embedded, "emails"))]
    is_staff = plain.get("is_staff") is True
    return Contact(
        id=f"{'user' if is_staff else 'customer'}:{number(plain, 'id')}",
        name=name or line(plain, "name"),
        emails=tuple(dict.fromkeys(one for one in emails if one and one != "unknown")),
        phones=tuple(dict.fromkeys(line(one, "value") for one in each(embedded, "phones") if line(one, "value"))),
        is_staff=is_staff,
    )


def ticket(
    plain: Plain,
    said: list[Plain],
    people: Mapping[str, Contact],
    names: Mapping[str, str],
    ratings: list[Plain],
    zone: str,
) -> Ticket:
    status = line(plain, "status").lower()
    opened = at(plain, "createdAt", zone=zone)
    first = inner(plain, "primaryCustomer") or inner(plain, "customer")
    requester = people.get(f"customer:{number(first, 'id')}") or (person(first) if first else NOBODY)
    assigned = inner(plain, "assignee") or inner(plain, "owner")
    assignee = people.get(f"user:{number(assigned, 'id')}", NOBODY)
    spoken: dict[str, Said] = {}
    scores = [f"{line(one, 'rating')} {text(one, 'comments', 'comment')}".strip() for one in ratings]
    left = [*stays_behind(plain, _LEFT)]
    for one in [*_threads(plain), *said]:
        left += stays(one, _OF_SAID, prefix="thread.")
        if line(one, "type") in _NOTHING_SAID or line(one, "state") in _UNSAID:
            left.append(f"thread of type {line(one, 'type')}, {line(one, 'state') or 'published'}")
            continue
        found = _said(one, people=people, requester=requester, zone=zone)
        spoken.setdefault(found.id, found)
        rating = inner(one, "rating")
        if rating:
            scores.append(f"{line(rating, 'rating')} {text(rating, 'comments')}".strip())
    custom = [
        (line(one, "name") or f"field {number(one, 'id')}", one.get("text") or one.get("value"))
        for one in each(plain, "customFields")
    ]
    mailbox, deleted = number(plain, "mailboxId"), line(plain, "state") == "deleted"
    return Ticket(
        id=number(plain, "id"),
        subject=line(plain, "subject"),
        status=status,
        stands=Stands.RESOLVED if deleted else STANDS.get(status, Stands.OPEN),
        opened_at=opened,
        changed_at=moment(plain, "userUpdatedAt", "updatedAt", "modifiedAt", "closedAt", zone=zone) or opened,
        solved_at=moment(plain, "closedAt", zone=zone),
        requester=requester,
        assignee=assignee,
        channel=line(plain, "type") or line(inner(plain, "source"), "type"),
        said=tuple(spoken.values()),
        tags=words(plain, "tags", "tag", "name"),
        noted=noted(
            [
                ("number", number(plain, "number")),
                ("rating", "; ".join(scores)),
                ("mailbox", names.get(f"mailbox:{mailbox}") or mailbox),
                ("cc", ", ".join((*words(plain, "cc"), *words(plain, "bcc")))),
                ("marked", "deleted" if deleted else "spam" if status == "spam" else ""),
                ("snoozed until", line(inner(plain, "snooze"), "snoozedUntil")),
                *custom,
            ]
        ),
        unmapped=left_over(plain, _KNOWN),
        remarks=() if status in STANDS else (f"status {status}",),
        left=tuple(left),
    )


def _said(plain: Plain, *, people: Mapping[str, Contact], requester: Contact, zone: str) -> Said:
    by = inner(plain, "createdBy")
    kind = line(plain, "type")
    ours = by.get("type") == "user" if by else kind in {"message", *_AMONG_STAFF}
    whose = (
        f"user:{number(by, 'id')}" if ours else f"customer:{number(by, 'id') or number(inner(plain, 'customer'), 'id')}"
    )
    return Said(
        id=number(plain, "id"),
        at=at(plain, "createdAt", zone=zone),
        ours=ours or kind in _AMONG_STAFF,
        private=kind in _AMONG_STAFF,
        by=people.get(whose, NOBODY if ours else requester),
        html=text(plain, "body"),
        automatic=line(plain, "type") == "beaconchat" and not by,
        enclosed=tuple(
            Enclosed(
                line(file, "filename", "fileName"),
                line(file, "mimeType"),
                line(inner(inner(file, "_links"), "web"), "href"),
            )
            for file in [*each(inner(plain, "_embedded"), "attachments"), *each(plain, "attachments")]
        ),
    )
