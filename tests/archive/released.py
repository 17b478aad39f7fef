"""The fixture archive of a released schema: ``python -m tests.archive.released 0.1.0`` writes it with a release.

It holds what a schema can hold: articles with every kind of change, removals, links, site lines, visits that saw no
story, and a frontier. Beside it lies what a later version must still read in it.
"""

import gzip
import json
import sqlite3
import sys
import tempfile
from contextlib import closing
from pathlib import Path
from typing import Any

from archive.connection import SCHEMA_VERSION
from archive.copies import learn_copies
from archive.records import Outcome, SiteLine
from archive.store import Archive
from tests.archive.conftest import HARBOUR, at, make_other, make_visit

FOLDER = Path(__file__).parent / "released"
AGENCY = "\n\n".join(f"The agency's line {number} tells of the boats that came back to harbour." for number in range(9))
LINE = SiteLine(
    mark=7,
    kind="line",
    line="Read on with our letter.",
    articles=9,
    seen=10,
    share=0.9,
    first_seen_at=at(1),
    last_seen_at=at(2),
    in_force=True,
    reason="on most articles",
)
ASKED = {
    "articles": "SELECT url, headline, authors, published_at, first_seen_at, last_seen_at, gone_at, versions "
    "FROM articles ORDER BY url",
    "versions": "SELECT url, number, headline, text, markdown, seen_from, seen_to FROM versions ORDER BY url, number",
    "captures": "SELECT id, url, fetched_at, outcome, body_id FROM captures ORDER BY id",
    "bodies": "SELECT id, size FROM bodies ORDER BY id",
    "removals": "SELECT text, kind, rule FROM removals ORDER BY 1, 2, 3",
}


def build(path: Path) -> None:
    """An archive with something in every table."""
    with Archive.open(path, write=True, create=True) as archive:
        for run, visits in enumerate(
            (
                [make_visit(at(1)), make_visit(at(1, 2), "Ferries run.", asked="https://b.example/1", url=None)],
                [make_visit(at(2), HARBOUR.replace("14", "15")), make_other(at(3), Outcome.WALL, body=b"Sign in")],
                [make_other(at(4), Outcome.GONE, status=404), make_visit(at(5), HARBOUR.replace("14", "15"))],
                [make_visit(at(6)), make_visit(at(7), headline="Corrected", correction="A figure was wrong.")],
                [make_visit(at(8), AGENCY, asked=f"https://{site}.example/boats", url=None) for site in "cd"],
            )
        ):
            archive.begin_run("crawl", [str(run)])
            for visit in visits:
                archive.record(visit)
            archive.end_run({"visits": len(visits)}, 0)
        archive.begin_run("crawl")
        archive.keep_site_lines("tidewater.example", [LINE])
        learn_copies(archive.connection)
        archive.db["frontier"].insert(  # type: ignore[union-attr]
            {
                "url": "https://b.example/2",
                "site": "b.example",
                "kind": "article",
                "found_via": "feed",
                "found_at": at(1),
            }
        )
        archive.end_run({}, 0)


def told(path: Path) -> dict[str, Any]:
    """What the archive at ``path`` says to questions that every version must answer the same."""
    with Archive.open(path) as archive:
        answers: dict[str, Any] = {
            name: [list(row) for row in archive.connection.execute(sql)] for name, sql in ASKED.items()
        }
        answers["pages"] = {body_id: archive.body(body_id).decode() for body_id, _ in answers["bodies"]}
    return answers


def keep(version: str, folder: Path = FOLDER) -> Path:
    """Write the fixture of the schema of now, named for the release and the schema; never over one that is there."""
    folder.mkdir(exist_ok=True)
    target = folder / f"{version}-schema{SCHEMA_VERSION}.db.gz"
    if target.exists():
        sys.exit(f"{target} is there: what was released does not change")
    with tempfile.TemporaryDirectory() as work:
        path = Path(work) / "news.db"
        build(path)
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("PRAGMA journal_mode = delete")
        target.write_bytes(gzip.compress(path.read_bytes(), mtime=0))
        target.with_suffix("").with_suffix(".json").write_text(
            json.dumps(told(path), ensure_ascii=False, indent=1), encoding="utf-8"
        )
    return target


if __name__ == "__main__":
    print(keep(sys.argv[1]))
