"""Zammad: tickets, articles and users as its REST API gives them, plain, expanded or as assets.

Shapes: docs.zammad.org/en/latest/api, "Ticket", "Articles", "User", "Introduction" (expand, full); admin-docs.zammad.org, "Webhook".
"""

from __future__ import annotations

import binascii
from base64 import b64decode
from collections.abc import Iterator, Mapping
from html import escape

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

SOURCE = "zammad"
#: States by name, and by the number they have in a new installation.
STANDS = {
    "new": Stands.OPEN,
    "1": Stands.OPEN,
    "open": Stands.OPEN,
    "2": Stands.OPEN,
    "pending reminder": Stands.WAITING,
    "3": Stands.WAITING,
    "closed": Stands.RESOLVED,
    "4": Stands.RESOLVED,
    "merged": Stands.RESOLVED,
    "5": Stands.RESOLVED,
    "removed": Stands.RESOLVED,
    "6": Stands.RESOLVED,
    "pending close": Stands.WAITING,
    "7": Stands.WAITING,
}
PRIORITIES = {"1": "1 low", "2": "2 normal", "3": "3 high"}
_AGENT, _SYSTEM = {"agent", "1"}, {"system", "3"}
_STAFF_ROLES = {"admin", "agent", "1", "2"}
_PAGES = {"tickets", "ticket_articles", "articles", "users", "groups", "organizations", "states", "ticket_states"}
_ASSETS = {
    "Ticket": "tickets",
    "TicketArticle": "articles",
    "User": "users",
    "Group": "groups",
    "Organization": "organizations",
    "TicketState": "states",
}
_KNOWN = named(
    "id number title group group_id state state_id priority priority_id customer customer_id owner owner_id organization"
    " organization_id note created_at updated_at close_at closed_at last_close_at first_response_at escalation_at"
    " first_response_escalation_at update_escalation_at close_escalation_at pending_time create_article_type"
    " create_article_type_id create_article_sender create_article_sender_id article_ids articles ticket_articles"
    " article_count tags preferences time_unit ticket_time_accounting ticket_time_accounting_ids checklist_id"
    " created_by created_by_id updated_by updated_by_id last_contact_at last_contact_agent_at last_contact_customer_at"
    " last_owner_update_at first_response_in_min first_response_diff_in_min close_in_min close_diff_in_min"
    " update_in_min update_diff_in_min type mentions mention_ids referencing_checklist_ids"
)


_LEFT = named(
    "first_response_at time_unit ticket_time_accounting ticket_time_accounting_ids checklist_id preferences mentions mention_ids"
    " referencing_checklist_ids first_response_escalation_at update_escalation_at close_escalation_at"
)
OF_PEOPLE = named(
    "id login firstname lastname email phone mobile roles role_ids active created_at updated_at created_by_id updated_by_id"
)
_OF_SAID = named(
    "id ticket_id type type_id sender sender_id from subject body content_type internal message_id message_id_md5 created_at"
    " updated_at created_by created_by_id updated_by updated_by_id origin_by origin_by_id attachments cc to preferences"
)


def pieces(plain: Plain, hint: str) -> Iterator[Piece]:
    """What is in one object of the export; *hint* is the page's name for it, or the file's."""
    assets = inner(plain, "assets")
    for name, page in _ASSETS.items():
        for one in (inner(assets, name) or {}).values():
            if isinstance(one, dict):
                yield from pieces(one, page)
    if isinstance(plain.get("ticket"), dict):  # a webhook's
        article = inner(plain, "article")
        yield from pieces({**plain["ticket"], "articles": [article] if article else []}, "tickets")
        return
    pages = [name for name in plain if name in _PAGES]
    if "id" not in plain:
        for name in pages:
            for one in each(plain, name):
                yield from pieces(one, name)
        return
    own = number(plain, "id")
    if "ticket_id" in plain and ("body" in plain or "sender" in plain or "sender_id" in plain):
        yield from _people_of(plain, "created_by", "origin_by")
        yield Piece(Sort.SAID, own, plain, ticket=number(plain, "ticket_id"))
    elif "title" in plain and ("number" in plain or "customer_id" in plain or "customer" in plain):
        yield from _people_of(plain, "customer", "owner", "created_by")
        for one in [*each(plain, "articles"), *each(plain, "ticket_articles")]:
            yield from _people_of(one, "created_by", "origin_by")
        yield Piece(Sort.TICKET, own, plain)
    elif "login" in plain or "firstname" in plain:
        yield Piece(Sort.PERSON, own, plain)
    elif "name" in plain:
        sort = "state" if "state" in hint else "group" if "group" in hint else "organization"
        yield Piece(Sort.NAME, f"{sort}:{own}", plain)


def _people_of(plain: Plain, *roles: str) -> Iterator[Piece]:
    for role in roles:
        if number(inner(plain, role), "id"):
            yield Piece(Sort.PERSON, number(inner(plain, role), "id"), inner(plain, role))


def person(plain: Plain) -> Contact:
    roles = {role.lower() for role in words(plain, "roles", "name")} | set(words(plain, "role_ids"))
    name = " ".join(part for part in (line(plain, "firstname"), line(plain, "lastname")) if part)
    login = line(plain, "login")
    emails = [line(plain, "email"), login if "@" in login else ""]
    return Contact(
        id=number(plain, "id"),
        name=name if name != "-" else "",
        emails=tuple(dict.fromkeys(one for one in emails if one)),
        phones=tuple(dict.fromkeys(one for one in (line(plain, "phone"), line(plain, "mobile")) if one)),
        is_staff=bool(roles & _STAFF_ROLES),
    )


def ticket(
    plain: Plain,
    said: list[Plain],
    people: Mapping[str, Contact],
    names: Mapping[str, str],
    ratings: list[Plain],
    zone: str,
) -> Ticket:
    status = _name_of(plain, "state", names).lower()
    opened = at(plain, "created_at", zone=zone)
    requester = _who(plain, "customer", people)
    owner = _who(plain, "owner", people)
    spoken: dict[str, Said] = {}
    left, odd = [*stays_behind(plain, _LEFT)], [] if status in STANDS else [f"status {status}"]
    for one in [*each(plain, "articles"), *each(plain, "ticket_articles"), *said]:
        left += stays(one, _OF_SAID, prefix="article.")
        if line(inner(one, "preferences"), "delivery_status") == "fail":
            odd.append("an answer in it could not be delivered there")
        found = _said(one, people=people, requester=requester, zone=zone)
        spoken.setdefault(found.id, found)
    priority = line(plain, "priority") or PRIORITIES.get(number(plain, "priority_id"), number(plain, "priority_id"))
    return Ticket(
        id=number(plain, "id"),
        subject=line(plain, "title"),
        status=status,
        stands=STANDS.get(status, Stands.OPEN),
        opened_at=opened,
        changed_at=moment(plain, "updated_at", zone=zone) or opened,
        solved_at=moment(plain, "close_at", "closed_at", "last_close_at", zone=zone),
        requester=requester,
        assignee=NOBODY if owner.id == "1" else owner,
        channel=line(plain, "create_article_type"),
        said=tuple(spoken.values()),
        tags=words(plain, "tags"),
        noted=noted(
            [
                ("number", number(plain, "number")),
                ("priority", inner(plain, "priority").get("name") or priority),
                ("group", _name_of(plain, "group", names)),
                ("organization", _name_of(plain, "organization", names)),
                ("pending until", line(plain, "pending_time")),
                ("SLA: to be answered or closed by", line(plain, "escalation_at")),
                ("note", text(plain, "note")),
            ]
        ),
        unmapped=left_over(plain, _KNOWN),
        remarks=tuple(dict.fromkeys(odd)),
        left=tuple(left),
    )


def _name_of(plain: Plain, name: str, names: Mapping[str, str]) -> str:
    given = number(plain, f"{name}_id")
    return line(plain, name) or line(inner(plain, name), "name") or names.get(f"{name}:{given}") or given


def _who(plain: Plain, role: str, people: Mapping[str, Contact]) -> Contact:
    """Somebody by their number, or by the address that an expanded ticket has in its place."""
    given = plain.get(role)
    found = somebody(people, number(plain, f"{role}_id") or number(inner(plain, role), "id"))
    if not found.name and not found.emails and isinstance(given, str) and "@" in given:
        return Contact(name="", emails=(given.strip(),), is_staff=role == "owner")
    return found


def _said(plain: Plain, *, people: Mapping[str, Contact], requester: Contact, zone: str) -> Said:
    sender = (line(plain, "sender") or line(inner(plain, "sender"), "name") or number(plain, "sender_id")).lower()
    ours = sender in _AGENT | _SYSTEM
    by = _who(plain, "created_by", people)
    if not ours:
        by = _who(plain, "origin_by", people) if plain.get("origin_by_id") else (by if not by.is_staff else requester)
        by = requester if by == NOBODY else by
    is_html = "html" in line(plain, "content_type")
    body = text(plain, "body")
    copied = line(plain, "cc")
    if copied and not is_html:
        body = f"{body}\n[cc: {copied}]"
    elif copied:
        body = f"{body}<p>[cc: {escape(copied)}]</p>"
    return Said(
        id=number(plain, "id"),
        at=at(plain, "created_at", zone=zone),
        ours=ours,
        private=is_yes(plain.get("internal")),
        by=by,
        text="" if is_html else body,
        html=body if is_html else "",
        message_id=line(plain, "message_id"),
        automatic=sender in _SYSTEM,
        enclosed=tuple(_enclosed(file) for file in each(plain, "attachments")),
    )


def _enclosed(plain: Plain) -> Enclosed:
    kind = line(inner(plain, "preferences"), "Content-Type", "Mime-Type") or line(plain, "mime-type")
    content = None
    if isinstance(plain.get("data"), str):
        try:
            content = b64decode(plain["data"], validate=False)
        except binascii.Error:
            content = None
    own = line(inner(plain, "preferences"), "Content-ID", "content_id").strip("<>")
    return Enclosed(line(plain, "filename"), kind, line(plain, "url"), content, own)
