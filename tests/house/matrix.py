"""Who may come in where: every route of the product by name, and what it shows.

`tests/house/test_matrix.py` asks each of them as everybody, about things of one's own, of another team, of a closed team, of
another customer, and about nothing at all. A route that is not in this table fails there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from troth.desk.rules.sheet import SHEETS
from troth.people.rules.roles import May


class Door(StrEnum):
    """Who is let in, where it is not staff who may."""

    #: Everybody, and everybody sees the same.
    PUBLIC = "public"
    #: Whoever holds the link.
    LINK = "link"
    #: A customer, within what is theirs.
    CUSTOMER = "customer"
    #: On the way in, also for those who never get there: it answers everybody, and shows nothing of anybody's.
    ENTRANCE = "entrance"
    #: Whoever shows a pass or a token of the chat's own, within their talk; nobody in this table holds one.
    VISITOR = "visitor"
    #: What staff do about their own account.
    OWN = "own"


class Thing(StrEnum):
    """What the number in a path is the number of."""

    CASE = "case"
    MESSAGE = "message"
    ATTACHMENT = "attachment"
    #: A file beside the words that somebody is writing: theirs alone.
    FILE = "file"
    PROMISE = "promise"
    #: What went wrong; a line of its timeline, what somebody proposes to say of it, and a case that is part of it.
    INCIDENT = "incident"
    #: Of personal data; an exemption that stands in it, and a report about it.
    BREACH = "breach"
    EXEMPTION = "exemption"
    BREACH_REPORT = "breach_report"
    INCIDENT_LINE = "incident_line"
    INCIDENT_DRAFT = "incident_draft"
    INCIDENT_CASE = "incident_case"
    #: A case that may be what was not to happen again.
    RECURRENCE = "recurrence"
    PUBLIC_PROMISE = "public_promise"
    #: The entry of the fact that a promise was made.
    RECEIPT = "receipt"
    #: Of the public record: an entry's place in it, the size of a head, a tile, a bundle of entries, the sizes of two trees.
    POSITION = "position"
    HEAD = "head"
    TILE = "tile"
    BUNDLE = "bundle"
    TREES = "trees"
    #: Of the public page: an incident on it, and a month of its history.
    TOLD_INCIDENT = "told_incident"
    MONTH = "month"
    #: What staff arrange there: which sort, and which one; planned work; and the link in a subscriber's letters.
    PART_KIND = "part_kind"
    PART = "part"
    PLANNED = "planned"
    SUBSCRIBER_TOKEN = "subscriber_token"
    LETTER = "letter"
    REPLY = "reply"
    TEAM = "team"
    #: Opening hours.
    CALENDAR = "calendar"
    #: Of somebody who asks for nothing here: no one else sees it.
    VIEW = "view"
    #: What somebody did to many cases.
    BULK_ACT = "bulk_act"
    BULK_ANSWER = "bulk_answer"
    STAFF = "staff"
    WEBHOOK = "webhook"
    #: A site with a chat, and the key its pages say.
    CHAT = "chat"
    CHAT_KEY = "chat_key"
    #: An import of another desk's export; a hook that desk calls, and its address.
    MOVING = "moving"
    DESK_HOOK = "desk_hook"
    CALLED = "called"
    ORDER = "order"
    ORDER_FILE = "order_file"
    #: Who is affected: put together still, and frozen; one of the frozen, and a list.
    DRAFT = "draft"
    COHORT = "cohort"
    #: What a cohort is affected by, as a reference.
    CONCERN = "concern"
    MEMBER = "member"
    LIST = "list"
    #: What they are told, and one whom no letter reaches.
    NOTICE = "notice"
    RECIPIENT = "recipient"
    REMEDY = "remedy"
    PUBLIC_REMEDY = "public_remedy"
    #: What one who is away had, handed to somebody else.
    HANDED = "handed"
    #: What was sent to a webhook.
    DELIVERY = "delivery"
    CUSTOMER = "customer"
    #: Somebody who may be the same person.
    DOUBLE = "double"
    #: That two customers were made one.
    MERGE = "merge"
    #: A passkey of a colleague's.
    PASSKEY = "passkey"
    #: With which a program acts.
    KEY = "key"
    RESET_KEY = "reset_key"
    #: A colleague's session, an invitation, and the links that make an account.
    SESSION = "session"
    INVITE = "invite"
    INVITE_TOKEN = "invite_token"
    SET_UP_TOKEN = "set_up_token"
    LINK_TOKEN = "link_token"
    #: A wish to be forgotten, what forbids it for a while, and one that was fulfilled.
    WISH = "wish"
    HOLD = "hold"
    ERASURE = "erasure"


#: What everybody here may know of, whichever team looks after it.
OF_NO_TEAM = {
    Thing.CUSTOMER,
    Thing.TEAM,
    Thing.CALENDAR,
    Thing.MOVING,
    Thing.DESK_HOOK,
    Thing.ORDER,
    Thing.ORDER_FILE,
    Thing.PART_KIND,
    Thing.PART,
    Thing.PLANNED,
    Thing.LIST,
}


@dataclass(frozen=True)
class Route:
    door: May | Door
    #: What the path names; None where it names nothing.
    about: Thing | None = None
    methods: tuple[str, ...] = ("GET",)
    #: What a form sends so that it does what it is for; a Thing stands for the number of the one that is meant.
    form: Mapping[str, str] = field(default_factory=dict)
    #: It is the agent's own, and nobody else's.
    own_only: bool = False


GET, POST, BOTH = ("GET",), ("POST",), ("GET", "POST")

ROUTES: dict[str, Route] = {
    "home": Route(Door.PUBLIC),
    "alive": Route(Door.PUBLIC),
    "openapi": Route(Door.PUBLIC),
    "api_docs": Route(Door.PUBLIC),
    "api_reference": Route(Door.PUBLIC),
    "ready": Route(Door.PUBLIC),
    "metrics": Route(Door.PUBLIC),
    "system": Route(May.AUDIT),
    "people:security": Route(May.AUDIT),
    "desk:today": Route(May.READ),
    "desk:going": Route(May.READ),
    "desk:customers": Route(May.READ),
    "desk:customer": Route(May.READ, Thing.CUSTOMER),
    "desk:merge": Route(May.LEAD, Thing.CUSTOMER, POST, {"other": Thing.DOUBLE}),
    "desk:group": Route(May.ANSWER, Thing.CUSTOMER, POST, {"group": "vip"}),
    "desk:revoke_links": Route(May.LEAD, Thing.CUSTOMER, POST),
    "desk:unmerge": Route(May.LEAD, Thing.CUSTOMER, POST, {"merge": Thing.MERGE}),
    "drafting:panel": Route(May.ANSWER, Thing.CASE),
    "drafting:ask": Route(May.ANSWER, Thing.CASE, POST),
    "drafting:cancel": Route(May.ANSWER, Thing.CASE, POST),
    "drafting:take": Route(May.ANSWER, Thing.CASE, POST, {"draft": "1"}),
    "search:page": Route(May.READ),
    "search:like": Route(May.READ, Thing.CASE),
    "notices:cohorts": Route(May.READ),
    "notices:new_cohort": Route(
        May.ANSWER, None, BOTH, {"about": "order:3", "rows": "1", "kind-0": "all", "do": "save"}
    ),
    "notices:count": Route(May.ANSWER, None, POST, {"rows": "2", "kind-0": "all", "kind-1": "cases", "within-1": "0"}),
    "notices:cohort": Route(May.READ, Thing.COHORT),
    "notices:change": Route(
        May.ANSWER, Thing.DRAFT, POST, {"rows": "2", "kind-0": "all", "kind-1": "cases", "do": "freeze"}
    ),
    "notices:joins": Route(May.ANSWER, Thing.COHORT, POST, {"joins_until": ""}),
    "notices:members_csv": Route(May.LEAD, Thing.COHORT),
    "notices:exclude": Route(May.ANSWER, Thing.MEMBER, POST, {"reason": "I rang them."}),
    "notices:include": Route(May.ANSWER, Thing.MEMBER, POST),
    "notices:lists": Route(May.ANSWER, None, BOTH),
    "notices:list": Route(May.ANSWER, Thing.LIST),
    "notices:notice": Route(May.READ, Thing.NOTICE),
    "notices:act": Route(May.ANSWER, Thing.NOTICE, POST, {"act": "pause"}),
    "notices:by_hand_csv": Route(May.LEAD, Thing.NOTICE),
    "notices:by_hand_pdf": Route(May.LEAD, Thing.NOTICE),
    "notices:told_by_hand": Route(May.ANSWER, Thing.RECIPIENT, POST, {"note": "Posted on Friday."}),
    "notices:throw_away": Route(May.ANSWER, Thing.LIST, POST),
    "remedies:board": Route(May.READ),
    "remedies:policy": Route(May.LEAD, None, BOTH),
    "remedies:proofs": Route(May.ANSWER, None, BOTH, {"raw": "remedy,given_at,reference"}),
    "remedies:remedy": Route(May.READ, Thing.REMEDY),
    "remedies:authorise": Route(May.ANSWER, Thing.REMEDY, POST),
    "remedies:refuse": Route(May.ANSWER, Thing.REMEDY, POST, {"reason": "Too much."}),
    "remedies:accept": Route(May.ANSWER, Thing.REMEDY, POST),
    "remedies:decline": Route(May.ANSWER, Thing.REMEDY, POST, {"reason": "They want their money."}),
    "remedies:give": Route(May.ANSWER, Thing.REMEDY, POST, {"given_at": "2026-11-11T10:00", "reference": "BACS 7"}),
    "remedies:withdraw": Route(May.ANSWER, Thing.REMEDY, POST, {"reason": "By mistake."}),
    "orders:list": Route(May.READ),
    "orders:order": Route(May.READ, Thing.ORDER),
    "orders:new": Route(May.LEAD),
    "orders:upload": Route(May.LEAD, Thing.ORDER_FILE),
    "orders:columns": Route(May.LEAD, Thing.ORDER_FILE, POST, {"reference": "0", "address": "1"}),
    "orders:bring": Route(May.LEAD, Thing.ORDER_FILE, POST),
    "orders:throw_away": Route(May.LEAD, Thing.ORDER_FILE, POST),
    "cases:list": Route(May.READ),
    "cases:linked": Route(May.READ, Thing.CASE),
    "cases:link": Route(May.ANSWER, Thing.CASE, POST, {"parent": ""}),
    "cases:answer_all": Route(May.ANSWER, Thing.CASE, POST, {"body": "Hello {name}"}),
    "cases:close_all": Route(May.ANSWER, Thing.CASE, POST, {"untold": "close"}),
    "cases:answer": Route(May.READ, Thing.BULK_ANSWER, own_only=True),
    "cases:answer_send": Route(May.ANSWER, Thing.BULK_ANSWER, POST, own_only=True),
    "cases:answer_stop": Route(May.ANSWER, Thing.BULK_ANSWER, POST, own_only=True),
    "cases:bulk": Route(May.ANSWER, None, POST, {"case": Thing.CASE, "set-kind": "complaint"}),
    "cases:bulk_acts": Route(May.READ),
    "cases:bulk_act": Route(May.READ, Thing.BULK_ACT, own_only=True),
    "cases:bulk_undo": Route(May.ANSWER, Thing.BULK_ACT, POST, own_only=True),
    "cases:views": Route(May.READ),
    "cases:view_counts": Route(May.READ),
    "cases:save_view": Route(May.READ, None, POST, {"name": "Late ones", "cause": "late"}),
    "cases:change_view": Route(May.READ, Thing.VIEW, POST, {"do": "drop"}, own_only=True),
    "cases:next": Route(May.ANSWER),
    "cases:new": Route(May.ANSWER, None, BOTH),
    "cases:case": Route(May.READ, Thing.CASE),
    "cases:reply": Route(May.ANSWER, Thing.CASE, POST, {"body": "Thank you for writing."}),
    "cases:undo": Route(May.ANSWER, Thing.CASE, POST),
    "cases:note": Route(May.ANSWER, Thing.CASE, POST, {"body": "Look at this."}),
    "cases:draft": Route(May.ANSWER, Thing.CASE, POST, {"body": "Half a"}),
    "cases:files": Route(May.ANSWER, Thing.CASE, POST),
    "cases:file": Route(May.ANSWER, Thing.FILE, own_only=True),
    "cases:change_file": Route(May.ANSWER, Thing.FILE, POST, {"put": "out"}, own_only=True),
    "cases:shown": Route(May.READ, Thing.ATTACHMENT),
    "cases:checks": Route(May.ANSWER, Thing.CASE, POST, {"check": "reason"}),
    "cases:read": Route(May.ANSWER, Thing.CASE, POST, {"body": "I will ring you on Friday."}),
    "cases:assign": Route(May.ANSWER, Thing.CASE, POST, {"assignee": ""}),
    "cases:status": Route(May.ANSWER, Thing.CASE, POST, {"status": "resolved"}),
    "cases:kind": Route(May.ANSWER, Thing.CASE, POST, {"kind": "complaint"}),
    "cases:people": Route(May.ANSWER, Thing.CASE),
    "cases:seen": Route(May.READ, Thing.CASE, POST),
    "cases:present": Route(May.READ),
    "cases:here": Route(May.READ, Thing.CASE, POST, {"writes": "reply"}),
    "cases:cause": Route(May.ANSWER, Thing.CASE, POST, {"cause": "late"}),
    "cases:explain_clock": Route(May.ANSWER, Thing.CASE, POST, {"clock": "1", "reason": "forgot"}),
    "cases:longer": Route(May.ANSWER, Thing.CASE, POST),
    "cases:again": Route(May.ANSWER, Thing.CASE, POST, {"same": "no"}),
    "cases:snooze": Route(May.ANSWER, Thing.CASE, POST, {"until": "answer"}),
    "cases:wake": Route(May.ANSWER, Thing.CASE, POST),
    "cases:verify": Route(May.ANSWER, Thing.CASE, POST),
    "cases:remedy": Route(May.ANSWER, Thing.CASE, POST, {"sort": "apology", "days": "10", "asks": "yes"}),
    "cases:promise": Route(May.ANSWER, Thing.CASE, POST, {"what": "ring you", "due": "2026-11-20T10:00"}),
    "cases:message": Route(May.READ, Thing.MESSAGE),
    "cases:reading": Route(May.READ, Thing.MESSAGE),
    "cases:correct": Route(May.ANSWER, Thing.MESSAGE, POST, {"kind": "complaint", "all": "yes", "seen": ""}),
    "cases:undo_correction": Route(May.ANSWER, Thing.MESSAGE, POST, {"correction": "1"}),
    "cases:body": Route(May.READ, Thing.MESSAGE),
    "cases:attachment": Route(May.READ, Thing.ATTACHMENT),
    "learning:accuracy": Route(May.LEAD),
    "learning:learn": Route(May.LEAD, None, POST),
    "learning:use": Route(May.LEAD, None, POST),
    "learning:checks": Route(May.LEAD),
    "learning:export": Route(May.LEAD),
    "learning:review": Route(May.ANSWER, None, BOTH),
    "learning:looked_at": Route(May.ANSWER, Thing.MESSAGE, POST, {"kind": "complaint", "seen": ""}),
    "breaches:list": Route(May.BREACHES),
    "breaches:register_pdf": Route(May.BREACHES),
    "breaches:register_json": Route(May.BREACHES),
    "breaches:new": Route(May.LEAD, None, BOTH),
    "breaches:authorities": Route(May.LEAD, None, BOTH),
    "breaches:breach": Route(May.BREACHES, Thing.BREACH),
    "breaches:file_pdf": Route(May.BREACHES, Thing.BREACH),
    "breaches:file_json": Route(May.BREACHES, Thing.BREACH),
    "breaches:decide": Route(May.LEAD, Thing.BREACH, POST, {"level": "risk", "reason": "Addresses."}),
    "breaches:exempt": Route(May.LEAD, Thing.BREACH, POST, {"sort": "averted", "why": "Changed at once."}),
    "breaches:take_back": Route(May.LEAD, Thing.EXEMPTION, POST, {"back_why": "It was not so."}),
    "breaches:document": Route(May.LEAD, Thing.BREACH, POST, {"facts": "A list."}),
    "breaches:aware": Route(May.LEAD, Thing.BREACH, POST),
    "breaches:controller": Route(May.LEAD, Thing.BREACH, POST),
    "breaches:close": Route(May.LEAD, Thing.BREACH, POST),
    "breaches:reopen": Route(May.LEAD, Thing.BREACH, POST),
    "breaches:report": Route(May.LEAD, Thing.BREACH, BOTH, {"nature": "A list."}),
    "breaches:report_pdf": Route(May.BREACHES, Thing.BREACH_REPORT),
    "breaches:receipt": Route(May.LEAD, Thing.BREACH_REPORT, POST, {"receipt": "17"}),
    "breaches:letter": Route(May.LEAD, Thing.BREACH, BOTH),
    "incidents:list": Route(May.READ),
    "incidents:capacity": Route(May.ANSWER, None, BOTH),
    "incidents:beside_case": Route(May.READ, Thing.CASE),
    "incidents:link_case": Route(May.ANSWER, Thing.CASE, POST, {"incident": Thing.INCIDENT}),
    "incidents:affected": Route(May.READ, Thing.INCIDENT),
    "incidents:cases": Route(May.ANSWER, Thing.INCIDENT, BOTH),
    "incidents:new": Route(May.ANSWER, None, BOTH),
    "incidents:incident": Route(May.READ, Thing.INCIDENT),
    "incidents:write": Route(May.ANSWER, Thing.INCIDENT, BOTH),
    "incidents:draft": Route(May.ANSWER, Thing.INCIDENT_DRAFT),
    "incidents:answer_draft": Route(May.ANSWER, Thing.INCIDENT_DRAFT, POST, {"do": "back", "words": "Say who."}),
    "incidents:note": Route(May.ANSWER, Thing.INCIDENT, POST, {"words": "Rang the depot."}),
    "incidents:change": Route(May.ANSWER, Thing.INCIDENT, POST),
    "incidents:tell_end": Route(May.ANSWER, Thing.INCIDENT, POST),
    "incidents:mine": Route(May.ANSWER, Thing.INCIDENT, POST),
    "incidents:take_out": Route(May.ANSWER, Thing.INCIDENT_CASE, POST),
    "incidents:prevention": Route(May.READ, Thing.INCIDENT),
    "incidents:prevention_print": Route(May.READ, Thing.INCIDENT),
    "incidents:root_cause": Route(May.ANSWER, Thing.INCIDENT, POST),
    "incidents:measure": Route(May.ANSWER, Thing.INCIDENT, POST),
    "incidents:watch": Route(May.ANSWER, Thing.INCIDENT, POST),
    "incidents:watch_longer": Route(May.ANSWER, Thing.INCIDENT, POST),
    "incidents:watch_off": Route(May.ANSWER, Thing.INCIDENT, POST),
    "incidents:tell_held": Route(May.ANSWER, Thing.INCIDENT, POST),
    "incidents:say_again": Route(May.ANSWER, Thing.RECURRENCE, POST, {"said": "no"}),
    "incidents:name_case": Route(May.ANSWER, Thing.CASE),
    "incidents:words": Route(May.ANSWER, Thing.INCIDENT_LINE, POST, {"words": "Otherwise."}),
    "promises:list": Route(May.READ),
    "promises:promise": Route(May.READ, Thing.PROMISE),
    "promises:keep": Route(May.ANSWER, Thing.PROMISE, POST),
    "promises:move": Route(May.ANSWER, Thing.PROMISE, POST, {"due": "2026-11-30T10:00", "reason": "supplier"}),
    "promises:release": Route(May.ANSWER, Thing.PROMISE, POST),
    "promises:void": Route(May.ANSWER, Thing.PROMISE, POST, {"reason": "Recorded by mistake."}),
    "promises:own": Route(May.ANSWER, Thing.PROMISE, POST, {"owner": ""}),
    "promises:confirm": Route(May.ANSWER, Thing.PROMISE, POST),
    "desk:away": Route(May.ANSWER, None, BOTH),
    "desk:hand_over": Route(May.LEAD, None, POST),
    "desk:hand_back": Route(May.LEAD, None, POST),
    "desk:lead": Route(May.LEAD),
    **{f"desk:lead_{name}": Route(May.LEAD) for name in SHEETS},
    "desk:teams": Route(May.RUN, None, BOTH, {"name": "Orders"}),
    "desk:team": Route(May.RUN, Thing.TEAM, POST, {"name": "Orders", "sight": "closed"}),
    "clocks:targets": Route(
        May.LEAD, None, BOTH, {"rules": "1", "profile": "plain", "length-first-0": "4 hours", "do": "save"}
    ),
    "people:hours": Route(May.LEAD, None, BOTH, {"name": "Late", "zone": "Europe/London", "day0": "9-17"}),
    "people:hours_change": Route(
        May.LEAD, Thing.CALENDAR, POST, {"name": "Late", "zone": "Europe/London", "day0": "9-17"}
    ),
    "people:hours_remove": Route(May.LEAD, Thing.CALENDAR, POST),
    "desk:letters": Route(May.READ),
    "desk:letter_again": Route(May.ANSWER, Thing.LETTER, POST),
    "hooks:list": Route(May.RUN),
    "hooks:new": Route(May.RUN, None, BOTH, {"name": "CRM", "url": "https://8.8.8.8/", "once": "matrix"}),
    "hooks:endpoint": Route(May.RUN, Thing.WEBHOOK),
    "hooks:change": Route(May.RUN, Thing.WEBHOOK, BOTH, {"name": "CRM", "url": "https://8.8.8.8/"}),
    "hooks:test": Route(May.RUN, Thing.WEBHOOK, POST),
    "hooks:secret": Route(May.RUN, Thing.WEBHOOK, POST),
    "hooks:off": Route(May.RUN, Thing.WEBHOOK, POST),
    "hooks:on": Route(May.RUN, Thing.WEBHOOK, POST),
    "hooks:since": Route(May.RUN, Thing.WEBHOOK, POST, {"since": "2026-11-10T10:00"}),
    "hooks:remove": Route(May.RUN, Thing.WEBHOOK, POST, {"name": "Warehouse"}),
    "hooks:again": Route(May.RUN, Thing.DELIVERY, POST),
    "imports:list": Route(May.LEAD),
    "imports:new": Route(May.LEAD, None, BOTH),
    "imports:moving": Route(May.LEAD, Thing.MOVING),
    "imports:take": Route(May.LEAD, Thing.MOVING, POST),
    "imports:stop": Route(May.LEAD, Thing.MOVING, POST),
    "imports:undo": Route(May.LEAD, Thing.MOVING, POST),
    "imports:new_hook": Route(
        May.RUN, None, BOTH, {"source": "zendesk", "name": "Old desk", "secret": "a secret of theirs"}
    ),
    "imports:hook": Route(May.LEAD, Thing.DESK_HOOK),
    "imports:switch": Route(May.RUN, Thing.DESK_HOOK, POST, {"on": "no"}),
    "imports:called": Route(Door.VISITOR, Thing.CALLED, POST),
    "chat:widget": Route(Door.PUBLIC),
    "chat:frame": Route(Door.VISITOR, Thing.CHAT_KEY),
    "chat:hello": Route(Door.VISITOR, Thing.CHAT_KEY),
    "chat:begin": Route(Door.VISITOR, Thing.CHAT_KEY, POST),
    "chat:say": Route(Door.VISITOR, Thing.CHAT_KEY, POST),
    "chat:told": Route(Door.VISITOR, Thing.CHAT_KEY, POST),
    "chat:address": Route(Door.VISITOR, Thing.CHAT_KEY, POST),
    "chat:seen": Route(Door.VISITOR, Thing.CHAT_KEY, POST),
    "chat:writing": Route(Door.VISITOR, Thing.CHAT_KEY, POST),
    "chat:transcript": Route(Door.VISITOR, Thing.CHAT_KEY, POST),
    "chat:sites": Route(May.LEAD),
    "chat:new": Route(May.LEAD, None, BOTH, {"name": "Shop", "origins": "https://shop.example"}),
    "chat:site": Route(May.LEAD, Thing.CHAT, BOTH, {"name": "Shop", "origins": "https://shop.example"}),
    "chat:try": Route(May.LEAD, Thing.CHAT),
    "privacy:register": Route(May.RUN),
    "privacy:held": Route(May.RUN, Thing.CUSTOMER),
    "privacy:export": Route(May.RUN, Thing.CUSTOMER),
    # Not confirmed by what is typed: a key once destroyed comes back with no transaction.
    "privacy:erase": Route(May.RUN, Thing.CUSTOMER, POST, {"confirm": "0"}),
    "privacy:asked": Route(May.RUN, Thing.CUSTOMER, POST),
    "privacy:hold": Route(
        May.RUN, Thing.CUSTOMER, POST, {"reason": "statute", "words": "Tax law", "until": "2030-01-01"}
    ),
    "privacy:lift": Route(May.RUN, Thing.HOLD, POST),
    "privacy:refuse": Route(May.RUN, Thing.WISH, POST, {"why": "Tax law asks for it."}),
    "privacy:erasure": Route(May.RUN, Thing.ERASURE),
    "portal:open": Route(Door.LINK, Thing.LINK_TOKEN, BOTH),
    "portal:mine": Route(Door.CUSTOMER),
    "portal:verdict": Route(
        Door.CUSTOMER,
        None,
        POST,
        {"verdict": "kept", "promise": Thing.PUBLIC_PROMISE},
    ),
    "portal:held": Route(Door.CUSTOMER),
    "portal:export": Route(Door.CUSTOMER),
    "portal:forget": Route(Door.CUSTOMER, None, BOTH),
    "portal:keep": Route(Door.CUSTOMER, None, POST),
    "portal:leave": Route(Door.CUSTOMER, None, POST),
    "portal:remedy": Route(Door.CUSTOMER, None, POST, {"answer": "yes", "remedy": Thing.PUBLIC_REMEDY}),
    "portal:calendar": Route(Door.CUSTOMER, Thing.PUBLIC_PROMISE),
    "portal:case": Route(Door.CUSTOMER, Thing.CASE),
    "portal:reply": Route(Door.CUSTOMER, Thing.CASE, POST, {"body": "One word more."}),
    "portal:attachment": Route(Door.CUSTOMER, Thing.ATTACHMENT),
    "portal:receipt": Route(Door.CUSTOMER, Thing.RECEIPT),
    "portal:receipts": Route(Door.CUSTOMER),
    "record:promise": Route(May.READ, Thing.PROMISE),
    "record:receipt": Route(May.READ, Thing.RECEIPT),
    "record:overview": Route(Door.PUBLIC),
    "record:entries": Route(Door.PUBLIC),
    "record:entry": Route(Door.PUBLIC, Thing.POSITION),
    "record:envelope": Route(Door.PUBLIC, Thing.POSITION),
    "record:proof": Route(Door.PUBLIC, Thing.POSITION),
    "record:checkpoint": Route(Door.PUBLIC),
    "record:checkpoint_of": Route(Door.PUBLIC, Thing.HEAD),
    "record:tile": Route(Door.PUBLIC, Thing.TILE),
    "record:bundle": Route(Door.PUBLIC, Thing.BUNDLE),
    "record:consistency": Route(Door.PUBLIC, Thing.TREES),
    "record:keys": Route(Door.PUBLIC),
    "record:verify": Route(Door.PUBLIC),
    "status:front": Route(Door.PUBLIC),
    "status:history": Route(Door.PUBLIC),
    "status:month": Route(Door.PUBLIC, Thing.MONTH),
    "status:incident": Route(Door.PUBLIC, Thing.TOLD_INCIDENT),
    "status:feed": Route(Door.PUBLIC),
    "status:calendar": Route(Door.PUBLIC),
    "status:plain": Route(Door.PUBLIC),
    "status:subscribe": Route(Door.PUBLIC, None, BOTH),
    "status:asked": Route(Door.PUBLIC),
    "status:yours": Route(Door.LINK, Thing.SUBSCRIBER_TOKEN, BOTH),
    "status:one_click": Route(Door.LINK, Thing.SUBSCRIBER_TOKEN, POST),
    "status:arrange": Route(May.LEAD),
    "status:add": Route(May.LEAD, Thing.PART_KIND, POST, {"name": "Telephone"}),
    "status:change": Route(May.LEAD, Thing.PART, POST, {"do": "retire"}),
    "status:take_out": Route(May.LEAD, None, POST, {"address": "nobody@example.net"}),
    "status:plan": Route(
        May.LEAD, None, BOTH, {"title": "Tills", "from_at": "2026-12-01T10:00", "until": "2026-12-01T11:00"}
    ),
    "status:planned": Route(May.LEAD, Thing.PLANNED, BOTH, {"do": "cancel"}),
    "webform:form": Route(Door.PUBLIC, None, BOTH),
    "webform:sent": Route(Door.PUBLIC),
    "people:me": Route(May.READ),
    "people:end_others": Route(May.READ, None, POST),
    "people:end_session": Route(Door.OWN, Thing.SESSION, POST),
    "people:keys": Route(May.RUN),
    "people:make_key": Route(May.RUN, None, POST, {"name": "Shop", "staff": "", "scopes": "cases:read"}),
    "people:revoke_key": Route(May.RUN, Thing.KEY, POST),
    "people:staff": Route(May.RUN),
    "people:invite": Route(May.RUN, None, POST, {"address": "new@parcel.example", "role": "agent", "team": ""}),
    "people:invite_again": Route(May.RUN, Thing.INVITE, POST),
    "people:withdraw": Route(May.RUN, Thing.INVITE, POST),
    "people:require_factors": Route(May.RUN, None, POST, {"factors": "nobody"}),
    "people:enclose_receipts": Route(May.RUN, None, POST, {"receipts": "no"}),
    "people:person": Route(May.RUN, Thing.STAFF),
    "people:change": Route(May.RUN, Thing.STAFF, POST, {"role": "lead", "team": ""}),
    "people:close": Route(May.RUN, Thing.STAFF, POST),
    "people:reopen": Route(May.RUN, Thing.STAFF, POST),
    "people:end_sessions": Route(May.RUN, Thing.STAFF, POST),
    "people:invited": Route(Door.LINK, Thing.INVITE_TOKEN, BOTH),
    "people:set_up": Route(Door.LINK, Thing.SET_UP_TOKEN, BOTH),
    "account_login": Route(Door.ENTRANCE, None, BOTH),
    "account_logout": Route(Door.ENTRANCE, None, BOTH),
    "account_inactive": Route(Door.ENTRANCE),
    "account_signup": Route(Door.ENTRANCE, None, BOTH),
    "account_reset_password": Route(Door.ENTRANCE, None, BOTH),
    "account_reset_password_done": Route(Door.ENTRANCE),
    "account_reset_password_from_key": Route(Door.ENTRANCE, Thing.RESET_KEY, BOTH),
    "account_reset_password_from_key_done": Route(Door.ENTRANCE),
    "mfa_authenticate": Route(Door.ENTRANCE, None, BOTH),
    "mfa_login_webauthn": Route(Door.ENTRANCE, None, BOTH),
    "account_reauthenticate": Route(Door.OWN, None, BOTH),
    "account_change_password": Route(Door.OWN, None, BOTH),
    "account_set_password": Route(Door.OWN, None, BOTH),
    "mfa_index": Route(Door.OWN),
    "mfa_reauthenticate": Route(Door.OWN, None, BOTH),
    "mfa_activate_totp": Route(Door.OWN, None, BOTH),
    "mfa_deactivate_totp": Route(Door.OWN, None, BOTH),
    "mfa_view_recovery_codes": Route(Door.OWN),
    "mfa_generate_recovery_codes": Route(Door.OWN, None, BOTH),
    "mfa_download_recovery_codes": Route(Door.OWN),
    "mfa_list_webauthn": Route(Door.OWN),
    "mfa_add_webauthn": Route(Door.OWN, None, BOTH),
    "mfa_reauthenticate_webauthn": Route(Door.OWN, None, BOTH),
    "mfa_remove_webauthn": Route(Door.OWN, Thing.PASSKEY, BOTH),
    "mfa_edit_webauthn": Route(Door.OWN, Thing.PASSKEY, BOTH),
}


@dataclass(frozen=True)
class Operation:
    """One of the API; its scope and its method stand in the API's own description."""

    about: Thing | None = None
    #: What is sent so that it does what it is for; a Thing stands for the number of the one that is meant.
    body: Mapping[str, object] = field(default_factory=dict)
    #: What the person behind the key must be allowed, where it is more than the scope says.
    may: May | None = None
    #: What somebody is writing is theirs alone.
    own_only: bool = False
    #: It tells what every team does, and is for those from whom none is closed.
    of_every_team: bool = False


FRIDAY = "2026-11-20T10:00:00Z"
PLANNED = {"title": "Tills", "begins_at": "2026-12-01T10:00:00Z", "ends_at": "2026-12-01T11:00:00Z"}
OPERATIONS: dict[str, Operation] = {
    "hand_in_message": Operation(
        None, {"address": "ann@example.net", "subject": "More", "text": "One word more.", "case": Thing.CASE}
    ),
    "search": Operation(),
    "list_breaches": Operation(),
    "read_breach": Operation(Thing.BREACH),
    "report_breach": Operation(
        None, {"title": "A list", "happened_at": "2026-11-11T08:00:00Z", "aware_at": "2026-11-11T09:00:00Z"}
    ),
    "list_cases": Operation(),
    "read_case": Operation(Thing.CASE),
    "read_policy": Operation(),
    "change_case": Operation(Thing.CASE, {"status": "resolved"}),
    "list_mentions": Operation(),
    "see_case": Operation(Thing.CASE),
    "say_again": Operation(Thing.CASE, {"same": False}),
    "snooze_case": Operation(Thing.CASE, {"until": None}),
    "wake_case": Operation(Thing.CASE),
    "link_case": Operation(Thing.CASE, {"parent": None}),
    "change_cases": Operation(None, {"cases": [1], "kind": "complaint"}),
    "read_bulk_act": Operation(Thing.BULK_ACT, own_only=True),
    "undo_bulk_act": Operation(Thing.BULK_ACT, own_only=True),
    "list_messages": Operation(Thing.CASE),
    "read_message": Operation(Thing.MESSAGE),
    "correct_reading": Operation(Thing.MESSAGE, {"kind": "complaint"}),
    "write_note": Operation(Thing.CASE, {"text": "Look at this."}),
    "record_promise_in_case": Operation(Thing.CASE, {"what": "ring you", "due": FRIDAY}),
    "add_file": Operation(Thing.CASE, {"name": "sketch.txt", "content": "SGVsbG8="}),
    "send_reply": Operation(Thing.CASE, {"text": "Thank you for writing."}),
    "read_reply": Operation(Thing.REPLY, own_only=True),
    "take_back_reply": Operation(Thing.REPLY, own_only=True),
    "list_promises": Operation(),
    "record_promise": Operation(None, {"what": "ring you", "due": FRIDAY, "customer": Thing.CUSTOMER}),
    "read_promise": Operation(Thing.PROMISE),
    "list_incidents": Operation(),
    "read_incident": Operation(Thing.INCIDENT),
    "begin_incident": Operation(
        None, {"title": "Late", "sort": "late", "happened_at": "2026-11-11T08:00:00Z", "next_word_at": FRIDAY}
    ),
    "say_of_incident": Operation(
        Thing.INCIDENT,
        {"words": "Late.", "happened_at": "2026-11-11T10:00:00Z", "next_word_at": FRIDAY, "in_public": True},
    ),
    "end_incident": Operation(
        Thing.INCIDENT, {"words": "Over.", "happened_at": "2026-11-11T10:00:00Z", "in_public": True}
    ),
    "count_cohort": Operation(None, {"conditions": {"cases": {}}}),
    "make_cohort": Operation(None, {"about": Thing.CONCERN, "conditions": {"all": []}}),
    "read_cohort": Operation(Thing.COHORT),
    "freeze_cohort": Operation(Thing.DRAFT, {"joins_until": "2099-01-01T00:00:00Z"}),
    "list_members": Operation(Thing.COHORT),
    "read_notice": Operation(Thing.NOTICE),
    "list_recipients": Operation(Thing.NOTICE),
    "pause_notice": Operation(Thing.NOTICE),
    "resume_notice": Operation(Thing.NOTICE),
    "stop_notice": Operation(Thing.NOTICE),
    "list_remedies": Operation(),
    "offer_remedy": Operation(Thing.CASE, {"sort": "apology"}),
    "read_remedy": Operation(Thing.REMEDY),
    "give_remedy": Operation(Thing.REMEDY, {"given_at": "2026-11-11T10:00:00Z", "reference": "BACS 7"}),
    "list_orders": Operation(),
    "read_order": Operation(Thing.ORDER),
    "note_order": Operation(None, {"reference": "1001", "customer": Thing.CUSTOMER}),
    "note_orders": Operation(None, {"orders": [{"reference": "1001", "address": "dora@example.net"}]}),
    "list_receipts": Operation(Thing.PROMISE),
    "keep_promise": Operation(Thing.PROMISE),
    "move_promise": Operation(Thing.PROMISE, {"to": "2026-11-30T10:00:00Z", "words": "It takes longer."}),
    "release_promise": Operation(Thing.PROMISE, {"reason": "They said so."}),
    "void_promise": Operation(Thing.PROMISE, {"reason": "By mistake."}, may=May.LEAD),
    "give_up_promise": Operation(Thing.PROMISE, {"reason": "forgot"}),
    "confirm_promise": Operation(Thing.PROMISE, {"due": FRIDAY}),
    "own_promise": Operation(Thing.PROMISE, {"owner": Thing.STAFF}),
    "explain_promise": Operation(Thing.PROMISE, {"reason": "forgot"}),
    "read_key": Operation(),
    "list_customers": Operation(),
    "meet_customer": Operation(None, {"address": "dora@example.net", "name": "Dora"}),
    "read_customer": Operation(Thing.CUSTOMER),
    "change_customer": Operation(Thing.CUSTOMER, {"group": "vip"}),
    "ask_for_erasure": Operation(Thing.CUSTOMER),
    "list_away": Operation(),
    "set_away": Operation(None, {"until": None}),
    "list_hand_overs": Operation(may=May.LEAD),
    "hand_over": Operation(None, {"staff": 1, "to": 2}, may=May.LEAD),
    "hand_back": Operation(Thing.HANDED, may=May.LEAD),
    "read_figures": Operation(may=May.LEAD),
    "list_events": Operation(of_every_team=True),
    "list_status_parts": Operation(),
    "name_status_part": Operation(None, {"kind": "component", "name": "Telephone"}, may=May.LEAD),
    "list_planned_work": Operation(),
    "plan_work": Operation(None, PLANNED, may=May.LEAD),
    "plan_work_otherwise": Operation(Thing.PLANNED, PLANNED, may=May.LEAD),
    "cancel_planned_work": Operation(Thing.PLANNED, may=May.LEAD),
}
