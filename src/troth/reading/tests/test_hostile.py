"""Whatever is thrown at it: nothing raises, what is found stands in the text, and time grows as the text does."""

from __future__ import annotations

import json
import random
import time
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from troth import reading
from troth.reading.lines import Defaults, read_lines
from troth.reading.plain import to_plain
from troth.words.hours import Hours, office, round_the_clock
from troth.words.messages import Direction

AT = datetime(2026, 3, 11, 10, tzinfo=UTC)
LONDON = office("Europe/London")
BOTH = (Direction.INBOUND, Direction.OUTBOUND)


def read(text: str, direction: Direction, *, at: datetime = AT, calendar: Hours = LONDON) -> reading.Reading:
    found = reading.read(text, at=at, calendar=calendar, direction=direction)
    assert_it_holds(found, text, at)
    return found


def assert_it_holds(found: reading.Reading, text: str, at: datetime) -> None:
    """What is true of every reading."""
    findings = (*found.emotions, *found.causes, *found.remedies, found.complaint, found.kind, found.urgency)
    spans = [span for finding in findings if finding for span in finding.spans]
    quoted = (*found.promises, *found.near_promises, *found.requests)
    for start, end in (*found.sentences, *spans, *((each.start, each.end) for each in quoted)):
        assert 0 <= start < end <= len(text)
    for finding in findings:
        assert finding is None or 0 <= finding.confidence <= 1
    for each in quoted:
        assert each.quote == text[each.start : each.end]
    for promise in found.promises:
        if due := promise.due:
            assert due.at >= at
            assert due.window_start is None or due.window_start <= due.at
            assert due.words in text
    json.dumps(to_plain(found, text, embedding=True), allow_nan=False)


# Shapes


STRANGE = {
    "nothing": "",
    "blanks": " \t\r\n\v\f\x1c\x85\u00a0\u2028\u2029\u3000",
    "emoji only": "😡🤬👍🏽👨‍👩‍👧‍👦🇬🇧❤️",
    "right to left": "\u202eأين طردي؟ سنتصل بك غدا\u202c הזמנה שלי לא הגיעה",
    "mixed scripts": "We'll ring you завтра 明日 غدا by 5pm Πέμπτη",
    "lookalikes": "Wе'll rіng yоu tоmоrrоw",
    "combining": "W\u0301\u0300\u0302e'll r\u0336i\u0336n\u0336g\u0336 you tomorrow",
    "digits of the world": "We'll ring by ٥ or ५ or ５ within ３ days, ½ hour, ² days, ①",
    "control characters": "".join(map(chr, range(32))) + "We'll ring\x00 you\x1b[31m tomorrow\x7f\x9f",
    "nul in a date": "We'll ring you on 1\x00/\x002/2026 at 5\x00pm",
    "half surrogates": "We'll ring \ud800you tomorrow\udfff 😀",
    "noncharacters": "We'll ring\ufffe you\uffff tomorrow\U0010ffff",
    "html": "<p>We&#39;ll&nbsp;ring <b>you</b> <a href='x'>tomorrow</a><br/></p><!-- by 5pm --><script>x</script>&amp;amp;",
    "unclosed": "\"We'll (ring [you {tomorrow <by «5pm “soon",
    "impossible dates": "We'll ring by 31/02/2026, 30 February, 99/99/9999, 25:61, 00:00, 24:00, day 0, week 60, year 0",
    "huge numbers": f"We'll pay within {'9' * 5_000} days, in 99999999999 weeks, by 1e999, in 1000000 months, on 1/1/99999",
    "tiny numbers": "We'll pay within 0 days, in -1 days, in 0.0000001 hours, within 0-0 working days, 5-3 days",
    "markup of tables": "|---|---|\n| we'll | ring |\n===\n***\n```\nby 5pm\n```",
    "spoken": 'Please tell "Ann Archer" that I want my money back. Can you call “the whole team” today?',
    "quoted only": "> We'll ring you tomorrow\n>> by 5pm\n| by noon",
    "headers": "On 1 Jan 2026, Ann wrote:\n\nFrom: a@b.c\nSent: tomorrow\nTo: you\nSubject: We'll ring by 5pm",
}


@pytest.mark.parametrize("direction", Direction)
@pytest.mark.parametrize("text", STRANGE.values(), ids=STRANGE.keys())
def test_what_is_strange_is_read_all_the_same(text: str, direction: Direction) -> None:
    found = read(text, direction)

    assert found == reading.read(text, at=AT, calendar=LONDON, direction=direction)


@pytest.mark.parametrize("direction", BOTH)
@pytest.mark.parametrize(
    "text",
    [
        "We'll ring you tomorrow. " * 42_000,
        "x" * 100_000,
        "😡" * 100_000,
        "\x00" * 1_000_000,
        "私の荷物はどこですか" * 100_000,
    ],
    ids=["a million characters", "one word", "emoji", "nul", "no blanks"],
)
def test_what_is_long_is_read_as_far_as_it_is_read(text: str, direction: Direction) -> None:
    found = read(text, direction)

    assert all(end <= 100_000 for _, end in found.sentences)


@pytest.mark.parametrize("year", [1900, 1970, 2038, 2199])
def test_far_away_times_are_counted_from(year: int) -> None:
    text = (
        "We'll ring you tomorrow, pay within 5 working days, and be done by the end of next year, in 100 years at most."
    )

    for calendar in (LONDON, office("Asia/Kolkata", "IN"), round_the_clock("America/St_Johns")):
        for month, day in ((1, 1), (2, 28), (12, 31)):
            read(text, Direction.OUTBOUND, at=datetime(year, month, day, 23, 59, 59, tzinfo=UTC), calendar=calendar)


def test_lines_of_rubbish_are_answered_one_by_one() -> None:
    dice = random.Random(4)  # noqa: S311 - the same rubbish each time
    lines = [bytes(dice.choices(range(256), k=dice.randrange(1, 80))).replace(b"\n", b" ") for _ in range(500)]
    lines += [b'{"text": "' + line.replace(b'"', b"") + b'"}' for line in lines]

    answer = read_lines(b"\n".join(lines), first=1, defaults=Defaults(at=AT))

    told = [json.loads(line) for line in answer.lines.splitlines()]
    wanted = [number for number, line in enumerate(lines, 1) if line.strip()]
    assert [each["line"] for each in told] == wanted
    assert answer.read + len(answer.troubles) == len(told)
    assert answer.read == sum("error" not in each for each in told)


# Anything at all


WORDS = st.sampled_from(
    """
    we I you they someone the warehouse 'll will shall won't would can not never aim hope promise guarantee expect
    ring call refund send deliver look into let know be is are was due scheduled going to by on at in within before after
    until between and or if once when unless so that please allow takes up to next this last every tomorrow today tonight
    Monday Friday Fri Tues week weekend month quarter year end of start first thing close play noon midnight lunchtime morning
    5 5pm 17:00 17h30 3-5 two a few couple working business days hours minutes 12/05 31/02/2026 2026-03-29 1st 29 February
    March Easter Christmas UTC EST CET soon shortly asap sorry furious thanks broken late where why ? ! . , ; : - – ( ) " ' >
    \\n \\n\\n wir werden Ihnen morgen bis Freitag innerhalb von Werktagen melden wird geliefert spätestens Ende der Woche
    le llamaremos mañana antes del viernes dentro de días hábiles será entregado a más tardar
    nous vous rappellerons demain avant vendredi sous jours ouvrés sera livré au plus tard
    """.split()  # noqa: SIM905 - easier to read and to add to
)
TEXTS = st.one_of(
    st.lists(WORDS, max_size=25).map(lambda words: " ".join(words).replace("\\n", "\n")),
    st.lists(st.one_of(WORDS, st.text(max_size=6)), max_size=12).map("".join),
    st.text(max_size=60),
)
CALENDARS = st.sampled_from(
    [LONDON, office("America/New_York", "US"), office("Asia/Kolkata", "IN"), round_the_clock("Pacific/Apia")]
)
ZONES = st.sampled_from([UTC, ZoneInfo("Europe/Paris")])
MOMENTS = st.datetimes(datetime(1971, 1, 1), datetime(2150, 1, 1), timezones=ZONES)  # noqa: DTZ001 - they are given one


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=TEXTS, direction=st.sampled_from(Direction), at=MOMENTS, calendar=CALENDARS)
def test_nothing_raises_and_what_is_found_stands_in_the_text(
    text: str, direction: Direction, at: datetime, calendar: Hours
) -> None:
    found = read(text, direction, at=at, calendar=calendar)

    assert found == reading.read(text, at=at, calendar=calendar, direction=direction)


# Time


MARKS = (
    "a",
    " ",
    "\n",
    " \n",
    "\t",
    ".",
    ". ",
    "!?",
    "(",
    '"',
    "'",
    "’",
    "-",
    "--",
    "- ",
    ", ",
    ";",
    ">",
    "> ",
    "\n> ",
    "<",
    "<b>",
)
MORE_MARKS = (
    "&nbsp;",
    "/",
    "\\",
    "_",
    "*",
    "@a ",
    "#",
    "http://a.b/",
    "a@b.c ",
    "😡",
    "\u0301",
    "\u202e",
    "^a",
    "1.",
    "A",
    "a\n",
)
WORDS_OF_BAIT = """
we'll |we will |I |you will have |will be |will, |will not |we'll and |please |please allow |expect |the |the team |someone from |
of the |to |not |happy to |we aim to |we promise that |is due |is scheduled |so that we can |never again |going to |
if |if you |once you |unless |when |and |or |but |which |that |because |DM us and |as soon as |
1|1 |1/|1/1/|1-|1:|10:00 |5pm |0|2026-|by |within |within 3 |the next |next |tomorrow |Monday |Mon, |1st |first |end of the |
working |days |3-5 working days |between 1 and |March |a couple of |half |UTC |from now |or so |
not good |worst |thanks |still no |where is |why |never arrived |I want |a refund |AAA |no no |very |
wir werden |Ihnen |bis |innerhalb von |am Freitag |dass |wenn |1. |le |llamaremos |antes de |el viernes |si |dentro de |
nous vous |rappellerons |avant |demain |sous |jours ouvrés |que """
BAIT = (*MARKS, *MORE_MARKS, *(unit for line in WORDS_OF_BAIT.splitlines() for unit in line.split("|") if unit))
SHORT, TIMES = 1_500, 4
GROWTH_MAX = 6.0
"""Four times the text may take so many times as long: linear is four, quadratic sixteen."""


@pytest.mark.parametrize("direction", BOTH)
@pytest.mark.parametrize("unit", BAIT)
def test_time_grows_as_the_text_does(unit: str, direction: Direction) -> None:
    short, long = ((unit * size)[:size] for size in (SHORT, SHORT * TIMES))

    assert growth(short, long, direction) <= GROWTH_MAX


@pytest.mark.parametrize("direction", BOTH)
@pytest.mark.parametrize("mark", [*MARKS, *MORE_MARKS])
def test_time_grows_as_the_text_does_where_a_run_ends_otherwise(mark: str, direction: Direction) -> None:
    short, long = ("We'll call" + (mark * size)[:size] + "x" for size in (SHORT, SHORT * TIMES))

    assert growth(short, long, direction) <= GROWTH_MAX


@pytest.mark.parametrize("direction", BOTH)
@pytest.mark.parametrize(
    ("before", "unit", "after"),
    [
        ("We will ", "very ", "soon call you."),
        ("If ", "you and ", "call, we will."),
        ("We'll call you by ", "the end of ", "Friday."),
        ("We'll call within ", "1", " days."),
        ("We'll call within ", "a ", "days"),
        ('"', "a ", "we'll call you tomorrow"),
        ("We promise ", "that we ", "call you tomorrow."),
        ("On ", "1 Jan ", "wrote:\nWe'll call you."),
        ("I am not ", "a ", "happy."),
        ("Wir werden ", "Sie und ", "am Freitag anrufen."),
        ("We'll call you (", "(", "tomorrow."),
        ("We'll call you at ", "5.", "pm."),
    ],
)
def test_time_grows_as_the_text_does_between_two_that_belong_together(
    before: str, unit: str, after: str, direction: Direction
) -> None:
    short, long = (before + (unit * size)[:size] + after for size in (SHORT, SHORT * TIMES))

    assert growth(short, long, direction) <= GROWTH_MAX


def growth(short: str, long: str, direction: Direction) -> float:
    """How many times as long the longer one takes; measured again while it looks bad, for a machine has its moods."""
    least = {short: float("inf"), long: float("inf")}
    for _ in range(8):
        for text in least:
            began = time.process_time()
            reading.read(text, at=AT, calendar=LONDON, direction=direction)
            if spent := time.process_time() - began:  # some machines' clocks stand still now and then
                least[text] = min(least[text], spent)
        if least[long] <= GROWTH_MAX * least[short]:
            break
    return least[long] / least[short]
