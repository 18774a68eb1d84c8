"""Freshdesk: the account's export (JSON or XML, pages of Tickets, Users, ...), and what its API v2 gives.

Shapes: support.freshdesk.com, "Exporting your account's data", and developers.freshdesk.com/api, "Tickets", "Conversations",
"Contacts", "Agents", "Satisfaction Ratings".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from troth.channels.imports.rules.ticket import (
    NOBODY,
    Contact,
    Enclosed,
    Piece,
    Plain,
    Said,
    Sort,
    Stands,
    Ticket,
    somebody,
)
from troth.channels.imports.rules.values import (
    at,
    each,
    inner,
    is_yes,
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

SOURCE = "freshdesk"
STANDS = {
    "2": Stands.OPEN,
    "open": Stands.OPEN,
    "3": Stands.WAITING,
    "pending": Stands.WAITING,
    "4": Stands.RESOLVED,
    "resolved": Stands.RESOLVED,
    "5": Stands.RESOLVED,
    "closed": Stands.RESOLVED,
    "6": Stands.WAITING,
    "waiting on customer": Stands.WAITING,
    "7": Stands.OPEN,
    "waiting on third party": Stands.OPEN,
}
CHANNELS = {
    "1": "email", "2": "portal", "3": "phone", "5": "twitter", "6": "facebook", "7": "chat", "9": "feedback widget",
    "10": "outbound email", "13": "whatsapp",
}  # fmt: skip
PRIORITIES = {"1": "low", "2": "medium", "3": "high", "4": "urgent"}
#: A rating's number, as "Satisfaction Ratings" of the API has them.
RATINGS = {
    "103": "extremely happy", "102": "very happy", "101": "happy", "100": "neutral", "-101": "unhappy",
    "-102": "very unhappy", "-103": "extremely unhappy", "1": "happy", "2": "neutral", "3": "unhappy",
}  # fmt: skip
_WRAPPED = {"helpdesk_ticket", "helpdesk_note", "user", "contact", "agent", "group", "company", "customer", "ticket"}
_KNOWN = named(
    "id display_id subject description description_html description_text status status_name priority priority_name source"
    " source_name requester requester_id requester_name responder responder_id responder_name created_at updated_at due_by"
    " frdueby fr_due_by frDueBy custom_field custom_fields tags notes helpdesk_notes conversations attachments stats"
    " email phone group_id company_id type ticket_type product_id email_config_id association_type spam deleted isescalated"
    " is_escalated fr_escalated delta nr_due_by nr_escalated trained urgent to_email cc_emails cc_email to_emails fwd_emails"
    " reply_cc_emails ticket_cc_emails structured_description sentiment_score initial_sentiment_score"
)


_LEFT = named(
    "product_id email_config_id association_type isescalated is_escalated fr_escalated nr_due_by nr_escalated trained urgent"
    " to_email to_emails structured_description sentiment_score initial_sentiment_score delta"
)
OF_PEOPLE = named(
    "id name email other_emails user_emails phone mobile helpdesk_agent is_agent contact active created_at updated_at"
)
_OF_SAID = named(
    "id body body_text body_html incoming private user_id created_at updated_at attachments ticket_id notable_id notable_type"
    " deleted helpdesk_note"
)


def pieces(plain: Plain, hint: str) -> Iterator[Piece]:
    """What is in one object of the export; *hint* is the page's name for it, or the file's."""
    if len(plain) == 1:
        ((name, value),) = plain.items()
        if name in _WRAPPED and isinstance(value, dict):
            yield from pieces(value, name)
            return
        if isinstance(value, list):
            for one in value:
                if isinstance(one, dict):
                    yield from pieces(one, name)
            return
    if "ticket_id" in plain and ("body" in plain or "body_text" in plain):
        yield Piece(Sort.SAID, number(plain, "id"), plain, ticket=number(plain, "ticket_id"))
    elif "notable_id" in plain:
        yield Piece(Sort.SAID, number(plain, "id"), plain, ticket=number(plain, "notable_id"))
    elif "ratings" in plain or ("rating" in plain and "ticket_id" in plain):
        yield Piece(Sort.RATING, number(plain, "id"), plain, ticket=number(plain, "ticket_id"))
    elif "requester_id" in plain or "display_id" in plain or ("subject" in plain and "status" in plain):
        yield from _ticket(plain)
    elif isinstance(plain.get("contact"), dict):  # an agent of the API
        yield Piece(
            Sort.PERSON, number(plain, "id"), {**plain["contact"], "id": plain.get("id"), "helpdesk_agent": True}
        )
    elif "email" in plain or "mobile" in plain or "helpdesk_agent" in plain:
        is_agent = {"helpdesk_agent": True} if "agent" in hint.lower() else {}
        yield Piece(Sort.PERSON, number(plain, "id"), {**plain, **is_agent})
    elif "name" in plain and "id" in plain:
        yield Piece(Sort.NAME, f"{'group' if 'group' in hint.lower() else 'company'}:{number(plain, 'id')}", plain)


def _ticket(plain: Plain) -> Iterator[Piece]:
    for role in ("requester", "responder"):
        if number(inner(plain, role), "id"):
            yield Piece(Sort.PERSON, number(inner(plain, role), "id"), inner(plain, role))
    yield Piece(Sort.TICKET, number(plain, "id"), plain)


def person(plain: Plain) -> Contact:
    emails = [line(plain, "email"), *words(plain, "other_emails", "email"), *words(plain, "user_emails", "email")]
    return Contact(
        id=number(plain, "id"),
        name=line(plain, "name"),
        emails=tuple(dict.fromkeys(one for one in emails if one)),
        phones=tuple(dict.fromkeys(one for one in (line(plain, "phone"), line(plain, "mobile")) if one)),
        is_staff=is_yes(plain.get("helpdesk_agent")) or is_yes(plain.get("is_agent")),
    )


def ticket(
    plain: Plain,
    said: list[Plain],
    people: Mapping[str, Contact],
    names: Mapping[str, str],
    ratings: list[Plain],
    zone: str,
) -> Ticket:
    status = line(plain, "status_name").lower() or line(plain, "status").lower()
    stands = STANDS.get(status) or STANDS.get(line(plain, "status").lower())
    requester = people.get(number(plain, "requester_id"), NOBODY)
    if requester == NOBODY:
        email = line(plain, "email") or line(inner(plain, "requester"), "email")
        emails = (email,) if email else ()
        requester = Contact(id=number(plain, "requester_id"), name=line(plain, "requester_name"), emails=emails)
    responder = people.get(number(plain, "responder_id"), NOBODY)
    if responder == NOBODY and line(plain, "responder_name"):
        responder = Contact(name=line(plain, "responder_name"), is_staff=True)
    opened = at(plain, "created_at", zone=zone)
    html = text(plain, "description_html") or (text(plain, "description") if "description_text" in plain else "")
    first = Said(
        id="first",
        at=opened,
        ours=requester.is_staff or line(plain, "source") == "10",
        by=responder if line(plain, "source") == "10" else requester,
        text=text(plain, "description_text") or ("" if html else text(plain, "description")),
        html=html,
        enclosed=_enclosed(plain),
    )
    stats = inner(plain, "stats")
    whole = [*each(plain, "notes"), *each(plain, "helpdesk_notes"), *each(plain, "conversations"), *said]
    spoken = _all_said([_note(one) for one in whole if not is_yes(_note(one).get("deleted"))], people=people, zone=zone)
    marked = [one for one in ("spam", "deleted") if is_yes(plain.get(one))]
    copied = [one for name in ("cc_emails", "fwd_emails", "ticket_cc_emails") for one in _addresses(plain, name)]
    deleted = sum(is_yes(_note(one).get("deleted")) for one in whole)
    odd = [] if stands else [f"status {status}"]
    odd += ["a reply or note in it was deleted, and stays so"] if deleted else []
    fields = [*inner(plain, "custom_field").items(), *inner(plain, "custom_fields").items()]
    has_first = bool(first.text or first.html or first.enclosed)
    return Ticket(
        id=number(plain, "display_id", "id"),
        subject=line(plain, "subject"),
        status=status,
        stands=Stands.RESOLVED if marked else stands or Stands.OPEN,
        opened_at=opened,
        changed_at=moment(plain, "updated_at", zone=zone) or opened,
        solved_at=moment(stats, "resolved_at", "closed_at", zone=zone),
        requester=requester,
        assignee=responder,
        channel=CHANNELS.get(line(plain, "source"), line(plain, "source_name", "source").lower()),
        said=(*([first] if has_first else ()), *spoken),
        tags=words(plain, "tags", "name"),
        noted=noted(
            [
                ("rating", "; ".join(_rating(one) for one in ratings)),
                ("priority", line(plain, "priority_name").lower() or PRIORITIES.get(line(plain, "priority"))),
                ("type", line(plain, "type", "ticket_type")),
                ("due", line(plain, "due_by")),
                ("first answer due", line(plain, "fr_due_by", "frDueBy", "frdueby")),
                ("group", names.get(f"group:{number(plain, 'group_id')}") or number(plain, "group_id")),
                ("company", names.get(f"company:{number(plain, 'company_id')}") or number(plain, "company_id")),
                ("cc", ", ".join(dict.fromkeys(copied))),
                ("marked", ", ".join(marked)),
                *fields,
            ]
        ),
        unmapped=left_over(plain, _KNOWN),
        remarks=tuple(odd),
        left=(
            *stays_behind(plain, _LEFT),
            *(name for one in whole for name in stays(_note(one), _OF_SAID, prefix="conversation.")),
        ),
    )


def _addresses(plain: Plain, name: str) -> list[str]:
    """A list of them, or, in the account's export, all of a ticket's lists under `cc_email`."""
    return [*words(plain, name), *words(inner(plain, "cc_email"), name)]


def _note(plain: Plain) -> Plain:
    return inner(plain, "helpdesk_note") or plain


def _rating(plain: Plain) -> str:
    given = number(inner(plain, "ratings"), "default_question") or number(plain, "rating")
    return f"{RATINGS.get(given, given)} {text(plain, 'feedback')}".strip()


def _all_said(whole: list[Plain], *, people: Mapping[str, Contact], zone: str) -> list[Said]:
    found: dict[str, Said] = {}
    for one in whole:
        author = somebody(people, number(one, "user_id"))
        incoming = is_yes(one.get("incoming"))
        own = number(one, "id")
        html = text(one, "body_html") or (text(one, "body") if "body_text" in one else "")
        found.setdefault(
            own,
            Said(
                id=own,
                at=at(one, "created_at", zone=zone),
                ours=not incoming,
                private=is_yes(one.get("private")),
                by=author,
                text=text(one, "body_text") or ("" if html else text(one, "body")),
                html=html,
                enclosed=_enclosed(one),
            ),
        )
    return list(found.values())


def _enclosed(plain: Plain) -> tuple[Enclosed, ...]:
    return tuple(
        Enclosed(
            line(file, "name", "content_file_name"),
            line(file, "content_type", "content_content_type"),
            line(file, "attachment_url"),
        )
        for file in each(plain, "attachments")
    )
