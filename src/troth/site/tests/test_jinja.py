from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.template import engines
from django.utils.translation import override
from markupsafe import Markup

from troth.site import jinja

NOW = datetime(2026, 11, 26, 16, 20, tzinfo=UTC)


def said(text: str, **words: object) -> str:
    return jinja.environment(autoescape=True).from_string(text).render(now=NOW, zone="Europe/London", **words)


def test_a_time_carries_date_zone_and_distance() -> None:
    assert said("{{ due | when }}", due=NOW + timedelta(minutes=40)) == (
        '<time class="when" datetime="2026-11-26T17:00:00+00:00"><span class="when-abs">Thu 26 Nov, 17:00 GMT</span> '
        '<span class="when-rel" data-rel>in 40 min</span></time>'
    )


def test_the_readers_own_zone_may_be_given() -> None:
    assert "18:00 CET" in said("{{ due | when('Europe/Berlin') }}", due=NOW + timedelta(minutes=40))


def test_no_date_is_said_and_not_hidden() -> None:
    assert said("{{ due | when }}", due=None) == '<span class="when when-none">no date yet</span>'


def test_what_a_customer_wrote_stays_text() -> None:
    assert said("{{ words }}", words="<script>") == "&lt;script&gt;"


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Ann Marlowe", "AM"), ("ann@example.org", "AE"), ("Cher", "C"), ("", "?"), (None, "?"), ("李 雷", "李雷")],
)
def test_initials(name: str | None, letters: str) -> None:
    assert jinja.initials(name) == letters


def test_the_same_name_has_the_same_colour() -> None:
    assert jinja.tint("Ann Marlowe") == jinja.tint("Ann Marlowe")
    assert jinja.tint("Ann Marlowe") in range(6)


def test_a_mark_is_made_once_and_never_takes_words_for_markup() -> None:
    env = engines["jinja2"].env
    marks = jinja.Marks(env)
    tag = jinja.mark(marks, "tag")

    assert tag("<b>") is tag("<b>")
    assert "&lt;b&gt;" in tag("<b>")
    assert "<b>" in tag(Markup("<b>"))
    assert "&lt;b&gt;" in tag("<b>")


def test_a_mark_speaks_the_language_of_its_page() -> None:
    marks = jinja.Marks(engines["jinja2"].env)

    with override("en"):
        here = jinja.mark(marks, "state_word")
    with override("de"):
        there = jinja.mark(marks, "state_word")

    assert here is not there
