"""The life of an invented paper in short; ``python -m benchmarks life`` lives it in full."""

from pathlib import Path

from benchmarks.life import live


def test_what_becomes_of_a_paper_is_what_the_archive_tells(tmp_path: Path):
    verdict = live(articles=32, instants=5, seed=3, folder=tmp_path)
    assert verdict.wrong == []
    assert verdict.exact == verdict.archived == verdict.articles == 32
    assert verdict.invented == 0
    assert verdict.f1 == 1
    assert verdict.deletions_seen == verdict.deletions
    assert verdict.moves_joined == verdict.moves == 1
