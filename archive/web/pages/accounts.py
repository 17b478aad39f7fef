"""Runs, one site, and what this website is."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

from archive.catalogue import select
from archive.health_facts import health
from archive.reader import Reader
from archive.rows import RunRow
from archive.times import to_text
from archive.web.activity import activity, hours
from archive.web.numbers import site_numbers
from archive.web.page import Entry, Page, Raw
from archive.web.pages import entries
from archive.web.query import NotThere, Query
from archive.web.streams import Wanted, page_of_articles, page_of_changes

MOST_RUNS = 100
VISITS = 2000  # the newest visits of a site, whose outcomes are told
OUTCOMES = (
    "SELECT coalesce(readings.outcome, visits.outcome) AS outcome, count(*) AS visits, max(fetched) AS last FROM "
    "(SELECT id, outcome, fetched_at AS fetched FROM captures WHERE site = :site ORDER BY fetched_at DESC LIMIT :most) "
    "AS visits LEFT JOIN readings ON readings.capture_id = visits.id GROUP BY 1 ORDER BY 2 DESC, 1"
)
MISSING = (
    "SELECT reason, count(*) AS addresses, max(url) AS example FROM "
    "(SELECT reason, url FROM missing WHERE site = :site LIMIT 20000) GROUP BY 1 ORDER BY 2 DESC, 1"
)
TEMPLATES = (
    "SELECT site, what, line, articles, seen, since, until FROM template_lines WHERE site = :site "
    "ORDER BY since DESC LIMIT 30"
)
SECTIONS = (
    "SELECT section, count(*) AS articles FROM (SELECT section FROM articles WHERE site = :site "
    "AND section IS NOT NULL ORDER BY published_at DESC LIMIT 5000) GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 24"
)
EXITS = {
    0: "done",
    1: "internal error",
    2: "wrong usage",
    3: "done, degraded",
    4: "busy",
    5: "damaged",
    6: "nothing fetched",
    130: "stopped",
    143: "stopped",
}
SETTLED = {0, 130, 143}


def _told(run: RunRow) -> dict[str, Any]:
    code = run["exit_code"]
    outcome = "running or broken off" if run["ended_at"] is None else EXITS.get(code or 0, f"exit code {code}")
    return {**run, "outcome": outcome, "is_well": code in SETTLED, "is_open": run["ended_at"] is None}


def newest_runs(reader: Reader, most: int = MOST_RUNS) -> list[dict[str, Any]]:
    """Runs, the newest first, each with its outcome in words."""
    return [_told(run) for run in islice(reader.runs(), most)]


def alarms(reader: Reader) -> list[str]:
    """What somebody should look at, a sentence each."""
    found = [
        f"The last run ({run['command']}) ended as: {run['outcome']}."
        for run in newest_runs(reader, 1)
        if not run["is_well"] and not run["is_open"]
    ]
    recent = to_text(datetime.now(UTC) - timedelta(days=7))
    for kind, words in (("clock", "A visit is dated in the future"), ("salvage", "Something could not be saved")):
        sql = "SELECT detail FROM events WHERE kind = ? AND occurred_at >= ? ORDER BY occurred_at DESC LIMIT 1"
        if row := reader.connection.execute(sql, (kind, recent)).fetchone():
            found.append(f"{words}: {row[0]}.")
    return found


def runs(reader: Reader, _: Query) -> Page:
    """The runs that wrote to the archive."""
    rows = newest_runs(reader)
    return Page(
        template="runs",
        title="Runs",
        data={"runs": rows},
        shown={"most": MOST_RUNS},
        entries=[_entry(run) for run in rows],
    )


def _entry(run: Mapping[str, Any]) -> Entry:
    counts = ", ".join(f"{name} {number}" for name, number in run["counts"].items())
    return Entry(
        id=f"run {run['id']} {run['outcome']}",
        path=f"/runs#run-{run['id']}",
        title=f"{run['command']}: {run['outcome']}",
        updated=run["ended_at"] or run["started_at"],
        summary=counts or "nothing counted",
        published=run["started_at"],
    )


def site(reader: Reader, query: Query) -> Page:
    """One site: coverage, rhythm, furniture, alarms, its newest articles and changes."""
    name, connection = query.part("site"), reader.connection
    numbers = next((row for row in site_numbers(reader) if row["site"] == name), None)
    if numbers is None:
        raise NotThere(f"No site {name} in this archive.")
    page = query.number("page", 1)
    articles, more = page_of_articles(connection, "site = :site", {"site": name}, page)
    changed, _ = page_of_changes(connection, Wanted(site=name), per_page=12)
    lines = [line for line in reader.site_lines(name) if line["in_force"]]
    values = {"site": name, "most": VISITS}
    judged = next(health(connection, [name], accounts=False), None)
    data = {
        "site": numbers,
        "alarms": [alarm.told for alarm in judged.alarms] if judged else [],
        "articles": articles,
        "changes": changed,
        "outcomes": list(select(connection, OUTCOMES, values)),
        "missing": list(select(connection, MISSING, values)),
        "sections": list(select(connection, SECTIONS, values)),
        "site_lines": lines[:200],
        "template_lines": list(select(connection, TEMPLATES, values)),
    }
    charts = [*activity(connection, name).charts(by_site=False), hours(connection, name)]
    return Page(
        template="site",
        title=name,
        data=data,
        shown={"charts": [c for c in charts if c], "page": page, "more": more, "lines": len(lines), "most": VISITS},
        entries=[entries.of_article(row) for row in articles],
    )


def about(reader: Reader, _: Query) -> Page:
    """What there is to see here, and how to ask."""
    return Page(template="about", title="About this archive", data={"archive": reader.path.name})


def robots(_: Reader, __: Query) -> Raw:
    """Nothing here is for search engines: it belongs to its publishers."""
    return Raw(200, {"Content-Type": "text/plain; charset=utf-8"}, b"User-agent: *\nDisallow: /\n")
