from __future__ import annotations

import math
from array import array
from dataclasses import replace
from zlib import crc32

import pytest

from troth.reading.features import BUCKETS
from troth.reading.linear import Evidence, Scorer, WeightsBroken, pack, scorer, unpack


def weights(**worth: int) -> array[int]:
    """Weights by word."""
    row = array("b", bytes(BUCKETS))
    for word, weight in worth.items():
        row[crc32(word.encode()) % BUCKETS] = weight
    return row


COLOURS = Scorer(
    outputs=("red", "blue"),
    biases=(0.0, 0.1),
    steps=(0.5, 0.5),
    signs={"thanks": (0.0, 4.0)},
    slope=1.0,
    shift=0.0,
    weights=(weights(tomato=100), weights(sky=100)),
)


def test_a_score_is_the_sum_of_what_speaks_for_it() -> None:
    shares = COLOURS.probabilities(Evidence("tomato"))

    size = math.sqrt(len(Evidence("tomato").buckets))
    assert shares["red"] / shares["blue"] == pytest.approx(math.exp(50 / size - 0.1))
    assert sum(shares.values()) == pytest.approx(1)


def test_signs_count_beside_words() -> None:
    assert COLOURS.probabilities(Evidence("thanks"))["blue"] > 0.8


def test_it_says_which_words_decided() -> None:
    text = "One tomato under the sky"

    (why,) = COLOURS.why(Evidence(text), "red")

    assert text[slice(*why)] == "tomato"


def test_what_was_packed_is_unpacked() -> None:
    assert unpack(pack(COLOURS)) == COLOURS


@pytest.mark.parametrize("at", [0, 20, -40, -1])
def test_a_changed_byte_is_noticed(at: int) -> None:
    stored = bytearray(pack(COLOURS))
    stored[at] ^= 1

    with pytest.raises(WeightsBroken):
        unpack(bytes(stored))


def test_weights_for_another_number_of_buckets_are_refused() -> None:
    packed = pack(COLOURS).replace(f'"buckets": {BUCKETS}'.encode(), f'"buckets": {BUCKETS - 1}'.encode())

    with pytest.raises(WeightsBroken):
        unpack(packed)


@pytest.mark.parametrize("name", ["complaint", "kind", "cause", "request"])
def test_what_ships_is_whole_and_sane(name: str) -> None:
    shipped = scorer(name)

    assert all(len(row) == BUCKETS for row in shipped.weights)
    assert len(shipped.outputs) == len(shipped.weights) == len(shipped.biases) == len(shipped.steps)
    assert shipped.slope > 0
    assert unpack(pack(replace(shipped))) == shipped
    for text in ("", "Hello", "😡" * 50):
        assert all(0 <= share <= 1 for share in shipped.probabilities(Evidence(text)).values())
