"""Many letters over one line, with and without commands said ahead, to a real server that fails on purpose."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator, Sequence

import pytest
from pytest_django.fixtures import Settings
from tests.lab.smtp import Fault, FaultSmtp

from troth.channels.email.carrier import SmtpCarrier
from troth.channels.email.pipeline import Line, Pipeline
from troth.post.rules.carrier import Answer, Outcome, Parcel


@pytest.fixture(params=[True, False], ids=["ahead", "in turn"])
def server(request: pytest.FixtureRequest, fault_smtp: FaultSmtp, settings: Settings) -> FaultSmtp:
    settings.TROTH_SMTP_HOST, settings.TROTH_SMTP_PORT = fault_smtp.host, fault_smtp.port
    fault_smtp.slow_seconds, fault_smtp.pipelining = 3.0, request.param
    return fault_smtp


@pytest.fixture
def carrier(server: FaultSmtp) -> Iterator[SmtpCarrier]:
    carrier = SmtpCarrier(connect_seconds=0.5, command_seconds=1.0, after_dot_seconds=0.3)
    yield carrier
    carrier.close()


def parcels(count: int, *, archive: bool = False) -> list[Parcel]:
    return [
        Parcel(
            letter=b"Message-ID: <%d@troth.test>\r\n\r\n.dot\r\n..two\r\nend%s" % (number, b"\r\n" * (number % 2)),
            envelope_from="support@troth.test" if number else "",
            recipients=(f"c{number}@example.test", "archive@troth.test")[: 1 + archive],
            message_id=f"<{number}@troth.test>",
        )
        for number in range(count)
    ]


def submit(carrier: SmtpCarrier, many: Sequence[Parcel], may_begin: Callable[[], bool] = lambda: True) -> list[Outcome]:
    return list(carrier.submit_many(many, may_begin))


def answers(outcomes: Sequence[Outcome]) -> list[tuple[Answer, int]]:
    return [(outcome.answer, outcome.code) for outcome in outcomes]


YES = (Answer.ACCEPTED, 250)


@pytest.mark.parametrize("archive", [False, True])
def test_many_arrive_byte_for_byte_over_one_line(carrier: SmtpCarrier, server: FaultSmtp, archive: bool) -> None:
    many = parcels(5, archive=archive)

    outcomes = submit(carrier, many[:3]) + submit(carrier, many[3:])

    assert answers(outcomes) == [YES] * 5
    assert [(one.sender, one.recipients) for one in server.accepted] == [
        (one.envelope_from, one.recipients) for one in many
    ]
    assert [one.text.rstrip() for one in server.accepted] == [one.letter.rstrip() for one in many]
    assert server.sessions == 1


@pytest.mark.parametrize("archive", [False, True])
def test_whoever_is_refused_holds_up_nobody_behind(carrier: SmtpCarrier, server: FaultSmtp, archive: bool) -> None:
    server.busy, server.unknown = {"c1@example.test", "c4@example.test"}, {"c2@example.test"}

    outcomes = submit(carrier, parcels(5, archive=archive)) + submit(carrier, parcels(1, archive=archive))

    assert answers(outcomes) == [YES, (Answer.TRY_AGAIN, 450), (Answer.REFUSED, 550), YES, (Answer.TRY_AGAIN, 450), YES]
    assert [one.recipients[0] for one in server.accepted] == ["c0@example.test", "c3@example.test", "c0@example.test"]
    assert server.sessions == 1


def test_without_its_copy_in_the_archive_no_letter_leaves(carrier: SmtpCarrier, server: FaultSmtp) -> None:
    server.unknown = {"archive@troth.test"}

    outcomes = submit(carrier, parcels(2, archive=True))

    assert answers(outcomes) == [(Answer.TRY_AGAIN, 550)] * 2
    assert server.accepted == []


@pytest.mark.parametrize(
    ("fault", "answer", "code", "kept"),
    [
        (Fault.CUT_MID_DATA, Answer.UNCLEAR, 0, 2),
        (Fault.CUT_AFTER_DOT_LOST, Answer.UNCLEAR, 0, 2),
        (Fault.CUT_AFTER_DOT_KEPT, Answer.UNCLEAR, 0, 3),
        (Fault.SLOW_250_KEPT, Answer.UNCLEAR, 0, 3),
    ],
)
def test_when_the_line_breaks_one_letter_is_in_doubt_and_none_behind_it_left(
    carrier: SmtpCarrier, server: FaultSmtp, fault: Fault, answer: Answer, code: int, kept: int
) -> None:
    server.fault, server.good_first = fault, 2

    outcomes = submit(carrier, parcels(5))

    assert answers(outcomes) == [YES, YES, (answer, code)]
    assert len(server.accepted) == kept
    assert answers(submit(carrier, parcels(1))) == [YES]
    assert server.sessions == 2


@pytest.mark.parametrize(
    ("fault", "said"),
    [(Fault.DOT_452, (Answer.TRY_AGAIN, 452)), (Fault.DOT_554, (Answer.REFUSED, 554))],
)
def test_a_no_after_the_words_is_about_that_letter_alone(
    carrier: SmtpCarrier, server: FaultSmtp, fault: Fault, said: tuple[Answer, int]
) -> None:
    server.fault, server.good_first = fault, 1

    assert answers(submit(carrier, parcels(3))) == [YES, said, said]
    assert (len(server.accepted), server.sessions) == (1, 1)


@pytest.mark.parametrize("fault", [Fault.BANNER_421, Fault.GARBAGE, Fault.TARPIT])
def test_a_server_that_does_not_converse_is_away(carrier: SmtpCarrier, server: FaultSmtp, fault: Fault) -> None:
    server.fault = fault

    [outcome] = submit(carrier, parcels(3))

    assert (outcome.answer, outcome.server_is_away) == (Answer.TRY_AGAIN, True)
    server.fault = Fault.NORMAL
    assert answers(submit(carrier, parcels(1))) == [YES]


def test_a_server_that_has_had_enough_is_told_from_a_no_to_the_letter(carrier: SmtpCarrier, server: FaultSmtp) -> None:
    server.letters_a_line = 2

    outcomes = submit(carrier, parcels(5))

    assert answers(outcomes) == [YES, YES, (Answer.TRY_AGAIN, 421)]
    assert outcomes[-1].server_is_away
    assert answers(submit(carrier, parcels(2))) == [YES] * 2


def test_no_letter_begins_once_the_window_has_closed(carrier: SmtpCarrier, server: FaultSmtp) -> None:
    turns = iter([True, True, False])

    assert answers(submit(carrier, parcels(5), lambda: next(turns))) == [YES, YES]

    assert len(server.accepted) == 2
    assert answers(submit(carrier, parcels(1))) == [YES]
    assert len(server.accepted) == 3


def conversing(*answers: bytes) -> tuple[Pipeline, Callable[[], bytes]]:
    """A line to a server that has said all this already; and what it heard."""
    ours, theirs = socket.socketpair()
    heard = bytearray()

    def listen() -> None:
        while more := theirs.recv(4096):
            heard.extend(more)

    theirs.sendall(b"".join(answers))
    listening = threading.Thread(target=listen, daemon=True)
    listening.start()

    def all_heard() -> bytes:
        ours.close()
        listening.join(5)
        theirs.close()
        return bytes(heard)

    return Pipeline(Line(ours), ahead=True, command_seconds=1, after_dot_seconds=1), all_heard


def test_a_server_that_waits_for_a_letter_to_nobody_gets_an_empty_end() -> None:
    line, heard = conversing(
        b"250 ok\r\n550-no\r\n550 such\r\n354 go on\r\n554 nobody\r\n",
        b"250 reset\r\n250 ok\r\n250 ok\r\n354 go\r\n250 ok\r\n",
    )

    outcomes = list(line.send(parcels(2), lambda: True))

    assert answers(outcomes) == [(Answer.REFUSED, 550), YES]
    assert outcomes[0].reply == "no\nsuch"
    assert heard().startswith(
        b"MAIL FROM:<>\r\nRCPT TO:<c0@example.test>\r\nDATA\r\n.\r\nRSET\r\nMAIL FROM:<support@troth.test>\r\n"
    )


def test_what_is_said_ahead_goes_with_the_words_of_the_letter_before_and_ends_with_data() -> None:
    line, heard = conversing(b"250 a\r\n250 b\r\n354 c\r\n250 d\r\n250 e\r\n250 f\r\n354 g\r\n250 h\r\n")

    assert answers(list(line.send(parcels(2), lambda: True))) == [YES, YES]

    assert b"end\r\n.\r\nMAIL FROM:<support@troth.test>\r\nRCPT TO:<c1@example.test>\r\nDATA\r\nMessage-ID" in heard()


def test_an_answer_without_end_is_none() -> None:
    line, heard = conversing(b"2" * 100_000)

    [outcome] = line.send(parcels(1), lambda: True)

    assert outcome.server_is_away
    heard()
