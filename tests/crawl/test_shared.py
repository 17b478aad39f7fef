"""Real pages, served locally: nearly all of them must be archived, and a second crawl must find nothing new."""

import gzip
import json
from pathlib import Path

import pytest

from archive.store import Archive
from scraper.cli import main
from tests.crawl.newsroom import hub

PAGES = Path(__file__).parents[3] / "shared" / "pages"


@pytest.mark.shared
@pytest.mark.skipif(not PAGES.exists(), reason="needs ../shared/pages")
def test_real_pages_are_archived_once(newsroom, run, rows, path):
    records = [json.loads(line) for line in (PAGES / "fundus_dev.jsonl").read_text().splitlines()]
    for number, record in enumerate(records):
        newsroom.pages[f"/page/{number}"] = gzip.decompress((PAGES / record["html_path"]).read_bytes())
    newsroom.pages["/"] = hub(*newsroom.pages)
    first = run()
    assert first.new >= 120
    versions = rows("SELECT count(*) FROM versions")
    second = run(full=True)
    assert rows("SELECT count(*) FROM versions") == versions
    assert second.new == 0
    with pytest.raises(SystemExit) as ended:
        main(["verify", "--archive", str(path)])
    assert ended.value.code == 0
    with Archive.open(path) as archive:
        assert archive.connection.execute("SELECT count(*) FROM frontier WHERE state = 'pending'").fetchone()[0] == 0
