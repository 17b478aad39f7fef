"""The pages of ../shared, where they are; users do not have them."""

import gzip
import json
from pathlib import Path

import pytest

from archive.records import Article, RemovalKind
from scraper.reading import read

SHARED = Path(__file__).parents[3] / "shared"
pytestmark = [pytest.mark.shared, pytest.mark.skipif(not SHARED.is_dir(), reason="../shared is not here")]


def test_the_seed_document():
    for path in (SHARED / "seed").glob("*.txt"):
        article = read(path.read_bytes())
        assert (article.section, article.headline, article.published_at) == ("PARTNERSHIPS", None, "2026-01-13")
        assert article.standfirst
        assert len(article.blocks) == 9
        assert {removal.kind for removal in article.removals} == {
            RemovalKind.DATE,
            RemovalKind.RELATED,
            RemovalKind.CONSENT,
        }


def test_real_pages_are_read():
    records = [
        json.loads(line) for line in (SHARED / "pages/fundus_dev.jsonl").read_text(encoding="utf-8").strip().split("\n")
    ][:40]
    with_story = 0
    for record in records:
        article = read(gzip.decompress((SHARED / "pages" / record["html_path"]).read_bytes()), record["url"])
        assert isinstance(article, Article)
        with_story += article.words > 50
    assert with_story >= 37
