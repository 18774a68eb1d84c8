"""What is said in a talk, and how our answers reach the visitor: exactly once, in the talk or by mail."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes, policy

import pytest
import time_machine
from tests.faces import Shop
from tests.people_and_things import NOW

from troth.cases import actions as cases
from troth.cases.models import Case, Message, Reply
from troth.channels.chat import actions, checks, queries, way
from troth.channels.chat.models import Line, Site, Talk
from troth.channels.chat.tokens import make_token
from troth.inbox import actions as inbox
from troth.inbox.models import Arrival
from troth.ledger.models import Entry
from troth.people.models import Customer, Handle
from troth.post.models import Letter
from troth.privacy import actions as privacy
from troth.promises.models import Promise
from troth.site.verify import findings

GONE = timedelta(seconds=31)
OWN = {"https://shop.example"}


class Chat:
    """A site with a chat, and a visitor who began to talk there."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        self.site = actions.make_site(name="Shop", lines=["https://shop.example"], team=None, by=shop.lea, now=NOW)
        self.number = 0

    def talk(self, **values: str) -> Talk:
        talk = actions.begin(self.site, origin="https://shop.example", now=NOW)
        if values:
            self.say(talk, **values)
        return talk

    def say(self, talk: Talk, text: str = "Where is my parcel?", **values: str) -> None:
        self.number += 1
        actions.say(talk, **{"text": text, "once": f"message-{self.number}", "now": NOW, **values})
        talk.refresh_from_db()

    def answer(self, talk: Talk, text: str, *, at: timedelta = timedelta()) -> Reply:
        assert talk.case is not None
        reply = cases.send_reply(talk.case, staff=self.shop.sam, text=text, now=NOW + at)
        cases.leave(now=NOW + at + timedelta(seconds=11))
        reply.refresh_from_db()
        return reply


@pytest.fixture
def chat(shop: Shop) -> Iterator[Chat]:
    return Chat(shop)


def body(letter: Letter) -> str:
    part = message_from_bytes(bytes(letter.raw), policy=policy.default).get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def test_what_is_said_opens_a_case_of_its_own_and_the_time_told_is_a_promise(chat: Chat) -> None:
    talk = chat.talk(text="Where is my parcel? I am furious.", name="Dora", email="dora@example.net")

    case = Case.objects.get()
    promise = Promise.objects.get()
    assert (case.channel, case.unverified, case.subject) == ("chat", True, "Where is my parcel? I am furious.")
    assert (talk.case_id, talk.told_by, talk.has_address) == (case.pk, case.answer_by, True)
    assert (promise.sort, promise.due, promise.about) == ("answer", case.answer_by, f"case:{case.pk}")
    assert Letter.objects.count() == 0
    assert case.emotion == "anger"


def test_a_typed_address_joins_nothing_and_shows_nothing_of_whom_it_belongs_to(chat: Chat) -> None:
    theirs = chat.shop.case()

    talk = chat.talk(text="Hello, it is me, Ann.", name="Ann Archer", email="ann@example.net")

    assert talk.case_id not in {None, theirs.pk}
    assert talk.case is not None
    assert (talk.case.customer, talk.case.unverified) == (chat.shop.ann.customer, True)
    assert [said["text"] for said in queries.told(talk, now=NOW).plain["said"]] == ["Hello, it is me, Ann."]
    assert chat.shop.ann.verified_at is None


def test_sent_twice_it_is_said_once(chat: Chat) -> None:
    talk = chat.talk()

    for _time in range(2):
        actions.say(talk, text="Hello?", once="the-same-one", now=NOW)

    assert (Arrival.objects.count(), Message.objects.count(), Case.objects.count()) == (1, 1, 1)


def test_what_could_not_be_read_at_once_is_read_by_the_inbox_into_the_same_case(
    chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    talk = chat.talk()
    with monkeypatch.context() as broken:
        broken.setattr(inbox, "take_in", lambda *_given, **_values: 1 / 0)
        chat.say(talk, "One.")
        chat.say(talk, "Two.")
    assert Arrival.objects.filter(state="waiting").count() == 2

    from troth.inbox.tasks import read_waiting

    read_waiting()

    case = Case.objects.get()
    assert list(case.messages.order_by("pk").values_list("text", flat=True)) == ["One.", "Two."]
    assert Promise.objects.filter(sort="answer").count() == 1


def test_who_gives_no_address_is_somebody_of_their_own(chat: Chat) -> None:
    one, other = chat.talk(text="Hello?"), chat.talk(text="Hello?")

    assert one.customer_id != other.customer_id
    assert Handle.objects.get(pk=one.handle).kind == "social"


def test_an_address_given_later_is_theirs_unless_it_is_somebody_elses(chat: Chat) -> None:
    one, other = chat.talk(text="Hello?"), chat.talk(text="Hello?")

    actions.give_address(one, email="dora@example.net", now=NOW)
    actions.give_address(other, email="ann@example.net", now=NOW)

    one.refresh_from_db()
    other.refresh_from_db()
    assert Handle.objects.get(pk=one.handle).customer_id == one.customer_id
    assert Handle.objects.get(pk=other.handle) == chat.shop.ann
    assert other.customer_id != chat.shop.ann.customer_id


def test_an_answer_is_said_in_the_talk_while_they_are_there(chat: Chat) -> None:
    talk = chat.talk(text="Where is it?", email="dora@example.net")
    actions.here([talk.pk], now=NOW)

    reply = chat.answer(talk, "We will ring you by Friday at 5 pm.")

    message = reply.message
    assert message is not None
    line = Line.objects.get()
    told = queries.told(talk, now=NOW).plain
    promise = Promise.objects.get(sort="deed")
    assert (message.channel, message.source, reply.state) == ("chat", "", "sent")
    assert reply.leaves_at == NOW + timedelta(seconds=2)
    assert (line.seen_at, line.letter, Letter.objects.count()) == (None, None, 0)
    assert promise.source == f"message:{message.pk}"
    assert promise.due is not None
    assert told["said"][-1]["word"] == [{"what": promise.what, "by": promise.due.isoformat()}]
    assert Entry.objects.filter(kind="CaseAnswered").count() == 1
    assert Promise.objects.get(sort="answer").state == "kept"
    assert findings(now=NOW) == []


def test_what_they_said_meanwhile_stops_no_answer_and_still_waits(chat: Chat) -> None:
    talk = chat.talk(text="Where is it?")
    actions.here([talk.pk], now=NOW)
    assert talk.case is not None
    cases.send_reply(talk.case, staff=chat.shop.sam, text="At the depot.", now=NOW)
    chat.say(talk, "And the bell?", now=NOW + timedelta(seconds=1))

    cases.leave(now=NOW + timedelta(seconds=3))

    case = Case.objects.get()
    assert [reply.state for reply in Reply.objects.all()] == ["sent"]
    assert (case.status, case.unanswered_since) == ("open", NOW + timedelta(seconds=1))


def test_what_was_not_seen_goes_by_mail_once(chat: Chat) -> None:
    talk = chat.talk(text="My secret words", email="dora@example.net")
    actions.here([talk.pk], now=NOW)
    chat.answer(talk, "It is at the depot.")
    actions.seen(talk, upto=Line.objects.get().message_id, now=NOW)
    chat.answer(talk, "We will ring you by Friday at 5 pm.", at=timedelta(seconds=12))
    assert actions.look(now=NOW + timedelta(seconds=20)) == 0

    for _time in range(3):
        actions.look(now=NOW + GONE)

    letter = Letter.objects.get()
    assert letter.to_address == "dora@example.net"
    text = body(letter)
    assert "We will ring you by Friday at 5 pm." in text
    assert "Our word to you:" in text
    assert "depot" not in text
    assert "secret" not in text + letter.subject
    assert [(line.seen_at is None, line.letter) for line in Line.objects.order_by("pk")] == [
        (False, None),
        (True, letter),
    ]


def test_an_answer_to_who_has_left_is_one_letter_with_what_they_did_not_see(chat: Chat) -> None:
    talk = chat.talk(text="Where is it?", email="dora@example.net")
    actions.here([talk.pk], now=NOW)
    chat.answer(talk, "One moment.")

    reply = chat.answer(talk, "It is at the depot.", at=timedelta(minutes=5))
    actions.look(now=NOW + timedelta(minutes=6))

    letter = Letter.objects.get()
    assert reply.message is not None
    assert (reply.message.channel, reply.message.source) == ("email", letter.reference)
    text = body(letter)
    assert text.index("One moment.") < text.index("It is at the depot.")
    assert {line.letter for line in Line.objects.all()} == {letter}
    assert [said["text"] for said in queries.told(talk, now=NOW).plain["said"]] == [
        "Where is it?", "One moment.", "It is at the depot.",
    ]  # fmt: skip


def test_who_left_without_an_address_finds_the_answer_when_they_come_back(chat: Chat) -> None:
    talk = chat.talk(text="Where is it?")

    chat.answer(talk, "At the depot.", at=timedelta(hours=1))
    actions.look(now=NOW + timedelta(hours=2))

    assert Letter.objects.count() == 0
    assert [said["text"] for said in queries.told(talk, now=NOW).plain["said"]] == ["Where is it?", "At the depot."]
    assert talk.case is not None
    shown = way.shown(talk.case, now=NOW + timedelta(hours=2))
    assert shown is not None
    assert "gave no address" in shown.words
    assert [fared["words"] for fared in shown.fared.values()] == ["Waits until they come back"]


def test_gone_on_by_mail_the_talk_ends_for_whoever_holds_its_token(chat: Chat) -> None:
    talk = chat.talk(text="Hello, it is Ann", email="ann@example.net")
    chat.answer(talk, "Hello Ann.", at=timedelta(minutes=5))
    cases.open_or_join(
        handle=chat.shop.ann, case_id=talk.case_id, text="My PIN is 1234", at=NOW, verified=True, now=NOW
    )
    assert talk.case is not None
    chat.answer(talk, "Thank you for the PIN.", at=timedelta(minutes=9))
    first = talk.case_id

    chat.say(talk, "What did she say?")

    assert talk.case_id != first
    assert talk.case is not None
    assert talk.case.seems_to_be_id == first
    assert [said["text"] for said in queries.told(talk, now=NOW).plain["said"]] == ["What did she say?"]
    assert Letter.objects.count() == 2


def test_the_talk_by_mail_says_nothing_of_what_a_stranger_typed(chat: Chat) -> None:
    talk = chat.talk(text="Buy my pills", email="victim@example.net")
    actions.here([talk.pk], now=NOW)
    chat.answer(talk, "No, thank you.")

    letters = {actions.ask_transcript(talk, now=NOW) for _time in range(2)}

    letter = Letter.objects.get()
    assert letters == {letter}
    assert "No, thank you." in body(letter)
    assert "pills" not in body(letter) + letter.subject

    handle = Handle.objects.get(pk=talk.handle)
    cases.open_or_join(handle=handle, case_id=talk.case_id, text="It is me", at=NOW, verified=True, now=NOW)
    again = actions.ask_transcript(talk, now=NOW)
    assert again is not None
    assert "Buy my pills" in body(again)


def test_nobody_writes_to_a_known_customer_by_typing_their_address(chat: Chat) -> None:
    Handle.objects.filter(pk=chat.shop.ann.pk).update(verified_at=NOW)
    talk = chat.talk(text="Your account is locked: https://evil.example", email="ann@example.net")
    assert talk.case is not None

    first = actions.ask_transcript(talk, now=NOW)
    assert first is not None
    assert "evil.example" not in body(first)

    cases.accept_sender(talk.case, by=chat.shop.sam, now=NOW)
    chat.say(talk, "It was me")
    again = actions.ask_transcript(talk, now=NOW)
    assert again is not None
    assert "It was me" in body(again)


def test_what_a_machine_answers_from_the_typed_address_is_not_shown_in_the_talk(chat: Chat) -> None:
    talk = chat.talk(text="Hello", email="ann@example.net")
    chat.answer(talk, "Hello. How can we help?")
    away = "I am in hospital until Friday. In need ring 0123."
    cases.open_or_join(
        handle=chat.shop.ann, case_id=talk.case_id, text=away, at=NOW, verified=True, automatic=True, now=NOW
    )

    told = queries.told(talk, now=NOW).plain

    assert [said["text"] for said in told["said"]] == ["Hello", "Hello. How can we help?"]
    assert told["moved"] is False


def test_nobody_opens_the_talk_of_another(chat: Chat) -> None:
    talk = chat.talk(text="Hello?")
    other = actions.make_site(name="Other", lines=["https://other.example"], team=None, by=None, now=NOW)

    assert queries.talk_of(make_token(talk), site=chat.site, own=(), now=NOW) == talk
    for token, site, at in (
        (make_token(talk)[:-1] + "x", chat.site, NOW),
        (f"{talk.pk}.{talk.nonce}", chat.site, NOW),
        (make_token(talk), other, NOW),
        (make_token(talk), chat.site, NOW + timedelta(days=15)),
    ):
        with pytest.raises(queries.NoSuchTalk):
            queries.talk_of(token, site=site, own=(), now=at)


def test_a_talk_ends_when_its_page_is_listed_no_more_or_its_customer_is_forgotten(chat: Chat) -> None:
    talk, other = chat.talk(text="Hello?"), chat.talk(text="Hello?")
    Customer.objects.filter(pk=other.customer_id).update(erased_at=NOW)
    with pytest.raises(queries.NoSuchTalk):
        queries.talk_of(make_token(other), site=chat.site, own=(), now=NOW)

    actions.change_site(chat.site, name="Shop", lines=["https://new.example"], team=None, is_on=True)

    with pytest.raises(queries.NoSuchTalk):
        queries.talk_of(make_token(talk), site=Site.objects.get(pk=chat.site.pk), own=(), now=NOW)


def test_whoever_is_forgotten_leaves_no_word_and_no_way_back(chat: Chat) -> None:
    talk = chat.talk(text="My bell is broken", name="Dora", email="dora@example.net")
    actions.here([talk.pk], now=NOW)
    chat.answer(talk, "We are sorry, Dora.")
    customer = Customer.objects.get(pk=talk.customer_id)

    erasure = privacy.erase(customer, by=chat.shop.lea, now=NOW)
    actions.look(now=NOW + GONE)

    assert erasure.done_at is not None
    assert [bytes(source) for source in Arrival.objects.values_list("source", flat=True)] == [b""]
    assert set(Message.objects.values_list("text", flat=True)) == {""}
    assert Letter.objects.exclude(to_address="").count() == 0
    with pytest.raises(queries.NoSuchTalk):
        queries.talk_of(make_token(talk), site=chat.site, own=(), now=NOW)


def test_the_checker_finds_what_would_not_reach_them(chat: Chat) -> None:
    talk = chat.talk(text="Where is it?", email="dora@example.net")
    actions.here([talk.pk], now=NOW)
    chat.answer(talk, "At the depot.")
    late = NOW + checks.LEAVES_WITHIN + timedelta(minutes=1)
    assert [one.invariant for one in findings(now=late) if "chat" in one.wrong] == ["I12"]

    with time_machine.travel(late, tick=False):
        actions.look(now=late)
    assert [one for one in findings(now=late) if "chat" in one.wrong] == []
    Line.objects.all().delete()
    assert [one.invariant for one in findings(now=late) if "chat" in one.wrong] == ["I4"]


def test_whoever_is_forgotten_is_gone_from_a_strangers_talk_that_was_to_go_on_at_their_address(chat: Chat) -> None:
    talk = chat.talk(text="Hello, I have a question")
    chat.say(talk, "Write to me", email="bob@example.net")
    chat.answer(talk, "Here is the answer.")
    assert Letter.objects.get().to_address == "bob@example.net"

    privacy.erase(chat.shop.bob.customer, by=chat.shop.lea, now=NOW + timedelta(minutes=5))

    assert [b"bob@example.net" in bytes(one) for one in Arrival.objects.values_list("source", flat=True)] == [False] * 2
    assert Letter.objects.filter(to_address="bob@example.net").count() == 0
    talk.refresh_from_db()
    assert [said["text"] for said in queries.told(talk, now=NOW).plain["said"]][:1] == ["Hello, I have a question"]
