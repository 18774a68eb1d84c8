"""Lists of people in whatever a spreadsheet writes: each line names somebody or says why not, and nothing is lost."""

from __future__ import annotations

from typing import Any

import pytest
from tests.people_and_things import DAY, NOW, company, handle, staff

from troth.notices.actions import cohorts, uploading
from troth.notices.models import Line, Upload
from troth.notices.rules.conditions import Every, Listed, Not, OfCustomers
from troth.notices.rules.listed import Problem, said_in
from troth.notices.selecting import preview
from troth.orders.models import Order
from troth.orders.rules.table import rows_of, text_of
from troth.people import actions as people
from troth.people.models import Customer, Handle
from troth.people.rules.addresses import NOBODY

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _company() -> None:
    company()


def kept(raw: bytes) -> list[tuple[int, int | None, str, str]]:
    made = uploading.upload(name="A list.csv", raw=raw, by=None, now=NOW)
    assert made.known + made.unknown + made.doubled + made.wrong == Line.objects.filter(upload=made).count()
    rows = Line.objects.filter(upload=made).order_by("number")
    return list(rows.values_list("number", "customer_id", "address", "problem"))


def test_a_line_names_somebody_by_number_address_handle_or_order() -> None:
    ann, bob, cid = (handle(f"{name}@example.net", name=name).customer_id for name in ("ann", "bob", "cid"))
    Handle.objects.create(customer_id=cid, kind="phone", address="+441134960000")
    Order.objects.create(reference="A-1", customer_id=bob, ordered_at=NOW - DAY, noted_at=NOW, changed_at=NOW)

    raw = (
        "Customer ID;E-mail;Order number;Name\r\n"
        f"{ann};;;\r\n;CID@Example.net;;Cid\r\n;;A-1;\r\n;+441134960000;;\r\n;new@example.net;;New One\r\n"
        ";;A-2;\r\n999999;;;\r\n;nonsense@;;\r\n;;;Only a name\r\n"
    ).encode("utf-16")

    assert kept(raw) == [
        (2, ann, "", ""),
        (3, cid, "", ""),
        (4, bob, "", ""),
        (5, cid, "", ""),
        (6, None, "new@example.net", ""),
        (7, None, "", "no_such_order"),
        (8, None, "", "no_such_customer"),
        (9, None, "", "not_an_address"),
        (10, None, "", "empty"),
    ]
    made = Upload.objects.get()
    assert (made.known, made.unknown, made.doubled, made.wrong) == (3, 1, 1, 4)
    assert Line.objects.get(number=9).said == "nonsense@"
    found = preview(Listed(made.pk), now=NOW)
    assert sorted((one.customer or 0, one.address, one.name) for one in found.sample) == sorted(
        [(ann, "", ""), (bob, "", ""), (cid, "", ""), (0, "new@example.net", "New One")]
    )


def test_a_bare_list_is_read_without_headings() -> None:
    ann = handle().customer_id

    assert kept(f"ann@example.net\n#{ann}\n\nJoerg@bücher.example\n".encode("cp1252")) == [
        (1, ann, "", ""),
        (2, ann, "", ""),
        (4, None, "joerg@xn--bcher-kva.example", ""),
    ]


def test_merged_and_forgotten_people_and_nobody() -> None:
    ann, anna, bob = (handle(f"{name}@example.net", name=name).customer for name in ("ann", "anna", "bob"))
    people.merge(front=ann, merged=anna, by=staff(), now=NOW)
    Customer.objects.filter(pk=bob.pk).update(erased_at=NOW)
    handle(NOBODY, name="Unknown")

    assert kept(f"email\nanna@example.net\nann@example.net\nbob@example.net\n{NOBODY}\n".encode()) == [
        (2, ann.pk, "", ""),
        (3, ann.pk, "", ""),
        (4, None, "", "forgotten"),
        (5, None, "", "nobody"),
    ]
    assert not Line.objects.get(number=4).said  # not even who it was


@pytest.mark.parametrize(
    ("raw", "refused"),
    [
        (b"", uploading.NothingInIt),
        (b"\n \n;;\n", uploading.NothingInIt),
        (b"email\n", uploading.NothingInIt),
    ],
)
def test_a_file_that_names_nobody_is_refused_whole(raw: bytes, refused: type[Exception]) -> None:
    with pytest.raises(refused):
        uploading.upload(name="x", raw=raw, by=None, now=NOW)
    assert not Upload.objects.exists()


def test_a_longer_list_than_is_read_is_refused(monkeypatch: Any) -> None:
    monkeypatch.setattr(uploading, "LINES_MOST", 3)

    made = uploading.upload(name="x", raw=b"a@b.example\nc@b.example\nc@b.example\n", by=None, now=NOW)
    assert made.doubled == 1
    with pytest.raises(uploading.TooLong):
        uploading.upload(name="x", raw=b"a@b.example\n" * 4, by=None, now=NOW)


def test_a_list_goes_unless_a_cohort_is_put_together_with_it() -> None:
    made, other = (uploading.upload(name="x", raw=b"a@b.example\n", by=None, now=NOW) for _nth in range(2))
    conditions = Every((Not(Listed(made.pk)), OfCustomers()))
    cohorts.draft(about="incident:3", conditions=conditions, by=None, now=NOW)

    uploading.throw_away(other)
    with pytest.raises(uploading.InUse):
        uploading.throw_away(made)
    assert list(Upload.objects.all()) == [made]


@pytest.mark.parametrize(
    "raw", [b"\xff\xfe\x00", b"\x00\x01\x02,\x80\n" * 3, "=cmd|' /C'!A0\t\u202e\n".encode(), b"\xef\xbb\xbf,,,\n1"]
)
def test_whatever_a_file_holds_each_line_is_read_or_says_why(raw: bytes) -> None:
    for said in said_in(rows_of(text_of(raw))):
        assert said.by or said.problem is Problem.EMPTY
        assert "\x00" not in said.text
