from __future__ import annotations

from troth.channels.imports.rules.threads import Head, Threads, plain_subject


def head(message_id="", answers=(), subject="", others=("ann@a.example",)) -> Head:
    return Head(message_id=message_id, answers=tuple(answers), subject=subject, others=frozenset(others))


def grouped(*heads: Head) -> list[list[int]]:
    threads = Threads()
    for one in heads:
        threads.add(one)
    return [list(group) for group in threads.groups()]


def test_answers_join_what_they_answer_in_any_order():
    assert grouped(head("<3>", ["<1>", "<2>"]), head("<9>"), head("<1>"), head("<2>", ["<1>"])) == [[0, 2, 3], [1]]


def test_two_answers_to_a_letter_that_is_not_here_are_one_conversation():
    assert grouped(head("<2>", ["<lost>"]), head("<3>", ["<lost>"])) == [[0, 1]]


def test_an_answer_without_references_joins_by_subject_and_people():
    assert grouped(head("<1>", subject="Lamp"), head("<2>", subject="RE: AW:  lamp")) == [[0, 1]]
    assert grouped(head("<1>", subject="Lamp"), head("<2>", subject="Re: Lamp", others=["bo@b.example"])) == [[0], [1]]


def test_the_same_subject_alone_joins_nothing():
    assert grouped(head("<1>", subject="Order"), head("<2>", subject="Order")) == [[0], [1]]


def test_a_ring_and_a_letter_that_answers_itself_end():
    assert grouped(head("<1>", ["<2>"]), head("<2>", ["<1>"]), head("<3>", ["<3>"])) == [[0, 1], [2]]


def test_subjects_lose_their_answers_marks():
    assert plain_subject("Re: Re[2]: WG: Two  lamps") == ("two lamps", True)
    assert plain_subject("Regarding: lamps") == ("regarding: lamps", False)
