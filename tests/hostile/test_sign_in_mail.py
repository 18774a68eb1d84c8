"""Our address as somebody's identity (reliability T4): codes and links that reach us are nobody's but staff's to see."""

from __future__ import annotations

import pytest

from tests.faces import page, signed_in, with_link
from tests.hostile.doors import Door
from tests.hostile.sign_in_mail import MAILS, as_raw
from troth.cases import actions as cases
from troth.cases.models import Attachment, Case
from troth.people import actions as people
from troth.post.models import Letter
from troth.post.queries import reply_token


def portal(door: Door, handle: object) -> str:
    """Everything a customer can reach from their page."""
    browser = with_link(door.shop.link(handle))  # type: ignore[arg-type]
    pages = [page(browser, "/my/")]
    for number in Case.objects.values_list("pk", flat=True):
        answer = browser.get(f"/my/cases/{number}/")
        pages += [answer.content.decode()] if answer.status_code == 200 else []
    for number in Attachment.objects.values_list("pk", flat=True):
        answer = browser.get(f"/my/attachments/{number}/")
        pages += [answer.content.decode("utf-8", "replace")] if answer.status_code == 200 else []
    return "\n".join(pages)


@pytest.mark.parametrize("number", range(len(MAILS)), ids=lambda number: f"{number}-{MAILS[number][0].split(' <')[0]}")
def test_it_is_flagged_and_no_requester_sees_it(door: Door, number: int) -> None:
    """Eve has a case with us, signs up somewhere with her reply address at ours, and waits for the code on her page."""
    eve = people.find_or_make_customer(address="eve@evil.example", name="Eve", now=door.shop.ann.customer.met_at)
    hers = door.shop.case(eve, text="A question")
    address = f"support+{reply_token(case_id=hers.pk, participant=eve.pk, now=hers.opened_at)}@parcel.example"

    got = door.message(as_raw(number, to=address))
    cases.accept_sender(got.case, by=door.shop.sam, now=hers.opened_at)
    people.merge(front=eve.customer, merged=got.case.customer, by=door.shop.sam, now=hers.opened_at)

    assert got.case_id != hers.pk
    assert got.case.for_staff_only
    assert not Letter.objects.exists(), "a machine is not told that we have its letter"
    seen = portal(door, eve)
    secrets = [words for words in (got.text, got.quoted, got.case.subject) if words]
    assert secrets
    assert not any(line in seen for words in secrets for line in words.splitlines() if len(line) > 8)
    assert f"/my/cases/{got.case_id}/" not in seen
    desk = page(signed_in(door.shop.sam), f"/cases/{got.case_id}/")
    assert "This lets somebody sign in somewhere" in desk


def test_what_a_participant_writes_of_codes_stays_in_their_own_case(door: Door) -> None:
    hers = door.shop.case(text="I cannot sign in.")
    address = f"support+{reply_token(case_id=hers.pk, participant=door.shop.ann.pk, now=hers.opened_at)}@parcel.example"
    raw = as_raw(26, to=address).replace(b"team@noteful.example", b"ann@example.net")
    raw = raw.replace(b"header.from=noteful.example", b"header.from=example.net")

    got = door.message(raw)

    assert got.case_id == hers.pk
    assert not got.case.for_staff_only
    assert "229104" in portal(door, door.shop.ann)


def test_what_comes_with_it_is_for_staff_alone_too(door: Door) -> None:
    raw = as_raw(0, to="support@parcel.example").replace(
        b'Content-Type: text/plain; charset="utf-8"', b"Content-Type: multipart/mixed; boundary=b"
    )
    head, _, body = raw.partition(b"\n\n")
    raw = (
        head + b"\n\n--b\n\n" + body + b"\n--b\nContent-Disposition: attachment; filename=code.txt\n\nX7K-2QP\n--b--\n"
    )

    got = door.message(raw)
    cases.accept_sender(got.case, by=door.shop.sam, now=got.at)

    assert got.attachments.count() == 1
    assert "X7K-2QP" not in portal(door, got.handle)
