from __future__ import annotations

from datetime import timedelta

from tests.faces import Shop, page, said, signed_in
from tests.people_and_things import NOW

from troth.cases import actions as cases
from troth.cases.models import Case
from troth.people.models import Team


def test_the_next_case_is_the_nearest_to_its_date_and_nobody_elses(shop: Shop) -> None:
    later, nearest, leas, closed = (shop.case(shop.bob if n else None, subject=f"No. {n}") for n in range(4))
    Case.objects.filter(pk=later.pk).update(answer_by=NOW + timedelta(hours=3))
    Case.objects.filter(pk=nearest.pk).update(answer_by=NOW + timedelta(hours=1), assignee=shop.sam)
    Case.objects.filter(pk=leas.pk).update(answer_by=NOW, assignee=shop.lea)
    hidden = Team.objects.create(name="Conduct", is_closed=True)
    Case.objects.filter(pk=closed.pk).update(answer_by=NOW, team=hidden)
    sam = signed_in(shop.sam)

    assert sam.get("/cases/next/")["Location"] == f"/cases/{nearest.pk}/"
    assert sam.get(f"/cases/next/?after={nearest.pk}")["Location"] == f"/cases/{later.pk}/"
    assert sam.get("/cases/next/?after=9e9")["Location"] == f"/cases/{nearest.pk}/"


def test_sent_and_on_to_the_next_with_the_undo_there(shop: Shop) -> None:
    first, second = shop.case(), shop.case(shop.bob, subject="Bell")
    sam = signed_in(shop.sam)

    answer = sam.post(f"/cases/{first.pk}/reply/", {"body": "It is on its way.", "then": "next"})
    text = page(sam, answer["Location"])

    assert answer["Location"] == f"/cases/{second.pk}/"
    assert f"Your answer in case #{first.pk} leaves in a moment." in text
    assert f'action="/cases/{first.pk}/undo/"' in text
    last = sam.post(f"/cases/{second.pk}/reply/", {"body": "The small one.", "then": "next"})
    assert last["Location"] == f"/cases/{second.pk}/"
    assert "No other case waits" in said(last)
    assert "Your answer leaves in a moment." in page(sam, last["Location"])
    cases.leave(now=NOW + timedelta(seconds=11))
    assert sam.get("/cases/next/")["Location"] == "/today/"
