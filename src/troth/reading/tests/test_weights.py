from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from troth.reading import weights
from troth.reading.weights import WeightsUnusable, load, packed


def test_what_was_packed_is_loaded(tmp_path: Path) -> None:
    table = np.arange(-6, 6, dtype=np.int8).reshape(3, 4)
    (tmp_path / "small.weights").write_bytes(packed({"table": table}, version="7", says={"top": 4.0}))

    loaded = load("small", folder=tmp_path)

    assert (loaded.version, loaded.says) == ("7", {"top": 4.0})
    assert np.array_equal(loaded.arrays["table"], table)


def test_weights_that_are_missing_say_so(tmp_path: Path) -> None:
    with pytest.raises(WeightsUnusable, match=r"none\.weights cannot be read"):
        load("none", folder=tmp_path)


@pytest.mark.parametrize("name", ["words", "emotion", "embedding"])
@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (lambda content: content[:-1], "cut short"),
        (lambda content: content[:-9] + bytes([content[-9] ^ 1]) + content[-8:], "changed"),
        (lambda content: b"", "not a file of weights"),
        (lambda content: b"\x80\x04" + content, "not a file of weights"),
        (lambda content: b'[{"format": "troth weights 1"}]\n', "not a file of weights"),
        (lambda content: content.replace(weights.FORMAT.encode(), b"troth weights 9", 1), "'troth weights 9'"),
    ],
)
def test_harmed_weights_are_refused(tmp_path: Path, name: str, harm, said: str) -> None:
    content = Path(weights.__file__).with_name(f"{name}.weights").read_bytes()
    (tmp_path / f"{name}.weights").write_bytes(harm(content))

    with pytest.raises(WeightsUnusable, match=said):
        load(name, folder=tmp_path)


def test_the_weights_that_ship_belong_together_and_are_small() -> None:
    folder = Path(weights.__file__).parent

    said = {load(name).says["words_sha256"][:8] for name in ("emotion", "embedding")}

    assert said == {load("words").version}
    assert sum(file.stat().st_size for file in folder.glob("*.weights")) < 6_000_000
