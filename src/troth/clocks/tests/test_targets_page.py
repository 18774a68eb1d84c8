"""The page on which a lead says by when we mean to answer."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from tests.faces import Shop, page, said, signed_in
from tests.people_and_things import NOW

from troth.clocks import queries
from troth.clocks.models import Clock, Policy
from troth.clocks.rules.length import working_time
from troth.clocks.rules.policy import Matter
from troth.clocks.rules.profiles import Profile, ready
from troth.words.clocks import Sort

COMPLAINT = Matter(kind="complaint", channel="email", urgency="normal")


def form(**said: Any) -> dict[str, Any]:
    """Two rules: complaints within two hours, everything within six."""
    return {
        "do": "save",
        "profile": "plain",
        "rules": "2",
        "kinds-0": ["complaint"],
        "length-first-0": "2 hours",
        "length-first-1": "6 hours",
        "length-next-1": "6 hours",
        **said,
    }


def test_what_is_saved_counts_for_what_begins_then_and_for_nothing_that_runs(shop: Shop) -> None:
    before = shop.case()
    clock = Clock.objects.get(about=f"case:{before.pk}", sort=Sort.FIRST)

    answer = signed_in(shop.lea).post("/targets/", form())

    assert "Saved" in said(answer)
    found, version, _from_at = queries.in_force(NOW + timedelta(seconds=1))
    assert version == Policy.objects.get().pk
    assert found.targets(COMPLAINT)[Sort.FIRST].length == working_time(hours=2)
    clock.refresh_from_db()
    assert (clock.policy_id, clock.due) == (None, Clock.objects.get(pk=clock.pk).due)
    later = Clock.objects.get(about=f"case:{shop.case().pk}", sort=Sort.FIRST)
    assert later.policy_id == version


def test_a_profile_fills_the_form_and_counts_only_once_it_is_saved(shop: Shop) -> None:
    lea = signed_in(shop.lea)

    shown = page(lea, "/targets/?profile=fca_disp")

    assert "not saved yet" in shown
    assert "8 weeks" in shown
    assert not Policy.objects.exists()
    assert queries.in_force(NOW)[0] == ready(Profile.PLAIN)


def test_what_begins_later_is_told_and_not_yet_counted(shop: Shop) -> None:
    answer = signed_in(shop.lea).post("/targets/", form(from_at="2026-12-24T09:00"))

    assert "Saved" in said(answer)
    assert queries.in_force(NOW)[1] is None
    assert queries.in_force(NOW + timedelta(days=60))[1] == Policy.objects.get().pk
    assert 'From <time datetime="2026-12-24T09:00:00+00:00">' in page(signed_in(shop.lea), "/targets/")


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"length-first-0": "soon"}, "Write 4 hours"),
        ({"warn-first-0": "200"}, "Warn when 1 to 99"),
        ({"rules": "0"}, "Write 1 to"),
        ({"from_at": "next week"}, "Write a day and a time"),
        ({"rules": "3"}, "one thing at least"),
    ],
)
def test_what_cannot_be_is_shown_again_with_what_is_wrong(shop: Shop, wrong: dict[str, str], words: str) -> None:
    answer = signed_in(shop.lea).post("/targets/", form(**wrong))

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Policy.objects.exists()


def test_a_rule_is_moved_added_and_taken_out_without_being_saved(shop: Shop) -> None:
    lea = signed_in(shop.lea)

    down = lea.post("/targets/", form(do="down-0")).content.decode()
    added = lea.post("/targets/", form(do="add")).content.decode()
    out = lea.post("/targets/", form(do="out-0")).content.decode()

    assert down.index('value="6 hours"') < down.index('value="2 hours"')
    assert "never used" in down  # what is for all stands above it now
    assert 'name="rules" value="3"' in added
    assert 'value="2 hours"' not in out
    assert not Policy.objects.exists()


def test_the_same_again_makes_no_version(shop: Shop) -> None:
    lea = signed_in(shop.lea)
    lea.post("/targets/", form())

    again = lea.post("/targets/", form())

    assert "already" in said(again)
    assert Policy.objects.count() == 1


def test_an_old_version_can_be_looked_at_and_put_in_force_again(shop: Shop) -> None:
    lea = signed_in(shop.lea)
    lea.post("/targets/", form())
    first = Policy.objects.get()
    lea.post("/targets/", form(**{"length-first-0": "3 hours"}))

    shown = page(lea, f"/targets/?version={first.pk}")

    assert 'value="2 hours"' in shown
    assert 'value="3 hours"' not in shown
    assert page(lea, "/targets/?version=999999999")  # a guessed one shows what holds
