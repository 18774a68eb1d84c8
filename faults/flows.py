"""The pieces of work that are struck: for each, what precedes it, what a worker does, and what there must be once afterwards."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import connection

from faults.processes import run
from faults.scene import Scene
from troth.cases import actions
from troth.cases import tasks as cases
from troth.cases.models import Case
from troth.channels.chat import actions as chat
from troth.channels.chat import tasks as chatting
from troth.channels.chat.models import Site, Talk
from troth.inbox import tasks as inbox
from troth.ledger import tasks as ledger
from troth.people.models import Customer
from troth.post import tasks as post
from troth.post.rules.enclosing import SOON
from troth.privacy import actions as privacy
from troth.privacy import tasks as forgetting
from troth.promises import actions as promises
from troth.promises import tasks as watcher
from troth.promises.models import Promise
from troth.words.refs import ref


@dataclass(frozen=True)
class Flow:
    name: str
    #: Makes everything ready for one strike; what it is about.
    prepare: Callable[[Scene, int], Any]
    #: What the worker does that is struck.
    act: Callable[[Scene, Any], None]
    #: For each effect, SQL that counts it for each of `%(items)s`: item, count. All counts must be 1.
    effects: dict[str, str]


# Take-in: IMAP, arrival, case, acknowledgement


def _letter_lies_there(scene: Scene, number: int) -> str:
    scene.lab.drop("support@troth.test", scene.letter_in(number))
    return scene.message_id(number)


def _take_in(scene: Scene, _item: str) -> None:
    scene.receive()
    inbox.read_waiting()
    _deliver(scene)


def _deliver(scene: Scene) -> None:
    """A letter that promises something waits for the seal, and leaves with its receipt."""
    post.deliver()
    ledger.seal()
    scene.clock.forward(SOON)
    post.deliver()
    ledger.seal()


TAKE_IN = Flow(
    "take-in",
    _letter_lies_there,
    _take_in,
    {
        "arrival": "SELECT message_id, count(*) FROM inbox_arrival GROUP BY message_id",
        "message": "SELECT message_id, count(*) FROM cases_message GROUP BY message_id",
        "case": """
            SELECT message.message_id, count(DISTINCT one.id) FROM cases_message AS message
            JOIN cases_case AS one ON one.customer_id = (SELECT customer_id FROM cases_case WHERE id = message.case_id)
            GROUP BY message.message_id
        """,
        "acknowledgement": """
            SELECT message.message_id, count(*) FROM post_letter AS letter
            JOIN cases_message AS message ON letter.because = 'case:' || message.case_id AND message.direction = 'inbound'
            WHERE letter.state = 'sent' GROUP BY message.message_id
        """,
        "promise to answer": """
            SELECT message.message_id, count(*) FROM promises_promise AS promise
            JOIN cases_message AS message ON promise.about = 'case:' || message.case_id AND message.direction = 'inbound'
            WHERE promise.sort = 'answer' GROUP BY message.message_id
        """,
    },
)


# Reply: held, leaves, letter, SMTP


def _reply_is_held(scene: Scene, number: int) -> int:
    customer = scene.customer(number)
    message = actions.open_or_join(
        handle=customer.handles.get(),
        text="Where is my parcel?",
        subject="Parcel",
        at=scene.clock(),
        now=scene.clock(),
    )
    day = scene.clock() + timedelta(days=30)
    text = f"Your parcel is at the depot. We will ring you by {day.day} {day:%B} at 5 pm."
    actions.send_reply(message.case, staff=scene.sam, text=text, now=scene.clock())
    scene.clock.forward(timedelta(seconds=11))
    return message.case_id


def _leave(scene: Scene, _item: int) -> None:
    cases.leave()
    _deliver(scene)


REPLY = Flow(
    "reply",
    _reply_is_held,
    _leave,
    {
        "answer": "SELECT case_id, count(*) FROM cases_message WHERE direction = 'outbound' GROUP BY case_id",
        "letter": """
            SELECT message.case_id, count(*) FROM post_letter AS letter
            JOIN cases_message AS message ON letter.because = 'message:' || message.id
            WHERE letter.state = 'sent' GROUP BY message.case_id
        """,
        # Who is paused while sealing keeps everybody from it: then the letter leaves without, and says so.
        "receipt, or word that it was left out": """
            SELECT message.case_id, count(*) FROM post_letter AS letter
            JOIN cases_message AS message ON letter.because = 'message:' || message.id
            JOIN ledger_entry AS entry ON entry.about = 'letter:' || letter.id AND entry.kind =
                CASE WHEN position('receipt-promise-' IN encode(letter.raw, 'escape')) > 0
                THEN 'ReceiptsEnclosed' ELSE 'ReceiptsLeftOut' END
            GROUP BY message.case_id
        """,
        "promise": """
            SELECT substr(about, 6)::bigint, count(*) FROM promises_promise WHERE sort = 'deed' GROUP BY about
        """,
        "fact": """
            SELECT substr(about, 6)::bigint, count(*) FROM ledger_entry WHERE kind = 'CaseAnswered' GROUP BY about
        """,
    },
)


# Answer many: one text for three customers of one cause, each in their own case


def _three_are_to_be_answered(scene: Scene, number: int) -> int:
    def opened(one: int) -> Case:
        said = {"text": "Where is my parcel?", "subject": "Parcel", "at": scene.clock(), "now": scene.clock()}
        return actions.open_or_join(handle=scene.customer(10 * number + one).handles.get(), **said).case

    cause, children = opened(0), [opened(one) for one in (1, 2, 3)]
    for child in children:
        actions.link(child, parent=cause, by=scene.sam, now=scene.clock())
    day = scene.clock() + timedelta(days=30)
    made = actions.prepare_answer(
        cause,
        numbers=[child.pk for child in children],
        text=f"Hello {{name}}, your parcel is at the depot. We will ring you by {day.day} {day:%B} at 5 pm.",
        staff=scene.sam,
        now=scene.clock(),
    )
    assert actions.send_answer(made, now=scene.clock())
    return cause.pk


def _answer_them(scene: Scene, _item: int) -> None:
    cases.do_many()
    scene.clock.forward(timedelta(seconds=11))
    cases.leave()
    _deliver(scene)


def _of_each(what: str) -> dict[str, str]:
    """SQL that counts something of each linked case: the fewest of any, and the most, for the case of the cause."""
    return {
        f"{which} of each": f"""
            SELECT parent, {which}(count) FROM (
                SELECT one.parent_id AS parent, (SELECT count(*) FROM {what}) AS count
                FROM cases_case AS one WHERE one.parent_id IS NOT NULL
            ) AS counted GROUP BY parent
        """  # noqa: S608 -- words of ours
        for which in ("min", "max")
    }


ANSWER_MANY = Flow(
    "answering many",
    _three_are_to_be_answered,
    _answer_them,
    {
        f"{name}, {which}": sql
        for name, what in {
            "answer": "cases_message AS message WHERE message.case_id = one.id AND message.direction = 'outbound'",
            "letter": """
                post_letter AS letter JOIN cases_message AS message ON letter.because = 'message:' || message.id
                WHERE message.case_id = one.id AND letter.state = 'sent'
            """,
            "promise": "promises_promise AS promise WHERE promise.about = 'case:' || one.id AND promise.sort = 'deed'",
            "fact": "ledger_entry AS entry WHERE entry.about = 'case:' || one.id AND entry.kind = 'CaseAnswered'",
            "part": "cases_bulkreply AS part WHERE part.case_id = one.id AND part.state = 'written'",
        }.items()
        for which, sql in _of_each(what).items()
    },
)


# Chat: something is said; an answer is said, and its reader has left


def _talk_begun(scene: Scene, number: int) -> Talk:
    site = Site.objects.first() or chat.make_site(
        name="Shop", lines=["https://shop.example"], team=None, by=None, now=scene.clock()
    )
    scene.customer(number)
    return chat.begin(site, origin="https://shop.example", now=scene.clock())


def _say(scene: Scene, talk: Talk, number: int) -> None:
    """As the visitor's page does: under one name, however often it has to."""
    address = scene.customer(number).handles.get().address
    chat.say(talk, text="Where is my parcel?", once="the-first-word", email=address, now=scene.clock())


def _word_waits(scene: Scene, number: int) -> int:
    talk = _talk_begun(scene, number)
    _WHO[talk.pk] = number
    return talk.pk


#: Whose talk it is, by its number.
_WHO: dict[int, int] = {}


def _word_comes(scene: Scene, item: int) -> None:
    _say(scene, Talk.objects.get(pk=item), _WHO[item])
    inbox.read_waiting()
    ledger.seal()


CHAT_SAID = Flow(
    "chat, something said",
    _word_waits,
    _word_comes,
    {
        "arrival": "SELECT split_part(outside_id, ':', 1)::bigint, count(*) FROM inbox_arrival GROUP BY 1",
        "message": """
            SELECT talk.id, count(*) FROM cases_message AS message JOIN chat_talk AS talk ON talk.case_id = message.case_id
            GROUP BY talk.id
        """,
        "case": """
            SELECT split_part(arrival.outside_id, ':', 1)::bigint, count(DISTINCT message.case_id) FROM inbox_arrival AS arrival
            JOIN cases_message AS message ON message.source = 'arrival:' || arrival.id GROUP BY 1
        """,
        "promise to answer": """
            SELECT talk.id, count(*) FROM promises_promise AS promise
            JOIN chat_talk AS talk ON promise.about = 'case:' || talk.case_id WHERE promise.sort = 'answer' GROUP BY talk.id
        """,
    },
)


def _answer_is_held(scene: Scene, number: int) -> int:
    talk = _talk_begun(scene, number)
    _say(scene, talk, number)
    chat.here([talk.pk], now=scene.clock())
    case = Talk.objects.select_related("case").get(pk=talk.pk).case
    assert case is not None
    day = scene.clock() + timedelta(days=30)
    text = f"Your parcel is at the depot. We will ring you by {day.day} {day:%B} at 5 pm."
    actions.send_reply(case, staff=scene.sam, text=text, now=scene.clock())
    scene.clock.forward(timedelta(seconds=3))
    return case.pk


def _answer_goes_after_them(scene: Scene, _item: int) -> None:
    """It is said while they are there, or by mail where the worker was struck for longer than they stayed."""
    cases.leave()
    scene.clock.forward(timedelta(seconds=60))
    chatting.look()
    _deliver(scene)


CHAT_LEFT = Flow(
    "chat, an answer to who has left",
    _answer_is_held,
    _answer_goes_after_them,
    {
        "answer": "SELECT case_id, count(*) FROM cases_message WHERE direction = 'outbound' GROUP BY case_id",
        "letter": """
            SELECT message.case_id, count(*) FROM post_letter AS letter
            JOIN cases_message AS message ON letter.because = 'message:' || message.id
            WHERE letter.state = 'sent' GROUP BY message.case_id
        """,
        "line in a letter": """
            SELECT talk.case_id, count(*) FROM chat_line AS line JOIN chat_talk AS talk ON talk.id = line.talk_id
            JOIN post_letter AS letter ON letter.id = line.letter_id WHERE letter.state = 'sent' GROUP BY talk.case_id
        """,
        "promise": """
            SELECT substr(about, 6)::bigint, count(*) FROM promises_promise WHERE sort = 'deed' GROUP BY about
        """,
        "fact": """
            SELECT substr(about, 6)::bigint, count(*) FROM ledger_entry WHERE kind = 'CaseAnswered' GROUP BY about
        """,
    },
)


# Warn: the owner, then the lead


def _promised(scene: Scene, number: int) -> int:
    """Made for eight hours from now, so that a worker's longest pauses fall between its moments."""
    now = scene.clock()
    promise = promises.record(
        customer=scene.customer(number),
        what="ring you",
        due=now + timedelta(hours=8),
        said_at=now,
        now=now,
        owner=scene.sam,
        by_itself=True,
    )
    return promise.pk


def _warn(scene: Scene, item: int) -> None:
    promise = Promise.objects.get(pk=item)
    assert promise.warn_at
    assert promise.escalate_at
    for moment in (promise.warn_at, promise.escalate_at):
        scene.clock.to(moment)
        watcher.look_ahead()
        post.deliver()
        ledger.seal()


def facts_of(kind: str) -> str:
    """SQL that counts facts of a kind for each promise."""
    return f"""
        SELECT substr(about, 9)::bigint, count(*) FROM ledger_entry
        WHERE kind = '{kind}' AND about LIKE 'promise:%' GROUP BY about
    """  # noqa: S608 -- a name of ours


def _letters(key: str) -> str:
    """SQL that counts letters to staff for each promise."""
    return f"""
        SELECT split_part(key, ':', 3)::bigint, count(*) FROM post_letter
        WHERE key LIKE '{key}:promise:%' AND state = 'sent' GROUP BY 1
    """  # noqa: S608 -- a name of ours


WARN = Flow(
    "warning",
    _promised,
    _warn,
    {
        "warning": facts_of("StaffWarned"),
        "escalation": facts_of("StaffEscalated"),
        "letter to the owner": _letters("warn"),
        "letter to the lead": _letters("escalate"),
    },
)


# Heads-up: told, delivered, drawn into the promise, judged


def _warned(scene: Scene, number: int) -> int:
    item = _promised(scene, number)
    run(lambda: _warn(scene, item))
    return item


def _tell_and_judge(scene: Scene, item: int) -> None:
    promise = Promise.objects.get(pk=item)
    assert promise.heads_up_at
    assert promise.due
    for moment in (promise.heads_up_at, promise.due):
        scene.clock.to(moment)
        watcher.look_ahead()
        _deliver(scene)
        watcher.look_ahead()
        ledger.seal()


HEADS_UP = Flow(
    "heads-up",
    _warned,
    _tell_and_judge,
    {
        "telling": "SELECT promise_id, count(*) FROM promises_telling GROUP BY promise_id",
        "letter": """
            SELECT telling.promise_id, count(DISTINCT letter.id) FROM post_letter AS letter
            JOIN promises_telling AS telling ON letter.because = 'promise:' || telling.promise_id
            WHERE letter.customer_id IS NOT NULL AND letter.state = 'sent' GROUP BY telling.promise_id
        """,
        "telling sent": facts_of("TellingSent"),
        "customer told": facts_of("CustomerTold"),
        "judged": facts_of("PromiseLate"),
        "next word": "SELECT because_id, count(*) FROM promises_promise WHERE because_id IS NOT NULL GROUP BY because_id",
    },
)


# Forget: the words, the key, the last letter


def _asks(scene: Scene, number: int) -> int:
    """Somebody wrote, was promised something, and asks to be forgotten."""
    who = scene.customer(number)
    message = actions.open_or_join(
        handle=who.handles.get(), text="Where is it?", subject="Parcel", at=scene.clock(), now=scene.clock()
    )
    due = scene.clock() + timedelta(days=30)
    said_at = scene.clock()
    promises.record(
        customer=who,
        what="ring you",
        due=due,
        said_at=said_at,
        now=said_at,
        owner=scene.sam,
        about=ref("case", message.case_id),
    )
    privacy.ask(who, by=None, now=scene.clock())
    return who.pk


def _forget(scene: Scene, item: int) -> None:
    who = Customer.objects.get(pk=item)
    with suppress(privacy.ErasedAlready):  # it was put on record before the strike
        privacy.begin(who, by=scene.lea, now=scene.clock())
    forgetting.forget()
    _deliver(scene)
    privacy.sweep_up(now=scene.clock())


def _of_persons(what: str) -> str:
    """SQL that counts what belongs to erasures, for each of their persons."""
    return f"""
        SELECT person, count(*) FROM privacy_erasure AS erasure CROSS JOIN unnest(erasure.customers) AS person
        {what} GROUP BY person
    """  # noqa: S608 -- words of ours


FORGET = Flow(
    "forgetting",
    _asks,
    _forget,
    {
        "erasure at its end": _of_persons("WHERE done_at IS NOT NULL AND because = 'asked'"),
        "person without a name": "SELECT id, count(*) FROM people_customer WHERE erased_at IS NOT NULL AND name = '' GROUP BY id",
        "message without words": """
            SELECT one.customer_id, count(*) FROM cases_message AS message JOIN cases_case AS one ON one.id = message.case_id
            WHERE message.text = '' AND message.handle_id IS NULL GROUP BY one.customer_id
        """,
        "wish answered": "SELECT customer_id, count(*) FROM privacy_request WHERE answer = 'erased' GROUP BY customer_id",
        "last letter, emptied": _of_persons(
            "JOIN post_letter AS letter ON letter.because = 'erasure:' || erasure.id"
            " WHERE letter.state = 'sent' AND letter.to_address = ''"
        ),
        "fact": """
            SELECT substr(about, 10)::bigint, count(*) FROM ledger_entry WHERE kind = 'CustomerErased' GROUP BY about
        """,
    },
)


@dataclass(frozen=True)
class Tally:
    lost: int
    doubled: int
    #: What and how often, for whoever has to find the reason.
    wrong: tuple[str, ...]


def tally(scene: Scene, flow: Flow, items: Sequence[Any], *, letters_too: bool = True) -> Tally:
    """What there is too little or too much of, for all *items*; letters are counted where they arrived."""
    lost = doubled = 0
    wrong = []
    for name, sql in flow.effects.items():
        with connection.cursor() as cursor:
            cursor.execute(sql)
            counts = dict(cursor.fetchall())
        for item in items:
            count = counts.get(item, 0)
            if count != 1:
                wrong.append(f"{name} of {item}: {count}")
            lost, doubled = lost + (count == 0), doubled + max(0, count - 1)
    copies = scene.copies() if letters_too else []
    lost, doubled = lost + copies.count(0), doubled + sum(count - 1 for count in copies if count > 1)
    return Tally(lost, doubled, tuple(wrong))
