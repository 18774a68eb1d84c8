"""Reading cases: the doors to one, the latest, their messages, and replies that wait to leave."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    BigIntegerField,
    Count,
    Exists,
    F,
    JSONField,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models import Case as Case_
from django.db.models.functions import Cast, Coalesce, Concat, JSONObject, Left, Substr
from django.http import Http404

from troth.cases.models import (
    Attachment,
    BulkAct,
    Case,
    Correction,
    Dismissal,
    FormalReply,
    Message,
    Reply,
    ReplyFile,
    SavedView,
    Template,
)
from troth.cases.rules.corrections import Field
from troth.clocks.queries import beside
from troth.people.models import Customer, Staff, Team
from troth.people.planned import Given, Question, planned_once
from troth.people.queries import sight_given, sight_of, within_sight
from troth.people.rules.roles import May, Role, allowed
from troth.post.models import Letter
from troth.promises.models import Promise
from troth.promises.queries import OWED
from troth.remedies import queries as remedies

_BESIDE_A_CASE = ("customer", "assignee", "team", "snoozed_by")


def case_for(staff: Staff, number: int) -> Case:
    """The case, if *staff* may see it; raises Http404."""
    sight = sight_of(staff)
    case = next(iter(_case_in_sight(sight.is_full).ask(case=number, own_team=sight.team_id or 0)), None)
    if case is None or not staff.may(May.READ):
        raise Http404
    return case


@cache
def _case_in_sight(is_full: bool) -> Question[Case, Case]:
    rows = Case.objects.select_related(*_BESIDE_A_CASE).filter(sight_given(is_full=is_full), pk=Given("case"))
    return Question(rows.order_by())


def with_clocks(staff: Staff, number: int) -> Case:
    """The same with what its clocks say (`clocks.queries.Beside`); one statement, raises Http404."""
    rows = Case.objects.annotate(clocks=beside(OuterRef("pk")), formal=ArraySubquery(_formal()))
    case = rows.select_related(*_BESIDE_A_CASE).filter(within_sight(staff), pk=number).first()
    if case is None or not staff.may(May.READ):
        raise Http404
    return case


#: What a customer may see of what is theirs: nothing of a sender nobody vouched for, nothing that lets somebody sign in.
SHOWN = Q(unverified=False, for_staff_only=False)


def case_of(customer_ids: Sequence[int], number: int) -> Case:
    """The case, if it is this customer's own and theirs to see; raises Http404."""
    case = Case.objects.select_related("customer").filter(SHOWN, pk=number, customer_id__in=customer_ids).first()
    if case is None:
        raise Http404
    return case


def cases_of(customer_ids: Sequence[int]) -> QuerySet[Case]:
    return Case.objects.filter(customer_id__in=customer_ids).order_by("-last_message_at", "-pk")


def cases_shown_to(customer_ids: Sequence[int]) -> QuerySet[Case]:
    """Of these, what stands on the customer's own page."""
    return cases_of(customer_ids).filter(SHOWN)


def attachment_of(customer_ids: Sequence[int], pk: int) -> Attachment:
    """The attachment, if it came with something the customer may see; raises Http404."""
    found = (
        Attachment.objects.select_related("blob", "message")
        .filter(pk=pk, message__case__in=cases_shown_to(customer_ids).order_by())
        .exclude(message__direction=Message.Direction.NOTE)
        .first()
    )
    if found is None:
        raise Http404
    return found


def snoozed(now: datetime) -> Q:
    """What somebody put aside until later than *now*; what its customer waits for an answer in is among it."""
    return Q(snoozed_by__isnull=False) & (Q(snoozed_until=None) | Q(snoozed_until__gt=now))


def awake(now: datetime) -> Q:
    """What lists show: nothing that is put aside, unless its customer has written and waits for an answer."""
    return Q(snoozed_by=None) | Q(snoozed_until__lte=now) | Q(unanswered_since__isnull=False)


@planned_once()
def rows(staff: Staff, found: QuerySet[Case], *, most: int) -> list[Row]:
    """What a list shows of the first *most* of *found* (cases.chosen), in their order; one statement."""
    newest = Message.objects.filter(case=OuterRef("pk")).exclude(direction="note").order_by("-at", "-pk")
    owed = Promise.objects.filter(OWED, about=Concat(Value("case:"), Cast(OuterRef("pk"), TextField())))
    values = found.annotate(
        snippet=Subquery(newest.values(start=Left("text", 240))[:1]),
        promises=Subquery(owed.order_by().values(one=Value(1)).annotate(count=Count("pk")).values("count")),
        # Not Exists: for that PostgreSQL would rather read all cases once than look fifty of them up.
        again=Subquery(Case.objects.filter(within_sight(staff), pk=OuterRef("again_of")).values("pk")[:1]),
    ).values_list(*ROW, "snippet", "promises", "again")[:most]
    return [Row._make([*row[:-1], row[-1] is not None]) for row in values]


ROW = (
    "pk", "subject", "kind", "channel", "emotion", "unverified", "for_staff_only", "imported", "last_message_at",
    "unanswered_since", "answer_by", "customer_id", "customer__name", "assignee__name", "snoozed_by_id", "snoozed_until",
    "opened_at", "parent_id",
)  # fmt: skip


class Row(NamedTuple):
    """A case as a list shows it."""

    pk: int
    subject: str
    kind: str
    channel: str
    emotion: str
    unverified: bool
    for_staff_only: bool
    imported: bool
    last_message_at: datetime
    unanswered_since: datetime | None
    answer_by: datetime | None
    customer_id: int
    customer_name: str
    owner: str | None
    snoozed_by_id: int | None
    snoozed_until: datetime | None
    opened_at: datetime
    parent: int | None
    #: The beginning of the newest message that is no note.
    snippet: str | None
    #: How many promises are owed in it.
    promises: int | None
    #: It is an earlier case again, one that the reader may see.
    again: bool


def with_count(staff: Staff, number: int) -> tuple[Case, int]:
    """The same with what its page shows beside it, and how many cases its customer has that *staff* may see.

    One statement, raises Http404. `earlier` is the case that it is, or is not, again, where *staff* may see that one.
    """
    found = _page(sight_of(staff).is_full).ask(number=number, staff=staff.pk, own_team=staff.team_id or 0)
    if not found or not staff.may(May.READ):
        raise Http404
    [case] = found
    return case, case.of_customer or 1


@cache
def _page(is_full: bool) -> Question[Case, Any]:
    sight = sight_given(is_full=is_full)
    seen = Case.objects.filter(sight).order_by()
    same = seen.filter(customer__root_id=OuterRef("customer__root_id"))
    children = seen.filter(parent=OuterRef("pk"))
    answers = Reply.objects.filter(
        case=OuterRef("pk"), is_note=False, state__in=[Reply.State.HELD, Reply.State.SENT]
    ).order_by("-pk")
    earlier = seen.filter(pk=Coalesce(OuterRef("again_of"), OuterRef("not_again_of")))
    return Question(
        Case.objects.select_related("customer")
        .annotate(
            owner_name=F("assignee__name"),
            snoozed_by_name=F("snoozed_by__name"),
            of_customer=Subquery(_counted(same)),
            newest_answer=Subquery(answers.values("pk")[:1]),
            earlier=Subquery(earlier.values(plain=JSONObject(pk="pk", subject="subject", opened_at="opened_at"))),
            clocks=beside(OuterRef("pk")),
            remedies=remedies.beside(OuterRef("pk")),
            files=ArraySubquery(_waiting()),
            formal=ArraySubquery(_formal()),
            # How many are linked to it, and whether the one it is linked to may be seen.
            children_seen=Subquery(_counted(children)),
            parent_seen=Exists(seen.filter(pk=OuterRef("parent"))),
        )
        .filter(sight, pk=Given("number"))
    )


def _formal() -> QuerySet[FormalReply, Any]:
    """The letters that rules lay down which were sent in the case of the statement around this, and why it ended without one."""
    sent = FormalReply.objects.filter(case=OuterRef("pk")).order_by("at", "pk")
    names = ("formal", "decision", "found", "ticked", "missing", "without", "at", "until")
    return sent.values(plain=JSONObject(who="staff__name", message="message_id", **{name: name for name in names}))


def waiting_names(case: Case, staff: Staff) -> list[str]:
    """What the files are called that *staff* put beside their words in *case*."""
    mine = ReplyFile.objects.filter(case=case, staff=staff, key=None, reply=None, removed_at=None)
    return list(mine.order_by("pk").values_list("name", flat=True))


def _counted(rows: QuerySet[Case]) -> QuerySet[Case, Any]:
    """How many *rows* there are, for the statement around them."""
    return rows.values(one=Value(1)).annotate(count=Count("pk")).values("count")


def _waiting() -> QuerySet[ReplyFile, Any]:
    """The files beside the words that the reader writes in the case of the statement around this."""
    mine = ReplyFile.objects.filter(case=OuterRef("pk"), staff=Given("staff"), key=None, reply=None, removed_at=None)
    return mine.order_by("pk").values(plain=JSONObject(pk="pk", name="name", size="size", seen_as="seen_as"))


def file_for(staff: Staff, pk: int) -> ReplyFile:
    """A file of theirs that waits beside their words, also one just taken out; raises Http404."""
    found = ReplyFile.objects.select_related("blob", "case").filter(pk=pk, staff=staff, key=None, reply=None).first()
    if found is None:
        raise Http404
    case_for(staff, found.case_id)
    return found


@dataclass(frozen=True)
class Said:
    """A message, what came with it, and how the letter that carried it fared."""

    message: Message
    #: pk, name and size of each, and what it is by its first bytes.
    attachments: list[dict[str, Any]]
    #: state, last_reply, bounced, bounce_reason, encloses and enclosed; None where no letter carried it.
    letter: dict[str, Any] | None
    #: What staff said of its reading, by field.
    corrections: dict[Field, list[str]]


def said_in(case: Case) -> list[Said]:
    """Everything said in the case, oldest first, as staff see it; one statement."""
    return [
        Said(
            message=row,
            attachments=row.files,
            letter=row.letter,
            corrections={Field(one["field"]): one["said"] for one in row.holding},
        )
        for row in _thread().ask(case=case.pk)
    ]


@cache
def _thread() -> Question[Message, Any]:
    attachments = Attachment.objects.filter(message=OuterRef("pk")).order_by("pk")
    holding = Correction.objects.filter(message=OuterRef("pk"), until=None)
    number = Case_(When(source__startswith="letter:", then=Cast(Substr("source", 8), BigIntegerField())))
    letters = Letter.objects.filter(pk=OuterRef("letter_number")).values(
        plain=JSONObject(
            state="state",
            last_reply="last_reply",
            bounced=Q(bounced_at__isnull=False),
            bounce_reason="bounce_reason",
            encloses="encloses",
            enclosed="enclosed",
        )
    )
    return Question(
        Message.objects.filter(case=Given("case"))
        .annotate(letter_number=number)
        .annotate(
            letter=Subquery(letters),
            files=ArraySubquery(
                attachments.values(plain=JSONObject(pk="pk", name="name", size="size", seen_as="seen_as"))
            ),
            holding=ArraySubquery(holding.values(plain=JSONObject(field="field", said="said"))),
        )
        .select_related("staff", "handle")
        .order_by("at", "pk")
    )


def lately_said(case: Case, *, most: int = 40) -> list[Said]:
    """The words of the latest messages in the case, oldest first, with what was read in them; no notes, one statement."""
    rows = _lately_said(most).ask(case=case.pk)
    return [Said(row, [], None, {Field(one["field"]): one["said"] for one in row.holding}) for row in reversed(rows)]


@cache
def _lately_said(most: int) -> Question[Message, Any]:
    holding = Correction.objects.filter(message=OuterRef("pk"), until=None)
    return Question(
        Message.objects.filter(case=Given("case"))
        .exclude(direction=Message.Direction.NOTE)
        .defer("html", "quoted")
        .annotate(holding=ArraySubquery(holding.values(plain=JSONObject(field="field", said="said"))))
        .order_by("-at", "-pk")[:most]
    )


def dismissed_in(case: Case, staff: Staff) -> set[str]:
    """The checks that this person waved off in this case."""
    return set(_dismissed().ask(case=case.pk, staff=staff.pk))


@cache
def _dismissed() -> Question[Dismissal, str]:
    rows = Dismissal.objects.filter(case=Given("case"), staff=Given("staff"))
    return Question(rows.values_list("check_name", flat=True))


def choices_beside() -> tuple[list[tuple[int, str]], list[Template]]:
    """Who may own a case, and the words to begin an answer with; one statement."""
    found = sorted(_choices().ask(), key=lambda row: row[2])
    return (
        [(pk, name) for what, pk, name, _text in found if what == "staff"],
        [Template(pk=pk, name=name, text=text) for what, pk, name, text in found if what == "template"],
    )


@cache
def _choices() -> Question[Staff, Any]:
    return Question(
        _owners()
        .values_list(Value("staff"), "pk", "name", Value(""))
        .union(Template.objects.values_list(Value("template"), "pk", "name", "text"), all=True)
    )


def _owners() -> QuerySet[Staff]:
    return Staff.objects.filter(is_active=True, role__in=[role for role in Role if allowed(role, May.ANSWER)])


class Beside(NamedTuple):
    """What a list of cases can be narrowed by, and the views it can be shown as: what, its number, its name, and more of it."""

    what: str
    pk: int
    name: str
    plain: dict[str, Any]


def beside_list(staff: Staff) -> list[Beside]:
    """Who may own a case, the teams, the groups of customers, and the saved views of *staff*, own ones first; one statement."""
    found = _beside_list().ask(staff=staff.pk, own_team=staff.team_id or 0)
    return [Beside(what, pk, name, plain) for what, pk, name, plain, _place in sorted(found, key=_place_of)]


def _place_of(row: tuple[Any, ...]) -> tuple[int, str, int]:
    return row[4], row[2].lower(), row[1]


@cache
def _beside_list() -> Question[Staff, Any]:
    none, last = Value("{}", JSONField()), Value(0)
    views = SavedView.objects.filter(Q(staff=Given("staff"), team=None) | Q(team_id=Given("own_team")), gone_at=None)
    return Question(
        _owners()
        .values_list(Value("staff"), "pk", "name", none, last)
        .union(
            Team.objects.values_list(Value("team"), "pk", "name", none, last),
            Customer.objects.exclude(group="").values_list(Value("group"), Value(0), "group", none, last).distinct(),
            views.filter(team=None).values_list(Value("own"), "pk", "name", "filters", "place"),
            views.filter(team__isnull=False).values_list(Value("shared"), "pk", "name", "filters", "place"),
            all=True,
        )
    )


def saved_views(staff: Staff) -> list[SavedView]:
    """The same as rows, those taken away last."""
    rows = SavedView.objects.filter(mine_or_my_teams(staff)).order_by("place", "pk")
    return sorted(rows, key=lambda view: view.gone_at is not None)


def mine_or_my_teams(staff: Staff) -> Q:
    """Saved views: one's own, and those shared with one's team."""
    return Q(staff=staff, team=None) | Q(team_id=staff.team_id or 0)


def act_for(staff: Staff, pk: int) -> BulkAct:
    """What they did to many cases themselves; raises Http404."""
    found = BulkAct.objects.filter(staff=staff, pk=pk).first()
    if found is None:
        raise Http404
    return found


def thread(case: Case, *, notes: bool) -> list[Message]:
    """Everything said in the case, oldest first; notes only where *notes*."""
    rows = Message.objects.filter(case=case)
    if not notes:
        rows = rows.exclude(direction=Message.Direction.NOTE)
    attachments = Attachment.objects.only("message_id", "name", "content_type", "size")
    return list(
        rows.select_related("staff", "handle")
        .prefetch_related(Prefetch("attachments", attachments))
        .order_by("at", "pk")
    )


def message_for(staff: Staff, pk: int) -> Message:
    message = Message.objects.select_related("case").filter(within_sight(staff, team="case__team"), pk=pk).first()
    if message is None or not staff.may(May.READ):
        raise Http404
    return message


def attachment_for(staff: Staff, pk: int) -> Attachment:
    attachments = Attachment.objects.select_related("blob", "message")
    attachment = attachments.filter(within_sight(staff, team="message__case__team"), pk=pk).first()
    if attachment is None or not staff.may(May.READ):
        raise Http404
    return attachment


def under_way(case: Case, staff: Staff) -> list[Reply]:
    """What this person is writing here, what anybody has sent here that leaves within seconds, and what they have elsewhere.

    One statement. `dismissed` of each are the checks that its writer waved off in this case.
    """
    return _under_way().ask(case=case.pk, staff=staff.pk)


@cache
def _under_way() -> Question[Reply, Any]:
    here, mine = Q(case=Given("case")), Q(staff=Given("staff"))
    writing = here & mine & Q(state__in=[Reply.State.DRAFT, Reply.State.STOPPED])
    waved_off = Dismissal.objects.filter(case=OuterRef("case"), staff=OuterRef("staff")).values("check_name")
    rows = Reply.objects.filter(writing | (here | mine) & Q(state=Reply.State.HELD))
    return Question(rows.select_related("staff").annotate(dismissed=ArraySubquery(waved_off)).order_by("pk"))


def waved_off(draft: Reply | None) -> tuple[str, ...]:
    """The checks that the writer of a draft waved off in its case, as `under_way` found them."""
    return tuple(getattr(draft, "dismissed", ()))


def next_unanswered(staff: Staff, *, after: int = 0, now: datetime) -> int | None:
    """The case to answer next: due first, nobody else's, and none whose answer is about to leave; *after* is behind us."""
    leaving = Reply.objects.filter(case=OuterRef("pk"), state=Reply.State.HELD)
    ours = Q(assignee=None) | Q(assignee=staff)
    waits = Case.objects.filter(within_sight(staff), ours, awake(now), unanswered_since__isnull=False, imported=False)
    rows = waits.exclude(pk=after).filter(~Exists(leaving)).order_by(F("answer_by").asc(nulls_last=True), "pk")
    return rows.values_list("pk", flat=True).first()


def held_in(case: Case) -> list[Reply]:
    """Replies that leave within seconds."""
    return list(Reply.objects.filter(case=case, state=Reply.State.HELD).select_related("staff").order_by("pk"))


def known_outside_ids(outside_ids: Sequence[str]) -> set[str]:
    """Which of these conversations from elsewhere are here already."""
    known = Case.objects.filter(outside_id__in=outside_ids).values_list("outside_id", flat=True)
    return {outside_id for outside_id in known if outside_id}


def known_sources(sources: Sequence[str]) -> dict[str, int]:
    """Of these names of messages elsewhere those that are here already, each with its case."""
    return dict(Message.objects.filter(source__in=sources).values_list("source", "case_id"))


def reply_for(staff: Staff, pk: int) -> Reply:
    """An answer of theirs, wherever it stands on its way; raises Http404. What others are writing is their own."""
    reply = Reply.objects.filter(pk=pk, staff=staff, is_note=False).first()
    if reply is None:
        raise Http404
    case_for(staff, reply.case_id)
    return reply


def held_since() -> datetime | None:
    """When the reply that is held longest was to leave."""
    return (
        Reply.objects.filter(state=Reply.State.HELD).order_by("leaves_at").values_list("leaves_at", flat=True).first()
    )
