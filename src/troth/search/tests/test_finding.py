from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from tests.faces import Shop
from tests.people_and_things import NOW, staff

from troth.cases.models import Case, Message
from troth.people.models import Staff, Team
from troth.privacy import actions as privacy
from troth.promises.models import Promise
from troth.search import actions
from troth.search.finding import Results, find, parts
from troth.search.models import Behind, Passage, PassageSort
from troth.search.queries import Narrowed
from troth.search.rules.asked import asked

pytestmark = pytest.mark.django_db


def found(who: Staff, words: str, *, newest_first: bool = False, **narrowed: object) -> Results:
    return find(who, asked(words), Narrowed(**narrowed), newest_first=newest_first, now=NOW + timedelta(days=1))  # type: ignore[arg-type]


def numbers(results: Results) -> list[int | None]:
    return [group.case.id if group.case else None for group in results.groups]


@pytest.mark.parametrize(
    ("text", "language", "words"),
    [
        ("Both deliveries were delayed.", "en", "delivery"),
        ("Die Lieferungen sind beschädigt.", "de", "lieferung"),
        ("Los pedidos llegaron rotos.", "es", "pedido"),
        ("Les livraisons sont perdues.", "fr", "livraison"),
        # Read as another language than it is in: the word itself is found all the same.
        ("Die Lieferungen sind beschädigt.", "en", "Lieferungen"),
        ("Both deliveries were delayed.", "fr", "deliveries delayed"),
        ("Paczka nie dotarła.", "pl", "paczka"),
    ],
)
def test_words_are_found_in_their_forms_in_every_language(shop: Shop, text: str, language: str, words: str) -> None:
    case = shop.case(subject="x")
    Message.objects.filter(case=case).update(text=text, reading={"language": language})

    assert numbers(found(shop.sam, f"{words} ")) == [case.pk]


@pytest.mark.parametrize(
    ("words", "is_found"),
    [
        ('"broken hinge"', True),
        ('"hinge broken"', False),
        ("hinge -door", False),
        ("door hinge ", True),
        ("hinge -window", True),
        ("hin", True),
        ("hin ", False),
        ("hinges", True),
        ("the", False),
        ("the hinge", True),
        ("' & !x | hinge :*", False),
        ("hinge ' ) ( & | ! :* \\", True),
    ],
)
def test_phrases_exclusions_and_beginnings(shop: Shop, words: str, is_found: bool) -> None:
    case = shop.case(subject="Door", text="The broken hinge fell off.")

    assert numbers(found(shop.sam, words)) == ([case.pk] if is_found else [])


def test_what_is_found_of_a_case_stands_together_with_its_promises(shop: Shop) -> None:
    case = shop.case(subject="Wheel", text="Where is my wheel?")
    promise = shop.promise(case=case, what="send the wheel")
    shop.case(shop.bob, subject="Bell", text="Where is my bell?")

    results = found(shop.sam, "wheel")

    assert numbers(results) == [case.pk]
    assert [(one["id"], one["state"]) for one in results.groups[0].case.promises] == [(promise.pk, "open")]  # type: ignore[union-attr]
    assert len(results.groups[0].excerpts) + results.groups[0].more == 3
    marked = [parts(excerpt.text) for excerpt in results.groups[0].excerpts]
    assert all(any(is_hit and "heel" in words for words, is_hit in pieces) for pieces in marked)


def test_filters_narrow(shop: Shop) -> None:
    ours = shop.case(subject="Wheel")
    theirs = shop.case(shop.bob, subject="Wheel")
    Case.objects.filter(pk=theirs.pk).update(kind="complaint", cause="late", assignee=shop.sam)
    shop.promise(case=theirs, what="look")

    def kept(**narrowed: object) -> list[int | None]:
        return sorted(numbers(found(shop.sam, "wheel", **narrowed)))  # type: ignore[type-var]

    assert kept() == [ours.pk, theirs.pk]
    assert kept(kind="complaint") == kept(cause="late") == kept(owner=shop.sam.pk) == [theirs.pk]
    assert kept(owner=0) == kept(customer=ours.customer_id) == [ours.pk]
    assert kept(promise_state="open") == [theirs.pk]
    assert kept(promise_state="kept") == kept(team=9) == kept(since=NOW + timedelta(hours=20)) == []
    assert kept(where=(PassageSort.NOTE,)) == []


def test_a_closed_team_s_cases_and_promises_are_found_by_its_members_only(shop: Shop) -> None:
    team = Team.objects.create(name="Closed", is_closed=True)
    member = staff("kim@parcel.example", team=team)
    case = shop.case(subject="Wheel")
    promise = shop.promise(case=case, what="send the zeppelin")
    Case.objects.filter(pk=case.pk).update(team=team)
    Promise.objects.filter(pk=promise.pk).update(team=team)

    assert (numbers(found(member, "wheel")), numbers(found(member, "zeppelin"))) == ([case.pk], [case.pk])
    for words in ("wheel", "zeppelin", f"#{case.pk}"):
        assert numbers(found(shop.sam, words)) == []
    assert [one.cases for one in found(shop.sam, "ann").customers] == [[]]


def test_an_address_and_a_number_find_whose_and_which(shop: Shop) -> None:
    case = shop.case(subject="Wheel")

    assert [one.id for one in found(shop.sam, "ann@example.net").customers] == [case.customer_id]
    assert numbers(found(shop.sam, f"#{case.pk}")) == [case.pk]


def test_a_common_word_is_looked_for_among_the_newest(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("troth.search.queries.places.EXAMINED", 4)
    cases = [shop.case(subject=f"Wheel {nth}", text="?", at=NOW - timedelta(days=90 * nth)) for nth in range(4)]

    results = found(shop.sam, "wheel", newest_first=True)

    assert numbers(results) == [cases[0].pk, cases[1].pk]
    assert results.is_cut
    assert results.older_than == NOW - timedelta(days=90)


def test_the_nearer_in_time_comes_first_of_two_alike(shop: Shop) -> None:
    old = shop.case(subject="Wheel", text="?", at=NOW - timedelta(days=700))
    new = shop.case(subject="Wheel", text="?", at=NOW)

    assert numbers(found(shop.sam, "wheel")) == [new.pk, old.pk]


def test_what_changes_and_goes_is_found_no_more(shop: Shop) -> None:
    case = shop.case(subject="Wheel", text="The broken hinge.")
    promise = shop.promise(case=case, what="send the zeppelin")
    Message.objects.filter(case=case).update(text="The broken lock.")
    Promise.objects.filter(pk=promise.pk).update(what="", source_quote="")
    Case.objects.filter(pk=case.pk).update(subject="")

    assert [numbers(found(shop.sam, words)) for words in ("hinge", "zeppelin", "wheel", "lock")] == [
        [],
        [],
        [],
        [case.pk],
    ]
    Message.objects.filter(case=case).update(text="")
    assert Passage.objects.count() == 0


def test_what_was_here_before_is_put_in_the_newest_first(shop: Shop) -> None:
    cases = [shop.case(subject=f"Wheel {nth}", text="The hinge.") for nth in range(3)]
    shop.promise(case=cases[0], what="send the zeppelin")
    kept = dict(Passage.objects.values_list("ref", "words"))
    Passage.objects.all().delete()
    newest = Message.objects.latest("pk").pk
    Behind.objects.bulk_create(
        [
            Behind(sort="case", below=cases[2].pk + 1),
            Behind(sort="message", below=newest + 1),
            Behind(sort="promise", below=Promise.objects.latest("pk").pk + 1),
        ]
    )

    rounds = 0
    while actions.catch_up(most=max(newest, cases[2].pk) // 2 + 1):
        rounds += 1

    assert dict(Passage.objects.values_list("ref", "words")) == kept
    assert rounds > 3
    assert not Behind.objects.exists()


def test_who_is_forgotten_is_forgotten_here(shop: Shop) -> None:
    case = shop.case(subject="Wheel", text="The broken hinge.")
    shop.promise(case=case, what="send the zeppelin")

    privacy.erase(case.customer, by=shop.sam, now=NOW)

    assert [numbers(found(shop.sam, words)) for words in ("wheel", "hinge", "zeppelin")] == [[], [], []]
    assert list(Passage.objects.values_list("sort", flat=True)) == ["promise"]  # "Erased", as its page says


def test_a_passage_s_words_are_as_many_as_a_letter_has(shop: Shop) -> None:
    case = shop.case(subject="x", text="word " * 3000 + "middle " + "word " * 20000 + "end")

    assert numbers(found(shop.sam, "middle ")) == [case.pk]
    assert numbers(found(shop.sam, "end ")) == []
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(pg_column_size(words)) FROM search_passage")
        assert cursor.fetchone()[0] < 4000
