"""The names of tiles, as c2sp.org/tlog-tiles writes them; beside another hand's."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tlog_scales import tiles as theirs

from troth.ledger.rules import paths
from troth.ledger.rules.paths import NotAPlace, Place
from troth.ledger.rules.tree import Tile


@pytest.mark.parametrize(
    ("place", "path"),
    [
        (Place(0, 256), "000"),
        (Place(0, 1), "000.p/1"),
        (Place(999, 255), "999.p/255"),
        (Place(1000, 256), "x001/000"),
        (Place(1_234_067, 256), "x001/x234/067"),
        (Place(1_234_067, 12), "x001/x234/067.p/12"),
    ],
)
def test_a_place_has_one_name(place: Place, path: str) -> None:
    assert paths.place_path(place) == path
    assert paths.place_of(path) == place


@pytest.mark.parametrize(
    "path",
    [
        *("", "0", "0000", "x000", "x000/001", "x001/x000", "x01/000", "1/000", "x001//000", "/000", "000/"),
        *("000.p/0", "000.p/01", "000.p/256", "000.p/999", "000.p/1000", "000.p/-1", "000.p/", "000.p", "000.p/1/"),
        *("-01", "+01", " 01", "٠٠٠", "000\n", "x001/000.p/١"),
    ],
)
def test_every_other_name_names_nothing(path: str) -> None:
    with pytest.raises(NotAPlace):
        paths.place_of(path)


@given(st.integers(0, 63), st.integers(0, 2**55), st.integers(1, 256))
def test_others_call_tiles_the_same(level: int, number: int, width: int) -> None:
    ours = paths.tile_path(Tile(level, number), width)

    assert ours == "/".join(theirs.tile_path(level, number, width % 256))
    assert paths.place_of(ours.removeprefix(f"tile/{level}/")) == Place(number, width)


@pytest.mark.parametrize("text", ["-1", "00", "01", "64", "100", "", "x", "٠", "entries"])
def test_a_level_is_a_number_below_64(text: str) -> None:
    with pytest.raises(NotAPlace):
        paths.level_of(text)
    assert [paths.level_of(str(level)) for level in range(64)] == list(range(64))
