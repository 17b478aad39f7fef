"""What happened day by day, site by site, from indexes alone."""

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from archive.web.charts import Chart, bars

DAYS = 30
# Each site's days are read from the index, site by site.
SITES = (
    "WITH RECURSIVE sites (site) AS (SELECT min(site) FROM versions UNION ALL "
    "SELECT (SELECT min(site) FROM versions WHERE site > sites.site) FROM sites WHERE sites.site IS NOT NULL) "
)
PER_DAY = (
    SITES + "SELECT substr(seen_from, 1, 10) AS day, versions.site, change, count(*) FROM sites "  # noqa: S608
    "CROSS JOIN versions INDEXED BY versions_by_site ON versions.site = sites.site AND seen_from >= :start "
    "WHERE :site IS NULL OR sites.site = :site GROUP BY 1, 2, 3"
)
NEWEST = "SELECT max(seen_from) FROM versions"
NEWEST_OF_SITE = "SELECT max(seen_from) FROM versions INDEXED BY versions_by_site WHERE site = ?"
HOURS = (
    "SELECT substr(published_at, 12, 2) AS hour, count(*) FROM (SELECT published_at FROM articles WHERE site = ? "
    "AND length(published_at) > 10 ORDER BY published_at DESC LIMIT 5000) GROUP BY 1"
)


@dataclass(frozen=True, slots=True)
class Activity:
    """Counts by day: new articles by site, changes by kind. Days without anything are there too."""

    days: tuple[str, ...]
    new: Mapping[str, tuple[int, ...]]
    changed: Mapping[str, tuple[int, ...]]

    def charts(self, *, by_site: bool = True) -> list[Chart]:
        """Both as charts, where there is something to draw."""
        labels = [_label(day) for day in self.days]
        drawn = (
            bars("New articles a day" + ", by site" * by_site, labels, self.new),
            bars("Changes a day, by kind", labels, self.changed),
        )
        return [chart for chart in drawn if chart is not None]


def _label(day: str) -> str:
    return f"{date.fromisoformat(day):%d %b}".lstrip("0")


def activity(connection: sqlite3.Connection, site: str | None = None, days: int = DAYS) -> Activity:
    """The last ``days`` days of the archive, or of a site: up to the last one that brought something."""
    newest = connection.execute(NEWEST_OF_SITE, (site,)) if site else connection.execute(NEWEST)
    (last,) = newest.fetchone()
    try:
        end = date.fromisoformat((last or "")[:10])
    except ValueError:
        return Activity((), {}, {})
    names = tuple((end - timedelta(days=back)).isoformat() for back in reversed(range(days)))
    rows = connection.execute(PER_DAY, {"start": names[0], "site": site}).fetchall()
    new = _by_day(names, [(row[0], row[1], row[3]) for row in rows if row[2] == "new"])
    changed = _by_day(names, [(row[0], row[2], row[3]) for row in rows if row[2] != "new"])
    return Activity(names, new, changed)


def _by_day(days: Sequence[str], rows: Sequence[tuple[str, str, int]]) -> dict[str, tuple[int, ...]]:
    place = {day: number for number, day in enumerate(days)}
    series: dict[str, list[int]] = {}
    for day, name, count in rows:
        if day in place:
            series.setdefault(name, [0] * len(days))[place[day]] += count
    return {name: tuple(values) for name, values in series.items()}


def hours(connection: sqlite3.Connection, site: str) -> Chart | None:
    """When in the day a site publishes."""
    found = {row[0]: row[1] for row in connection.execute(HOURS, (site,))}
    names = [f"{hour:02}" for hour in range(24)]
    return bars("Articles by hour of publication, UTC", names, {"articles": [found.get(n, 0) for n in names]}, every=3)
