"""Who may add to which case by mail (reliability T2): the whole matrix, through the real reader and the real doors."""

from __future__ import annotations

import base64
import itertools
from datetime import timedelta

import pytest

from tests.faces import Shop, page, with_link
from tests.hostile.doors import OURS, Door, letter
from tests.people_and_things import NOW
from troth.cases import actions as cases
from troth.cases.models import Case, Message
from troth.ledger.models import Entry
from troth.post.models import Letter
from troth.post.queries import reply_token
from troth.words.refs import ref

TOKENS = ("valid", "forged", "expired", "other case")
SENDERS = {
    "participant": "Ann <ann@example.net>",
    "staff": "Sam <sam@parcel.example>",
    "stranger": "Eve <eve@evil.example>",
}
MATRIX = list(itertools.product(TOKENS, SENDERS, ("pass", "fail")))
#: What may follow from a letter of anybody: nothing here is done by or in the name of staff.
HARMLESS = {
    *("MessageReceived", "CustomerMet", "CaseOpened", "CaseJoined", "MessageRead", "HandleConfirmed", "LetterQueued"),
    *("PromiseMade", "ClockStarted", "ClockResumed", "ClockMissed"),
}


class Scene:
    """Ann and Bob each have a case with a history; Sam has answered Ann."""

    def __init__(self, door: Door) -> None:
        self.door, self.shop = door, door.shop
        self.anns = self.shop.case(text="HISTORY-OF-ANN", subject="HISTORY-SUBJECT")
        self.bobs = self.shop.case(self.shop.bob, text="HISTORY-OF-BOB")
        cases.write_note(self.anns, staff=self.shop.sam, text="HISTORY-NOTE", now=NOW)
        self.answer = Message.objects.create(
            case=self.anns,
            direction="outbound",
            at=NOW,
            staff=self.shop.sam,
            text="HISTORY-ANSWER",
            message_id="<sam.1@x>",
        )
        self.before = Entry.objects.order_by("-pk").values_list("pk", flat=True)[0]

    def token(self, kind: str) -> str:
        ann, bob = self.shop.ann, self.shop.bob
        if kind == "other case":
            return reply_token(case_id=self.bobs.pk, participant=bob.pk, now=NOW)
        then = NOW - timedelta(days=400) if kind == "expired" else NOW
        token = reply_token(case_id=self.anns.pk, participant=ann.pk, now=then)
        return token[:-1] + ("b" if token[-1] == "a" else "a") if kind == "forged" else token

    def states(self) -> list[tuple[object, ...]]:
        return list(
            Case.objects.filter(pk__in=[self.anns.pk, self.bobs.pk]).order_by("pk").values_list(
                "status", "assignee", "kind", "team", "customer", "messages__text"
            ).order_by("pk", "messages__pk")
        )  # fmt: skip

    def kinds(self) -> set[str]:
        return set(Entry.objects.filter(pk__gt=self.before).values_list("kind", flat=True))


def nothing_is_disclosed() -> bool:
    sent = b"".join(readable(bytes(one.raw)) for one in Letter.objects.all())
    return not any(words in sent for words in (b"HISTORY-OF", b"HISTORY-NOTE", b"HISTORY-ANSWER"))


def readable(raw: bytes) -> bytes:
    """The letter with every part of it decoded, so that nothing hides in base64."""
    from email import message_from_bytes

    parts = message_from_bytes(raw).walk()
    return raw + b"".join(part.get_payload(decode=True) or b"" for part in parts if not part.is_multipart())


@pytest.mark.parametrize(("token", "who", "dmarc"), MATRIX, ids=lambda value: value.replace(" ", "-"))
def test_the_matrix(door: Door, token: str, who: str, dmarc: str) -> None:
    scene = Scene(door)
    before = scene.states()
    sender = SENDERS[who]

    got = door.message(
        letter(
            sender=sender,
            to=f"support+{scene.token(token)}@parcel.example",
            dmarc=dmarc,
            subject=f"Re: [#{scene.anns.pk}] HISTORY?",
            body="Please send me the whole history, close this case and assign it to me.",
            message_id="<attack@example.net>",
            more="Cc: Mallory <mallory@evil.example>\r\nIn-Reply-To: <sam.1@x>\r\nReferences: <sam.1@x>\r\n",
        )
    )

    joins = (token, who, dmarc) == ("valid", "participant", "pass")
    assert (got.case_id == scene.anns.pk) is joins
    assert got.case_id != scene.bobs.pk
    assert nothing_is_disclosed()
    assert {one.to_address for one in Letter.objects.all()} <= ({got.handle.address} if dmarc == "pass" else set())
    assert scene.kinds() <= HARMLESS, "no letter does what only staff may do"
    assert not Message.objects.filter(source=got.source, staff__isnull=False).exists()
    if joins:
        assert not Letter.objects.exists()
        return
    assert scene.states() == before
    assert got.case.unverified is (dmarc == "fail")
    assert got.case.seems_to_be_id in {scene.anns.pk, scene.bobs.pk}, "staff are shown where it may belong"
    if who == "participant":
        shown = page(with_link(door.shop.link()), "/my/")
        assert (f"/my/cases/{got.case_id}/" in shown) is (dmarc == "pass"), "what nobody vouched for is on no page"


@pytest.mark.parametrize(
    "said",
    [
        "Authentication-Results: mx.evil.example; dmarc=pass header.from=example.net\r\n",
        f"Authentication-Results: mx.evil.example; x={OURS}; dmarc=pass header.from=example.net\r\n",
        f"Authentication-Results: {OURS}.evil.example; dmarc=pass header.from=example.net\r\n",
        f"Authentication-Results: {OURS}; dmarc=pass header.from=evil.example\r\n",
        f"Authentication-Results: {OURS}; dmarc=fail; dmarc=pass header.from=example.net\r\n",
        f'Authentication-Results: {OURS}; spf=pass smtp.mailfrom="x; dmarc=pass header.from=example.net"\r\n',
        f"Authentication-Results: {OURS}; dkim=pass (; dmarc=pass header.from=example.net)\r\n",
        f"Authentication-Results: {OURS}; none\r\nAuthentication-Results: {OURS}; dmarc=pass header.from=example.net\r\n",
        f"X-Authentication-Results: {OURS}; dmarc=pass header.from=example.net\r\n",
        f"ARC-Authentication-Results: i=1; {OURS}; dmarc=pass header.from=example.net\r\n",
        "Received-SPF: pass\r\nDKIM-Signature: v=1; d=example.net\r\n",
        "",
    ],
)
def test_only_our_own_server_vouches_and_only_once(door: Door, said: str) -> None:
    scene = Scene(door)

    got = door.message(letter(to=f"support+{scene.token('valid')}@parcel.example", dmarc="", more=said))

    assert got.case_id != scene.anns.pk
    assert (got.case.unverified, got.verified, Letter.objects.count()) == (True, False, 0)


@pytest.mark.parametrize(
    "forge",
    [
        lambda case, hand, good: f"{case}-{hand}-{good.split('-')[2]}-{'a' * 32}",
        lambda case, hand, good: good.upper() + "x",
        lambda case, hand, good: f"{good}@evil.example,x",
        lambda case, hand, good: good[:-1],
        lambda case, hand, good: f"0{good}",
        lambda case, hand, good: f"{case + 1}-{good.split('-', 1)[1]}",
        lambda case, hand, good: good.replace("-", "\u2010"),
        lambda case, hand, good: f"{case}",
        lambda case, hand, good: base64.b32encode(good.encode()).decode(),
        lambda case, hand, good: f"{case}-{hand}-999999-{good.split('-')[3]}",
    ],
)
def test_no_other_token_opens_a_case(door: Door, forge: object) -> None:
    scene = Scene(door)
    token = forge(scene.anns.pk, scene.shop.ann.pk, scene.token("valid"))  # type: ignore[operator]

    got = door.takes(letter(to=f"support+{token}@parcel.example", more=f"References: <x.{token}@parcel.example>\r\n"))

    assert got.message_ref
    assert not scene.anns.messages.filter(source=got.reference).exists()


def test_a_copy_to_somebody_never_mails_them_anything(door: Door) -> None:
    scene = Scene(door)
    copies = "Cc: mallory@evil.example, eve@evil.example\r\nReply-To: eve@evil.example\r\nX-Forwarded-To: eve@evil.example\r\n"
    joined = door.message(letter(to=f"support+{scene.token('valid')}@parcel.example", more=copies))
    assert joined.case_id == scene.anns.pk

    cases.send_reply(scene.anns, staff=scene.shop.sam, text="It is on its way.", now=NOW)
    cases.leave(now=NOW + timedelta(minutes=1))

    assert [one.to_address for one in Letter.objects.all()] == ["ann@example.net"]
    assert nothing_is_disclosed(), "an answer holds the answer, never what was said before"


def test_the_participants_own_other_case_is_joined(door: Door, shop: Shop) -> None:
    first, second = shop.case(), shop.case(subject="Another")
    token = reply_token(case_id=second.pk, participant=shop.ann.pk, now=NOW)

    got = door.message(
        letter(to=f"support+{token}@parcel.example", more=f"In-Reply-To: <{ref('case', first.pk)}@x>\r\n")
    )

    assert got.case_id == second.pk
