from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from troth.site.folder import MODE, closed_folder


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize("mask", [0o000, 0o022, 0o077])
def test_new_folder_is_closed_whatever_the_mask(tmp_path: Path, mask: int) -> None:
    before = os.umask(mask)
    try:
        made = closed_folder(tmp_path / "a" / "b")
    finally:
        os.umask(before)

    assert mode(made) == MODE
    assert not MODE & (stat.S_IROTH | stat.S_IWOTH | stat.S_IRGRP | stat.S_IWGRP)


@pytest.mark.parametrize(("was", "becomes"), [(0o755, 0o750), (0o777, 0o770), (0o750, 0o750), (0o700, 0o700)])
def test_folder_from_before_is_closed_to_others_and_its_group_stays(tmp_path: Path, was: int, becomes: int) -> None:
    (tmp_path / "secret-key").touch()
    tmp_path.chmod(was)

    closed_folder(tmp_path)

    assert mode(tmp_path) in {becomes, becomes | MODE & was & stat.S_IXOTH}


def test_place_that_is_not_ours_is_left_as_it_is(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)

    closed_folder(tmp_path)

    assert mode(tmp_path) == 0o755
