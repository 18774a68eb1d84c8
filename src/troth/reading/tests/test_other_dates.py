"""Deadlines in German, Spanish and French: what the calendar says is the same, only the words differ."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from troth.reading.due import find_dues
from troth.reading.french_dates import FRENCH
from troth.reading.german_dates import GERMAN
from troth.reading.pieces import Grammar
from troth.reading.spanish_dates import SPANISH
from troth.reading.vocabulary import fold
from troth.words.hours import Hours, office

BERLIN, MADRID, PARIS = office("Europe/Berlin", "DE"), office("Europe/Madrid", "ES"), office("Europe/Paris", "FR")
WEDNESDAY = "2026-03-11T10:00"
GRAMMARS = ((GERMAN, BERLIN), (SPANISH, MADRID), (FRENCH, PARIS))


def dues(text: str, grammar: Grammar, hours: Hours, now: str = WEDNESDAY) -> list[str]:
    """Each deadline as the clock on the wall shows it, with the window it opens with."""
    at = datetime.fromisoformat(now)
    found = find_dues(text, at=hours.instant(at.date(), at.time()), hours=hours, grammar=grammar)
    return [
        (f"{hours.local(one.due.window_start):%m-%d %H:%M} > " if one.due.window_start else "")
        + f"{hours.local(one.due.at):%Y-%m-%d %H:%M}"
        for one in found
    ]


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("Wir liefern morgen.", "2026-03-12 17:00"),
        ("bis übermorgen", "2026-03-13 17:00"),
        ("bis uebermorgen", "2026-03-13 17:00"),
        ("heute Nachmittag", "03-11 12:00 > 2026-03-11 17:00"),
        ("bis morgen Mittag", "2026-03-12 12:00"),
        ("morgen früh um 8", "2026-03-12 08:00"),
        ("bis Freitag", "2026-03-13 17:00"),
        ("kommenden Montag", "2026-03-16 17:00"),
        ("nächste Woche Dienstag", "2026-03-17 17:00"),
        ("Donnerstag übernächster Woche", "2026-03-26 17:00"),
        ("am Freitagnachmittag", "03-13 12:00 > 2026-03-13 17:00"),
        ("vor Freitag", "2026-03-12 17:00"),
        ("vor Freitag um 12 Uhr", "2026-03-13 12:00"),
        ("bis 14 Uhr", "2026-03-11 14:00"),
        ("um 14:30 Uhr", "2026-03-11 14:30"),
        ("um halb drei", "2026-03-11 14:30"),
        ("um Viertel nach drei", "2026-03-11 15:15"),
        ("zwischen 14 und 16 Uhr", "03-11 14:00 > 2026-03-11 16:00"),
        ("innerhalb von 3 Werktagen", "2026-03-16 17:00"),
        ("in 3-5 Arbeitstagen", "03-16 09:00 > 2026-03-18 17:00"),
        ("binnen 48 Stunden", "2026-03-13 10:00"),
        ("in einer halben Stunde", "2026-03-11 10:30"),
        ("in zwei Wochen", "2026-03-25 17:00"),
        ("heute in einer Woche", "2026-03-18 17:00"),
        ("am 3. April", "2026-04-03 23:59"),  # Good Friday: closed, so the whole day
        ("bis 02.04.2026", "2026-04-02 17:00"),
        ("bis 2.4.", "2026-04-02 17:00"),
        ("am siebenundzwanzigsten März", "2026-03-27 17:00"),
        ("bis zum 20.", "2026-03-20 17:00"),
        ("Dienstag, den 17. März, um 9:30 Uhr", "2026-03-17 09:30"),
        ("bis Ende der Woche", "2026-03-13 17:00"),
        ("Anfang nächster Woche", "03-16 09:00 > 2026-03-17 17:00"),
        ("bis Monatsende", "2026-03-31 17:00"),
        ("Mitte April", "04-11 00:00 > 2026-04-15 17:00"),
        ("vor dem Wochenende", "2026-03-13 17:00"),
        ("vor Weihnachten", "2026-12-24 17:00"),
        ("am nächsten Werktag", "2026-03-12 17:00"),
        ("drei Tage ab heute", "2026-03-14 23:59"),
    ],
)
def test_german_deadlines(text: str, due: str) -> None:
    assert dues(text, GERMAN, BERLIN) == [due]


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("mañana", "2026-03-12 17:00"),
        ("manana por la tarde", "03-12 12:00 > 2026-03-12 17:00"),
        ("pasado mañana", "2026-03-13 17:00"),
        ("esta tarde", "03-11 12:00 > 2026-03-11 17:00"),
        ("el viernes", "2026-03-13 17:00"),
        ("antes del viernes", "2026-03-12 17:00"),
        ("antes del viernes a las 14:00", "2026-03-13 14:00"),
        ("el próximo lunes", "2026-03-16 17:00"),
        ("el martes de la semana que viene", "2026-03-17 17:00"),
        ("a las 14:00", "2026-03-11 14:00"),
        ("a las 3 de la tarde", "2026-03-11 15:00"),
        ("a las cinco y media", "2026-03-11 17:30"),
        ("entre las 9:00 y las 12:00 de mañana", "03-12 09:00 > 2026-03-12 12:00"),
        ("en 3-5 días laborables", "03-16 09:00 > 2026-03-18 17:00"),
        ("en un plazo de 5 días hábiles", "2026-03-18 17:00"),
        ("dentro de 48 horas", "2026-03-13 10:00"),
        ("dentro de media hora", "2026-03-11 10:30"),
        ("en dos semanas", "2026-03-25 17:00"),
        ("el 9 de abril de 2026", "2026-04-09 17:00"),
        ("el 9/4/2026", "2026-04-09 17:00"),
        ("hasta el 9/4", "2026-04-09 17:00"),
        ("el veintisiete de marzo", "2026-03-27 17:00"),
        ("el martes 17 de marzo a las 9:30", "2026-03-17 09:30"),
        ("el viernes 20", "2026-03-20 17:00"),
        ("a finales de mes", "2026-03-31 17:00"),
        ("antes del fin de semana", "2026-03-13 17:00"),
        ("esta semana", "2026-03-13 17:00"),
        ("a principios de abril", "04-01 09:00 > 2026-04-10 17:00"),
        ("5 días a partir de hoy", "2026-03-16 17:00"),
        ("entre las 9 y las 12", "03-11 09:00 > 2026-03-11 12:00"),
        ("mañana a primera hora", "03-12 09:00 > 2026-03-12 10:00"),
    ],
)
def test_spanish_deadlines(text: str, due: str) -> None:
    assert dues(text, SPANISH, MADRID) == [due]


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("demain", "2026-03-12 17:00"),
        ("après-demain", "2026-03-13 17:00"),
        ("apres demain a 15h", "2026-03-13 15:00"),
        ("cet après-midi", "03-11 12:00 > 2026-03-11 17:00"),
        ("d'ici lundi", "2026-03-16 17:00"),
        ("vendredi prochain", "2026-03-20 17:00"),
        ("mardi de la semaine prochaine", "2026-03-17 17:00"),
        ("avant vendredi", "2026-03-12 17:00"),
        ("avant vendredi 14 h", "2026-03-13 14:00"),
        ("à 14 h", "2026-03-11 14:00"),
        ("à 14h30", "2026-03-11 14:30"),
        ("demain midi", "2026-03-12 12:00"),
        ("jeudi entre 8h et 12h", "03-12 08:00 > 2026-03-12 12:00"),
        ("sous 48 heures", "2026-03-13 10:00"),
        ("dans les 3 à 5 jours ouvrés", "03-16 09:00 > 2026-03-18 17:00"),
        ("sous 5 jours ouvrables", "2026-03-18 17:00"),
        ("dans une demi-heure", "2026-03-11 10:30"),
        ("d'ici deux semaines", "2026-03-25 17:00"),
        ("le 3 avril", "2026-04-03 17:00"),
        ("avant le 3 avril", "2026-04-02 17:00"),
        ("le 3/4", "2026-04-03 17:00"),
        ("le 1er avril", "2026-04-01 17:00"),
        ("mardi 17 mars à 9h30", "2026-03-17 09:30"),
        ("en fin de semaine", "2026-03-13 17:00"),
        ("d'ici la fin du mois", "2026-03-31 17:00"),
        ("la semaine prochaine", "03-16 09:00 > 2026-03-20 17:00"),
        ("début avril", "04-01 09:00 > 2026-04-10 17:00"),
        ("ce soir", "2026-03-11 22:00"),
        ("dans la journée", "2026-03-11 17:00"),
        ("5 jours à compter d'aujourd'hui", "2026-03-16 17:00"),
    ],
)
def test_french_deadlines(text: str, due: str) -> None:
    assert dues(text, FRENCH, PARIS) == [due]


@pytest.mark.parametrize(
    ("text", "grammar"),
    [
        ("vor 3 Tagen, seit Montag, letzten Freitag, jeden Dienstag", GERMAN),
        (
            "von Montag bis Freitag geöffnet, Guten Morgen, montags bis freitags, 3 Tage alt, 19,90 €, Version 2.1",
            GERMAN,
        ),
        ("hace 3 días, desde el lunes, el viernes pasado, todos los martes", SPANISH),
        ("de lunes a viernes, Buenos días, cada lunes, 19,90 €, la versión 2.1, la semana pasada", SPANISH),
        ("il y a 3 jours, depuis lundi, vendredi dernier, tous les mardis", FRENCH),
        ("du lundi au vendredi, Bonjour, chaque lundi, 19,90 €, la version 2.1, la semaine dernière", FRENCH),
    ],
)
def test_what_is_over_or_comes_every_time_is_no_deadline(text: str, grammar: Grammar) -> None:
    assert dues(text, grammar, BERLIN) == []


def test_holidays_of_the_country_are_no_working_days() -> None:
    before_easter = "2026-04-02T15:00"

    assert dues("innerhalb von zwei Werktagen", GERMAN, BERLIN, before_easter) == ["2026-04-08 17:00"]
    assert dues("en dos días hábiles", SPANISH, MADRID, before_easter) == ["2026-04-07 17:00"]
    assert dues("sous deux jours ouvrés", FRENCH, PARIS, before_easter) == ["2026-04-07 17:00"]


def test_a_friday_that_may_be_this_or_the_next_is_asked_about() -> None:
    at = BERLIN.instant(datetime.fromisoformat(WEDNESDAY).date(), datetime.fromisoformat(WEDNESDAY).time())

    german, spanish = (
        find_dues(text, at=at, hours=BERLIN, grammar=grammar)[0].due
        for text, grammar in (("nächsten Freitag", GERMAN), ("el próximo viernes", SPANISH))
    )

    assert (german.ambiguous, spanish.ambiguous) == (True, True)
    assert (german.at, german.other_at) == (spanish.other_at, spanish.at)


_WORDS = """
    morgen bis Freitag nächste Woche 14 Uhr halb drei 3. April 03.04.2026 innerhalb von 5 Werktagen Ende des Monats vor
    mañana antes del viernes a las 15:00 de la tarde en 3-5 días hábiles 3/4 finales de mes próximo lunes
    demain d'ici vendredi à 14h30 sous 48 heures le 3 avril prochain la semaine prochaine 31 12 2026 , .
""".split()  # noqa: SIM905 easier to read and to edit than a list


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.sampled_from(_WORDS), max_size=14).map(" ".join),
    st.datetimes(datetime(2024, 1, 1), datetime(2030, 12, 31)),  # noqa: DTZ001 hypothesis wants it bare
)
def test_no_deadline_lies_before_the_writing(text: str, naive: datetime) -> None:
    at = naive.replace(tzinfo=UTC)

    for grammar, hours in GRAMMARS:
        for found in find_dues(text, at=at, hours=hours, grammar=grammar):
            assert at <= found.due.at < at + timedelta(days=5_000)
            assert found.due.words in text


@pytest.mark.parametrize(
    "unit", ["1", "1.", "3 ", "de ", "in ", "le ", "la ", "bis ", "vor ", "a las ", "Montag ", "próximo "]
)
def test_a_hostile_text_is_read_in_time(unit: str) -> None:
    text = (unit * 40_000)[:10_000]
    started = time.process_time()

    for grammar, hours in GRAMMARS:
        dues(text, grammar, hours)

    assert time.process_time() - started < 10


def test_words_are_compared_without_their_accents() -> None:
    assert [fold(word) for word in ("Übermorgen", "MAÑANA", "après", "dreißig")] == [
        "ubermorgen",
        "manana",
        "apres",
        "dreissig",
    ]
