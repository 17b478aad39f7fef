"""What a run did, counted from the archive itself."""

import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from archive.health import Alarm
from archive.records import ChangeKind
from scraper.sites import Site

MADE = """
    SELECT coalesce(frontier.site, captures.site), versions.change, count(*)
    FROM captures JOIN versions ON versions.capture_id = captures.id
    LEFT JOIN frontier ON frontier.url = captures.url
    WHERE captures.run_id = ? GROUP BY 1, 2
"""
OBSERVED = """
    SELECT coalesce(frontier.site, observations.site), observations.outcome, count(*)
    FROM observations LEFT JOIN frontier ON frontier.url = observations.url
    WHERE observations.run_id = ? GROUP BY 1, 2
"""
CONFIRMED = """
    SELECT coalesce(frontier.site, captures.site), count(DISTINCT articles.id)
    FROM captures JOIN readings ON readings.capture_id = captures.id JOIN articles ON articles.id = readings.article_id
    LEFT JOIN frontier ON frontier.url = captures.url
    WHERE captures.run_id = :run AND articles.gone_at IS NULL AND readings.outcome IN ('article', 'not_modified')
      AND NOT EXISTS (SELECT 1 FROM versions JOIN captures AS made ON made.id = versions.capture_id
                      WHERE versions.article_id = articles.id AND made.run_id = :run)
    GROUP BY 1
"""
GONE = """
    SELECT coalesce(frontier.site, captures.site), count(DISTINCT articles.id)
    FROM captures JOIN readings ON readings.capture_id = captures.id JOIN articles ON articles.id = readings.article_id
    LEFT JOIN frontier ON frontier.url = captures.url
    WHERE captures.run_id = ? AND captures.outcome = 'gone' AND articles.gone_at = captures.fetched_at
    GROUP BY 1
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteSummary:
    """What a run did on one site: articles by what became of them, visits by outcome, and what went wrong."""

    site: str
    new: int = 0
    changed: Mapping[str, int] = field(default_factory=dict)
    gone: int = 0
    unchanged: int = 0
    visits: Mapping[str, int] = field(default_factory=dict)
    waiting: int = 0
    skipped: int = 0
    problem: str | None = None

    @property
    def fetched(self) -> int:
        """All visits."""
        return sum(self.visits.values())


def in_words(counts: "SiteSummary | Summary") -> str:
    """``36 new, 3 changed (1 correction, 2 silent), 1 gone, 30 unchanged``."""
    kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(counts.changed.items()))
    changed = f"{sum(counts.changed.values())} changed" + (f" ({kinds})" if kinds else "")
    return f"{counts.new} new, {changed}, {counts.gone} gone, {counts.unchanged} unchanged"


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What a run did. ``exit_code`` is that of the command."""

    run_id: str
    command: str
    sites: tuple[SiteSummary, ...]
    exit_code: int = 0
    stopped: str | None = None
    errors: tuple[str, ...] = ()
    alarms: tuple[Alarm, ...] = ()

    @property
    def new(self) -> int:
        """Articles seen for the first time."""
        return sum(site.new for site in self.sites)

    @property
    def changed(self) -> Counter[str]:
        """New versions of known articles, by kind of change."""
        return sum((Counter(site.changed) for site in self.sites), Counter())

    @property
    def gone(self) -> int:
        """Articles that are no longer there."""
        return sum(site.gone for site in self.sites)

    @property
    def unchanged(self) -> int:
        """Articles that were looked at and stand as they stood."""
        return sum(site.unchanged for site in self.sites)

    def counts(self) -> dict[str, int]:
        """The counts that the archive keeps with the run."""
        visits: Counter[str] = sum((Counter(site.visits) for site in self.sites), Counter())
        changes = {"new": self.new, "changed": self.changed.total(), "gone": self.gone, "unchanged": self.unchanged}
        return changes | {"visits": visits.total()} | {f"visits_{outcome}": count for outcome, count in visits.items()}

    def to_json(self) -> dict[str, Any]:
        """All of it, for ``--json``."""
        sites = [
            {
                "site": site.site,
                "new": site.new,
                "changed": dict(site.changed),
                "gone": site.gone,
                "unchanged": site.unchanged,
                "visits": dict(site.visits),
                "waiting": site.waiting,
                "skipped": site.skipped,
                "problem": site.problem,
            }
            for site in self.sites
        ]
        head = {"run_id": self.run_id, "command": self.command, "exit_code": self.exit_code, "stopped": self.stopped}
        alarms = [{"site": each.site, "measure": each.measure, "told": each.told} for each in self.alarms]
        told = {"sites": sites, "errors": list(self.errors), "alarms": alarms}
        return head | self.counts() | {"changes": dict(self.changed)} | told


def _by_site(rows: Iterable[tuple[str, str, int]]) -> dict[str, dict[str, int]]:
    table: dict[str, dict[str, int]] = {}
    for site, key, count in rows:
        table.setdefault(site, {})[key] = count
    return table


def site_summaries(
    connection: sqlite3.Connection,
    run_id: str,
    sites: Iterable[Site] | None = None,
    problems: Mapping[str, str] | None = None,
) -> tuple[SiteSummary, ...]:
    """The summary of each of ``sites``, or of every site that the run touched."""
    made = _by_site(connection.execute(MADE, (run_id,)).fetchall())
    observed = _by_site(connection.execute(OBSERVED, (run_id,)).fetchall())
    confirmed = dict(connection.execute(CONFIRMED, {"run": run_id}).fetchall())
    gone = dict(connection.execute(GONE, (run_id,)).fetchall())
    states = _by_site(connection.execute("SELECT site, state, count(*) FROM frontier GROUP BY 1, 2").fetchall())
    keys = [site.key for site in sites] if sites is not None else sorted({*made, *observed})
    new = str(ChangeKind.NEW)
    return tuple(
        SiteSummary(
            site=key,
            new=made.get(key, {}).get(new, 0),
            changed={kind: count for kind, count in made.get(key, {}).items() if kind != new},
            gone=gone.get(key, 0),
            unchanged=confirmed.get(key, 0),
            visits=observed.get(key, {}),
            waiting=states.get(key, {}).get("pending", 0),
            skipped=states.get(key, {}).get("skipped", 0),
            problem=(problems or {}).get(key),
        )
        for key in keys
    )
