"""Pages of a large archive answer at once because their SQL goes by the right index: that is held here."""

import pytest

from archive.store import Archive
from archive.web.streams import Wanted, page_of_changes


@pytest.fixture
def connection(tmp_path):
    with Archive.open(tmp_path / "news.db", write=True, create=True) as archive:
        yield archive.connection


@pytest.mark.parametrize("site", [None, "ledger.example"])
@pytest.mark.parametrize("kinds", [(), ("gone",), ("silent", "gone")])
@pytest.mark.parametrize("since", [None, "2026-01-01T00:00:00.000Z"])
def test_what_went_is_looked_up_by_its_article(connection, site, kinds, since):
    ran = []
    connection.set_trace_callback(ran.append)
    page_of_changes(connection, Wanted(site=site, kinds=kinds, since=since))
    connection.set_trace_callback(None)
    (went,) = (sql for sql in ran if "readings_of_gone" in sql)
    plan = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {went}")]
    assert any(step.startswith("SEARCH ended") and "versions_by_time (article_id=?" in step for step in plan), plan
