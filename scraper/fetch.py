"""One page from the live web, with a crawl's politeness and guards, kept nowhere."""

from pathlib import Path
from tempfile import TemporaryDirectory

from archive.errors import NothingFetched
from archive.store import Archive
from scraper.crawl import Plan, crawl
from scraper.sites import site_for

NEWEST_PAGE = """
    SELECT final_url, body_id, content_type, outcome, detail FROM captures
    WHERE found_via = 'seed' ORDER BY fetched_at DESC LIMIT 1
"""


def fetch(url: str) -> tuple[bytes, str, str | None]:
    """The bytes of the page at ``url``, the address they came from, and their content type.

    Raises ``NothingFetched`` with what came instead.
    """
    site = site_for(url)
    with TemporaryDirectory(prefix="newsmorgue-") as folder:
        path = Path(folder) / "page.db"
        summary = crawl(path, Plan(sites=(site,), follow=False))
        with Archive.open(path) as archive:
            row = archive.connection.execute(NEWEST_PAGE).fetchone()
            if row is None or row[1] is None:
                problem = next((site.problem for site in summary.sites if site.problem), None)
                raise NothingFetched(f"{url}: {(row and row[4]) or problem or (row and row[3]) or 'nothing came'}")
            return archive.body(row[1]), row[0] or site.url, row[2]
