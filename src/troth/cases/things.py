"""What the ledger tells of in this room: cases with their messages, what staff say of readings, what was learned."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from troth.cases.models import Case, Correction, FormalReply, Learned, Message, Rereading
from troth.cases.rules import replay
from troth.ledger.replay import Thing, facts_of_kind
from troth.ledger.rules.replay import Columns
from troth.words.refs import ref


def cases(numbers: Sequence[int]) -> dict[int, Columns]:
    """The columns of these cases and of their messages, as their facts would put them."""
    said: dict[int, Columns] = defaultdict(dict)
    spoken: dict[int, list[str]] = defaultdict(list)
    rows_said = Message.objects.filter(case__in=numbers).values_list("case_id", "pk", "direction", "staff_id", "source")
    for case, pk, direction, staff, source in rows_said:
        message = ref("message", pk)
        spoken[case].append(message)
        said[case] |= {f"{message} direction": direction, f"{message} source": source}
        said[case] |= {f"{message} staff": ref("staff", staff) if staff else ""}
    rows = Case.objects.filter(pk__in=numbers)
    return {case.pk: _case(case) | said[case.pk] | {"messages": " ".join(sorted(spoken[case.pk]))} for case in rows}


def _case(case: Case) -> Columns:
    columns: Columns = {
        "CaseOpened": 1,
        "customer": ref("customer", case.customer_id),
        "channel": case.channel,
        "status": case.status,
        "kind": case.kind,
        "cause": case.cause,
        "urgency": case.urgency,
        "assignee": ref("staff", case.assignee_id) if case.assignee_id else "",
        "again_of": ref("case", case.again_of_id) if case.again_of_id else "",
        "parent": ref("case", case.parent_id) if case.parent_id else "",
        "incident": case.incident,
        "is_unverified": case.unverified,
        "is_snoozed": case.snoozed_by_id is not None,
        "snoozed_by": ref("staff", case.snoozed_by_id) if case.snoozed_by_id else "",
        "snoozed_until": case.snoozed_until,
    }
    return columns | ({"is_imported": True} if case.imported else {})


def messages(numbers: Sequence[int]) -> dict[int, Columns]:
    """What holds of these messages' readings, as their facts would put it."""
    found: dict[int, Columns] = {pk: {} for pk in Message.objects.filter(pk__in=numbers).values_list("pk", flat=True)}
    fields: dict[int, list[str]] = defaultdict(list)
    standing = Correction.objects.filter(message__in=numbers, until=None)
    for message, field, said in standing.values_list("message_id", "field", "said"):
        fields[message].append(field)
        found[message][f"{field} said"] = " ".join(said)
    for number, columns in found.items():
        columns["said of"] = " ".join(sorted(fields[number]))
    return found


def formal_replies(numbers: Sequence[int]) -> dict[int, Columns]:
    return {
        row.pk: {
            ("FormalReplySent" if row.formal else "ResolvedWithoutFinalResponse"): 1,
            "customer": ref("customer", row.case.customer_id),
            "case": ref("case", row.case_id),
            "message": ref("message", row.message_id) if row.message_id else "",
            "staff": ref("staff", row.staff_id),
            **{
                name: getattr(row, name)
                for name in ("formal", "decision", "found", "ticked", "missing", "without", "until")
            },
        }
        for row in FormalReply.objects.filter(pk__in=numbers).select_related("case")
    }


def learned(numbers: Sequence[int]) -> dict[int, Columns]:
    rows = Learned.objects.filter(pk__in=numbers).values_list("pk", "version", "corrections")
    return {
        pk: {"ReaderLearned": 1, "version": version, "corrections": corrections} for pk, version, corrections in rows
    }


def rereadings(numbers: Sequence[int]) -> dict[int, Columns]:
    """Rounds that have ended; one under way has no facts yet, and of its columns none is told."""
    return {
        row.pk: {
            "MessagesReread": int(row.ended_at is not None),
            "version": row.version,
            "read": row.read,
            "changed": row.changed,
        }
        for row in Rereading.objects.filter(pk__in=numbers)
    }


def reader_told() -> str:
    """What messages are read with by the facts; empty where they are read as shipped."""
    return replay.in_use(facts_of_kind("ReaderSwitched"))


def reader_in_use() -> str:
    return Learned.objects.filter(is_on=True).values_list("version", flat=True).first() or ""


THINGS = (
    Thing(word="case", model=Case, rows=cases, told=replay.case_told, of_one=False),
    Thing(word="message", model=Message, rows=messages, told=replay.message_told, of_one=False),
    Thing(word="formal", model=FormalReply, rows=formal_replies, told=replay.formal_told),
    Thing(word="learned", model=Learned, rows=learned, told=replay.learned_told),
    Thing(word="rereading", model=Rereading, rows=rereadings, told=replay.rereading_told),
)
