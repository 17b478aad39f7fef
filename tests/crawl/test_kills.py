"""``kill -9`` at random moments; ``python -m benchmarks kills`` does it as often as one likes."""

from pathlib import Path
from random import Random

import pytest

from benchmarks.kills import SUBJECTS, subject, trials

TIMES = 2


@pytest.mark.parametrize("name", SUBJECTS)
def test_whatever_is_killed_leaves_a_whole_archive_and_goes_on(name: str, tmp_path: Path):
    with subject(name) as tested:
        killed, wrong = trials(tested, TIMES, Random(name), tmp_path / "work")
    assert wrong == []
    assert killed
