"""``health``: do the sites still give what they used to give?"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

import click

from archive import cli_options as options
from archive.commands.output import print_csv, print_json, print_rows, reading

if TYPE_CHECKING:
    from archive.health import Judged, SiteHealth

COLUMNS = (
    *("site", "state", "runs", "new", "usually_new", "fresh", "known", "words"),
    *("headline", "authors", "published_at", "standfirst", "lists"),
)
MEASURES = ("fresh", "known", "words", "headline", "authors", "published_at", "standfirst")
FIGURES = (
    *("site", "state", "runs", "new", "usually_new", "lists"),
    *(column for name in MEASURES for column in (name, f"usual_{name}")),
    "alarms",
)
DETAILS = ("measure", "now", "usual", "pages", "verdict")


@click.command()
@options.site_argument
@options.archive_option
@options.list_options
@click.pass_context
def health(ctx: click.Context, site: str | None, archive: Path, *, listed_as: str | None) -> None:
    """Compare what the last crawl of each site brought with what is usual for it; exits with 3 on an alarm.

    With SITE, every measure of that site. Where a figure is not what it usually is, the usual one stands in brackets.

    Example: newsmorgue health --json
    """
    from archive.health_facts import health as judge

    with reading(archive) as opened:
        found = list(judge(opened.connection, [_host(site)] if site else None))
    if listed_as == "json":
        print_json(map(to_record, found))
    elif site and found:
        print_rows(_details(found[0]), DETAILS, form=listed_as, nothing="")
    elif listed_as == "csv":
        print_csv(map(_numbers_of, found), FIGURES)
    else:
        nothing = f"{site} was never crawled into this archive" if site else "no site was crawled"
        print_rows(map(_row, found), COLUMNS, nothing=nothing)
    alarms = [alarm for each in found for alarm in each.alarms]
    for alarm in alarms:
        click.echo(f"newsmorgue: {alarm.line()}", err=True)
    if alarms:
        ctx.exit(3)


def _host(site: str) -> str:
    from archive.urls import site_of

    return site_of(site if "://" in site else f"https://{site}")


def _figure(name: str, value: float | None) -> str | None:
    if value is None:
        return None
    return f"{value:.0f}" if name == "words" else f"{value:.0%}"


def _usually(health: "SiteHealth", name: str) -> float | None:
    """The median of a number of the earlier runs; the first, which brings all at once, does not count."""
    counts = [getattr(run, name) for run in health.runs[1:-1]]
    return float(median(counts)) if counts else None


def _cell(name: str, judged: "Judged") -> str | None:
    now = _figure(name, judged.now)
    return f"{now} ({_figure(name, judged.usual)})" if judged.verdict in ("low", "high") else now


def _row(health: "SiteHealth") -> dict[str, Any]:
    """A site on one line."""
    dead = sum(each.problem is not None for each in health.lists)
    usually = _usually(health, "new")
    return {
        "site": health.site,
        "state": health.state,
        "runs": len(health.runs),
        "new": health.runs[-1].new,
        "usually_new": None if usually is None else f"{usually:g}",
        "lists": f"{len(health.lists) - dead}/{len(health.lists)}" if health.lists else None,
    } | {name: _cell(name, judged) for name, judged in health.measures.items()}


def _numbers_of(health: "SiteHealth") -> dict[str, Any]:
    """The same for programs: shares from 0 to 1, what is usual in columns of its own."""
    usual = {f"usual_{name}": judged.usual for name, judged in health.measures.items()}
    figures = {name: judged.now for name, judged in health.measures.items()} | usual
    return {**_row(health), **figures, "alarms": [alarm.told for alarm in health.alarms]}


def _removed(health: "SiteHealth") -> Iterator[tuple[str, float, float | None]]:
    """Kind of removal, its share at the last run that read anything anew, and usually."""
    read = [run.removed for run in health.runs if run.removed]
    for kind in sorted({kind for removed in read for kind in removed}):
        before = [removed.get(kind, 0.0) for removed in read[:-1]]
        yield kind, read[-1].get(kind, 0.0), median(before) if before else None


def _numbers(health: "SiteHealth") -> Iterator[tuple[str, float, float | None]]:
    """What is counted of each run and raises no alarm of its own: name, now, usually."""
    for name in ("new", "discovered", "visits"):
        yield name, getattr(health.runs[-1], name), _usually(health, name)
    yields = [run.new / run.visits for run in health.runs if run.visits]
    if yields:
        yield "new_per_visit", yields[-1], median(yields[1:-1]) if yields[1:-1] else None


def _details(health: "SiteHealth") -> Iterator[dict[str, Any]]:
    for name, judged in health.measures.items():
        yield {
            "measure": name,
            "now": _figure(name, judged.now),
            "usual": _figure(name, judged.usual),
            "pages": judged.readings,
            "verdict": judged.verdict,
        }
    for name, number, usual in _numbers(health):
        yield {"measure": name, "now": f"{number:.3g}", "usual": None if usual is None else f"{usual:.3g}"}
    for kind, share, usual in _removed(health):
        yield {"measure": f"removed: {kind}", "now": f"{share:.0%}", "usual": _figure("share", usual)}
    for each in health.lists:
        verdict = each.problem or "well"
        usual = each.usual
        yield {
            "measure": f"{each.kind} {each.url}",
            "now": each.entries,
            "usual": None if usual is None else f"{usual:g}",
            "verdict": verdict,
        }


def _json_of(items: Sequence[tuple[str, float, float | None]]) -> dict[str, dict[str, float | None]]:
    return {name: {"now": now, "usual": usual} for name, now, usual in items}


def to_record(health: "SiteHealth") -> dict[str, Any]:
    """A site as JSON."""
    from dataclasses import asdict

    silence = health.silence
    return {
        "site": health.site,
        "state": health.state,
        "runs": len(health.runs),
        "run_id": health.runs[-1].run_id,
        "measures": {name: asdict(judged) for name, judged in health.measures.items()},
        "numbers": _json_of(list(_numbers(health))),
        "removed": _json_of(list(_removed(health))),
        "lists": [asdict(each) for each in health.lists],
        "silence": silence
        and {
            "since": silence.since,
            "hours": round(silence.lasted.total_seconds() / 3600, 1),
            "usual_hours": round(silence.usual.total_seconds() / 3600, 1),
            "is_long": silence.is_long,
        },
        "alarms": [
            {"measure": alarm.measure, "url": alarm.url, "told": alarm.told, "is_latest": alarm.is_latest}
            for alarm in health.alarms
        ],
    }
