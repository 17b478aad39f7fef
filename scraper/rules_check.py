"""What a site's rules would change: its stored pages read with them, against what the archive says now."""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from archive.records import Article, Outcome, Version, Visit
from archive.store import Archive
from pipelines import cleaning_stages, run_stages
from pipelines.site_rules import Rules
from pipelines.strip_lines import compiled
from scraper.crawl import Plan, crawl
from scraper.observe import observe
from scraper.reading import parse
from scraper.site_reading import FIELDS, select
from scraper.sites import Site, rules_of

PAGES = 50  # of one site; the newest versions, spread over its articles
LIVE_PAGES = 10
ADDRESSES = 20_000
NEWEST = """
    SELECT versions.id, versions.article_id, versions.number, versions.capture_id FROM versions
    JOIN captures ON captures.id = versions.capture_id
    WHERE versions.site IN (SELECT value FROM json_each(:sites)) AND captures.body_id IS NOT NULL
      AND (:until IS NULL OR captures.fetched_at < :until) AND (:since IS NULL OR captures.fetched_at >= :since)
    ORDER BY versions.seen_from DESC LIMIT :limit
"""
KNOWN = "SELECT url FROM frontier WHERE site = ? ORDER BY found_at DESC LIMIT ?"
SHOWN = tuple(name for name in FIELDS if name != "text")


@dataclass(frozen=True, slots=True)
class PageChange:
    """What the rules change on one page: fields as pairs of before and after, paragraphs that come and that go."""

    url: str
    fields: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)
    stripped: tuple[str, ...] = ()
    restored: tuple[str, ...] = ()
    outcome: str | None = None

    def __bool__(self) -> bool:
        """Whether anything changes."""
        return bool(self.fields or self.stripped or self.restored or self.outcome)

    def to_json(self, site: str) -> dict[str, Any]:
        """As a record."""
        fields = {name: {"before": before, "after": after} for name, (before, after) in self.fields.items()}
        told = {"site": site, "url": self.url, "fields": fields}
        return told | {"stripped": self.stripped, "restored": self.restored, "outcome": self.outcome}


@dataclass(slots=True)
class Checked:
    """What a check of one site came to. ``matches`` counts, by rule, the pages or addresses that it matched."""

    site: str
    pages: int = 0
    changes: list[PageChange] = field(default_factory=list)
    matches: Counter[str] = field(default_factory=Counter)
    untried: list[str] = field(default_factory=list)

    @property
    def idle(self) -> list[str]:
        """The rules that were tried and matched nothing."""
        return sorted(rule for rule, count in self.matches.items() if not count)


def _gone(before: Sequence[str], after: Sequence[str]) -> tuple[str, ...]:
    """The paragraphs of ``before`` that are not in ``after``."""
    return tuple((Counter(before) - Counter(after)).elements())


def _as_told(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def compare(version: Version, visit: Visit) -> PageChange:
    """What a page says now, against the version that it made."""
    article = visit.article
    if article is None or visit.outcome is not Outcome.ARTICLE:
        return PageChange(version.url, outcome=f"no article any more: {visit.outcome}")
    fields = {
        name: (_as_told(before), _as_told(after))
        for name in SHOWN
        if (before := getattr(version, name)) != (after := getattr(article, name))
    }
    before, after = version.text.split("\n\n"), article.text.split("\n\n")
    return PageChange(version.url, fields, _gone(before, after), _gone(after, before))


def _rules_named(rules: Rules) -> Iterator[str]:
    yield from (f"fields.{name} = {selector}" for name, selector in rules.fields)
    yield from (f"strip: {selector}" for selector in rules.strip)
    yield from (f"strip_lines: {pattern}" for pattern in rules.strip_lines)


def _matched(rules: Rules, body: bytes, url: str, article: Article | None) -> Iterator[str]:
    """The rules that match something on a page."""
    root = parse(body, url).root
    if root is not None:
        yield from (f"fields.{name} = {selector}" for name, selector in rules.fields if select(root, selector))
        yield from (f"strip: {selector}" for selector in rules.strip if select(root, selector))
    lines = [cut.text for cut in article.removals if cut.rule == "site:strip_lines"] if article else []
    for pattern in compiled(rules.strip_lines):
        if any(pattern.search(line) for line in lines):
            yield f"strip_lines: {pattern.pattern}"


class _Check:
    """The rules of one site over one archive."""

    def __init__(self, archive: Archive, site: Site) -> None:
        self._archive, self._site = archive, site
        self._rules = rules_of([site])
        self._stages = cleaning_stages(self._rules, archive)
        self.checked = Checked(site.name)

    def _versions(self, since: str | None, until: str | None) -> list[tuple[str, str, int, str]]:
        values = {"sites": json.dumps([self._site.key, *self._site.hosts]), "since": since, "until": until}
        rows = self._archive.connection.execute(NEWEST, values | {"limit": PAGES}).fetchall()
        return [(row[0], row[1], row[2], row[3]) for row in rows]

    def try_pages(self) -> None:
        """Each set of rules on pages of its time."""
        rules = self._site.rules
        begin = None
        for each in (*rules.dated, rules.current):
            self.checked.matches.update(dict.fromkeys(_rules_named(each), 0))
            versions = self._versions(begin, each.until)
            if not versions and each.until:
                self.checked.untried.append(f"no page from before {each.until}")
                for rule in _rules_named(each):
                    del self.checked.matches[rule]
            for _, article_id, number, capture_id in versions:
                self._try_page(self._archive.version(article_id, number=number), capture_id)
            begin = each.until

    def _try_page(self, version: Version, capture_id: str) -> None:
        capture = self._archive.capture(capture_id)
        body, rendered = self._archive.page_of(capture)
        visit = run_stages(self._stages, observe(capture, body, rendered, self._rules).visit)
        self.checked.pages += 1
        self.checked.matches.update(
            _matched(self._site.rules.at(capture.fetched_at), rendered or body or b"", visit.url, visit.article)
        )
        if change := compare(version, visit):
            self.checked.changes.append(change)

    def try_addresses(self) -> None:
        """The patterns of addresses on all that is known of the site."""
        known = [url for (url,) in self._archive.connection.execute(KNOWN, (self._site.key, ADDRESSES))]
        patterns = [("allow", each) for each in self._site.allow] + [("deny", each) for each in self._site.deny]
        if self._site.article is not None:
            patterns.append(("article", self._site.article))
        for name, pattern in patterns if known else ():
            self.checked.matches[f"{name}: {pattern.pattern}"] = _count(pattern, known)


def _count(pattern: re.Pattern[str], known: Sequence[str]) -> int:
    return sum(bool(pattern.search(url)) for url in known)


def check(archive: Archive, site: Site) -> Checked:
    """Try the rules of ``site`` on the pages and addresses that the archive has of it; nothing is written."""
    trial = _Check(archive, site)
    trial.try_pages()
    trial.try_addresses()
    return trial.checked


def check_live(site: Site) -> Checked:
    """Try the rules of ``site`` on some of its pages of now, which are fetched as in a crawl and kept nowhere."""
    bare = replace(site, fields=(), strip=(), strip_lines=(), dated=())
    with TemporaryDirectory(prefix="newsmorgue-") as folder:
        path = Path(folder) / "pages.db"
        crawl(path, Plan(sites=(bare,), limit=LIVE_PAGES))
        with Archive.open(path) as archive:
            return check(archive, site)
