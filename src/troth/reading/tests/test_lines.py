"""Messages as JSON lines, and their readings as JSON lines."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from troth.reading import lines
from troth.reading.lines import Defaults, Trouble, read_lines
from troth.words.messages import Direction

ROOT = Path(__file__).parents[4]
AT = datetime(2026, 3, 11, 10, tzinfo=UTC)
DEFAULTS = Defaults(at=AT)


def answers(*given: object, first: int = 1, defaults: Defaults = DEFAULTS, **options: Any) -> list[dict[str, Any]]:
    text = b"\n".join(line if isinstance(line, bytes) else json.dumps(line).encode() for line in given)
    return [json.loads(line) for line in read_lines(text, first=first, defaults=defaults, **options).lines.splitlines()]


def test_a_customers_message_is_answered_by_its_reading() -> None:
    text = "I am furious: my parcel is three days late!"

    (answer,) = answers({"id": "m-1", "text": text})

    assert (answer["line"], answer["id"], answer["language"]) == (1, "m-1", "en")
    assert answer["complaint"]["value"] is True
    assert answer["causes"][0]["value"] == "late"
    anger = answer["emotions"][0]
    assert (anger["value"], "furious" in anger["words"]) == ("anger", True)
    assert [text[start:end] for start, end in anger["spans"]] == anger["words"]


def test_a_promise_is_due_on_the_writers_clock_and_calendar() -> None:
    message = {
        "text": "We'll ring you within two working days.",
        "direction": "outbound",
        "at": "2026-04-02T10:00:00",
        "tz": "Europe/London",
        "country": "GB",
        "subdivision": "ENG",
    }

    (answer,) = answers(message)

    (promise,) = answer["promises"]
    assert promise["span"] == [0, len(message["text"])]
    assert (promise["strength"], promise["bond"]) == ("promise", "unconditional")
    assert promise["due"]["at"] == "2026-04-08T16:00:00Z"  # over Easter, at five in British Summer Time


def test_what_a_line_leaves_out_is_as_the_command_says() -> None:
    defaults = Defaults(at=AT, tz="America/New_York", country="US", direction=Direction.OUTBOUND)

    ours, theirs = answers(
        {"text": "We'll ring you tomorrow by 5pm."},
        {"text": "We'll ring you tomorrow by 5pm.", "direction": "inbound"},
        defaults=defaults,
    )

    assert ours["promises"][0]["due"]["at"] == "2026-03-12T21:00:00Z"
    assert theirs["promises"] == []


BAD = [
    (b"{", "This is not JSON: Expecting property name enclosed in double quotes at character 2."),
    (b'{"text": "caf\xe9"}', "This is not UTF-8: byte 14 of the line."),
    (b"[1]", 'A message is a JSON object, such as {"text": "Where is my parcel?"}.'),
    (b"[" * 100_000, "This is not a message: lists or objects are nested too deeply."),
    (b'{"text": "hi", "n": ' + b"9" * 5_000 + b"}", "This is not a message: a number in it is too long."),
    (b"{}", "text is missing."),
    (b'{"text": 5}', "text is not text."),
    (b'{"text": "hi", "id": [1]}', "id is text or a whole number."),
    (b'{"text": "hi", "id": true}', "id is text or a whole number."),
    (b'{"text": "hi", "at": 5}', "at is not text."),
    (b'{"text": "hi", "at": "tomorrow"}', "at is no time as RFC 3339 writes it, such as 2026-03-02T09:30:00+01:00."),
    (b'{"text": "hi", "at": "0001-01-01T00:00:00+14:00"}', "at lies outside the years 1900 to 2199."),
    (b'{"text": "hi", "at": "9999-12-31T23:59:59Z"}', "at lies outside the years 1900 to 2199."),
    (b'{"text": "hi", "tz": "Mars/Olympus"}', "'Mars/Olympus' is not an IANA time zone."),
    (b'{"text": "hi", "tz": "../../etc/passwd"}', "'../../etc/passwd' is not an IANA time zone."),
    (b'{"text": "hi", "tz": "Mars", "at": "2026-03-02T09:30:00"}', "'Mars' is not an IANA time zone."),
    (b'{"text": "hi", "tz": "\\u001b[31m"}', "tz cannot be: it is long, or holds control characters."),
    (b'{"text": "hi", "country": "ZZ"}', "No public holidays are known for ZZ."),
    (b'{"text": "hi", "subdivision": "ENG"}', "A subdivision needs its country."),
    (b'{"text": "hi", "direction": "sideways"}', "direction is inbound, outbound, note."),
]


@pytest.mark.parametrize(("line", "why"), BAD, ids=range(len(BAD)))
def test_a_line_that_is_no_message_is_told_and_the_rest_is_read(line: bytes, why: str) -> None:
    given = b"\n".join([b'{"text": "Thanks!"}', line, b"", b'{"text": "Thanks!"}'])

    answer = read_lines(given, first=41, defaults=DEFAULTS)

    before, bad, after = (json.loads(line) for line in answer.lines.splitlines())
    assert bad == {"line": 42, "error": why}
    assert answer.troubles == (Trouble(42, why),)
    assert answer.read == 2
    assert (before["line"], after["line"]) == (41, 44)
    assert {**before, "line": 0} == {**after, "line": 0}


def test_a_bad_line_keeps_its_id_if_it_has_one() -> None:
    assert answers({"id": 7, "text": None}, source="a.jsonl") == [
        {"file": "a.jsonl", "line": 1, "id": 7, "error": "text is missing."}
    ]


def test_a_message_that_cannot_be_read_takes_no_other_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def breaking(text: str, **rest: Any) -> Any:
        return 1 / 0 if text == "boom" else real(text, **rest)

    real = lines.read
    monkeypatch.setattr(lines, "read", breaking)
    monkeypatch.setattr(lines, "read_many", lambda messages: 1 / 0)

    first, second, third = answers({"text": "Thanks!"}, {"id": 2, "text": "boom"}, {"text": "Thanks!"})

    assert second == {"line": 2, "id": 2, "error": "It could not be read: ZeroDivisionError: division by zero"}
    assert first["language"] == third["language"] == "en"


def test_half_a_surrogate_pair_comes_back_as_it_came() -> None:
    given = b'{"direction": "outbound", "text": "We\'ll ring you tomorrow, Zo\\u00eb \\ud83d\\ude00 \\ud83d."}'

    answer = read_lines(given, first=1, defaults=DEFAULTS)

    assert "Zoë 😀".encode() in answer.lines
    (promise,) = json.loads(answer.lines.decode("utf-8"))["promises"]
    assert promise["quote"] == "We'll ring you tomorrow, Zoë 😀 \ud83d."


def test_a_reading_is_one_line_for_everybody() -> None:
    text = "I am\u2028furious.\u2029Nobody\x85answers\x0b\x0c\x1c\x1d\x1e\r!"

    answer = read_lines(json.dumps({"id": text, "text": text}).encode(), first=1, defaults=DEFAULTS)

    (line,) = answer.lines.decode().splitlines()
    assert json.loads(line)["id"] == text


def test_a_mark_of_the_byte_order_and_carriage_returns_do_no_harm() -> None:
    given = b'\xef\xbb\xbf{"text": "Thanks!"}\r\n\r\n{"text": "Thanks!"}\r\n'

    assert [json.loads(line)["line"] for line in read_lines(given, first=1, defaults=DEFAULTS).lines.splitlines()] == [
        1,
        3,
    ]


def test_a_line_longer_than_allowed_is_not_looked_into(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "LINE_BYTES_MAX", 100)
    long = {"text": "a" * 100}

    assert answers(long, first=5) == [{"line": 5, "error": "The line is longer than 100 bytes."}]
    assert json.loads(lines.too_long(line=5).lines) == {"line": 5, "error": "The line is longer than 100 bytes."}


def test_the_vector_is_written_only_if_asked_for() -> None:
    (without,), (with_it,) = answers({"text": "Thanks!"}), answers({"text": "Thanks!"}, embedding=True)

    assert "embedding" not in without
    assert with_it.pop("embedding") is not None
    assert with_it == without


def test_every_field_written_is_explained() -> None:
    page = (ROOT / "docs/formats/reading.md").read_text()
    given = [
        {"id": 1, "text": "I am furious! My parcel is late, and I want a refund. Where is it?"},
        {"direction": "outbound", "text": "If you DM us we'll ring you by Friday. Happy to check, too."},
    ]

    written = {key for answer in answers(*given, {}, embedding=True, source="a") for key in _keys(answer)}

    assert {key for key in written if f"`{key}`" not in page} == set()


def _keys(value: Any) -> set[str]:
    if isinstance(value, dict):
        return set(value) | {key for inner in value.values() for key in _keys(inner)}
    return {key for inner in value for key in _keys(inner)} if isinstance(value, list) else set()
