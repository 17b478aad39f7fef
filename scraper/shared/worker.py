"""A worker: ``newsmorgue crawl --redis URL``. It crawls what it gets into its own shard until the frontier is empty.

>>> str(shard_of(Path("data/news.db"), "press-2"))
'data/news.press-2.db'
"""

import os
import re
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from archive.errors import ArchiveBusy, NothingFetched, UsageError
from archive.reader import Reader
from archive.records import Outcome
from archive.store import Archive
from scraper.crawl import Plan, Run, carry_out
from scraper.credentials import all_credentials
from scraper.logs import quiet_libraries
from scraper.observe import own_rules, read_by
from scraper.progress import Progress
from scraper.shared.keeper import Keeper
from scraper.shared.link import Link, RedisAway
from scraper.shared.queue import Worker, push_all
from scraper.shared.rounds import Round, load_round
from scraper.shared.scheduler import SETTINGS
from scraper.shared.table import SharedTable
from scraper.shared.waiting import reached, tell
from scraper.sites import Site, rules_of
from scraper.stopping import stop_signals
from scraper.summary import Summary

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")
MOST_WORKERS = 256  # on one machine that give themselves a name
LOOK = 1.0  # seconds between two looks at an empty frontier
SHORTEST_LEASE, LONGEST_LEASE = 1.0, 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Hire:
    """How a worker was started. ``archive`` names its shard; ``known`` is the merged archive; times in seconds."""

    archive: Path
    name: str | None = None
    stay: bool = False
    lease: float = 60.0
    known: Path | None = None
    browser: str | None = None
    max_seconds: float | None = None


def shard_of(archive: Path, worker: str) -> Path:
    """The worker's own archive: beside ``archive``, with the worker's name in its own."""
    return archive.with_name(f"{archive.stem}.{worker}{archive.suffix}")


@contextmanager
def opened_shard(archive: Path, name: str | None) -> Iterator[tuple[Archive, str]]:
    """The shard and the worker's name. Without one it is the machine's name and the first number that is free.

    Whoever has the shard's lock is the only process of that name, so what an earlier one still held can be given back.
    """
    if name is not None and not NAME.fullmatch(name):
        raise UsageError(f"{name!r} is no name for a worker: letters, digits, dots, dashes; at most 64")
    machine = re.sub(r"[^A-Za-z0-9-]", "-", socket.gethostname().partition(".")[0])[:50] or "worker"
    names = [name] if name is not None else [f"{machine}-{number}" for number in range(1, MOST_WORKERS + 1)]
    for each in names:
        try:
            shard = Archive.open(shard_of(archive, each), write=True, create=True)
        except ArchiveBusy:
            if name is not None:
                raise
            continue
        with shard:
            yield shard, each
        return
    raise ArchiveBusy(f"{MOST_WORKERS} workers write beside {archive} already")


class SharedRun(Run):
    """One worker's part of a round."""

    is_whole = False

    def __init__(self, archive: Archive, plan: Plan, progress: Progress, table: SharedTable, worker: Worker) -> None:
        super().__init__(archive, plan, progress, all_credentials(plan.sites), frontier=table)
        self.keeper = table.keeper = Keeper(worker, table, self._told)
        self._table = table

    @property
    def sites(self) -> tuple[Site, ...]:
        """Those that this worker visited."""
        return tuple(site for site in self.plan.sites if self.tally.visited[site.key])

    def settings(self) -> dict[str, Any]:
        """With scrapy-redis' scheduler, and the fence."""
        return super().settings() | SETTINGS

    def waiting(self) -> dict[str, int]:
        """What this worker has taken; the others know of more."""
        return {name: len(host.ready) for name, host in self.keeper.hosts.items()}

    async def abandon(self) -> None:
        """Give everything back before what is still in flight is left."""
        await self.keeper.end()
        await super().abandon()

    def prepare(self, run_id: str) -> None:  # noqa: ARG002 - as the run of one machine
        """Tell the others what this shard, or the merged archive, knows to be due."""
        push_all(self._table.link, self._table.due())
        self.archive.commit()

    async def work(self) -> None:
        """As the run of one machine; what ended the keeper ends the worker."""
        await super().work()
        if self.keeper.error is not None:
            raise self.keeper.error
        if self.keeper.was_full:
            self.tally.errors.append(f"Redis at {self._table.link} was full for a while: raise its maxmemory")

    def stop(self, why: str) -> None:
        """Begin to end, once: what is in flight is finished, the rest given back."""
        self.keeper.stopping = True
        super().stop(why)

    def _told(self) -> dict[str, Any]:
        return {
            "visits": self.tally.visits,
            "articles": self.tally.outcomes[Outcome.ARTICLE],
            "rate": round(self.tally.rate, 2),
            "pid": os.getpid(),
        }


@dataclass(slots=True)
class _Watch:
    """Until when a worker may go on, and with which browser."""

    end: float | None
    browser: str | None = None

    @property
    def seconds(self) -> float | None:
        return None if self.end is None else max(0.0, self.end - time.monotonic())


def work(link: Link, hire: Hire, progress: Progress) -> Iterator[Summary]:
    """Work off rounds; the summary of each part. One round without ``stay``, or none if there is nothing to do.

    Raises ``UsageError`` for a refused password, ``ArchiveBusy``, and ``NothingFetched`` where Redis did not answer
    before the time was up.
    """
    quiet_libraries()
    watch = _Watch(None if hire.max_seconds is None else time.monotonic() + hire.max_seconds, hire.browser)
    with ExitStack() as stack:
        archive, name = stack.enter_context(opened_shard(hire.archive, hire.name))
        known = stack.enter_context(Archive.open(hire.known)) if hire.known is not None else None
        worker = Worker(
            name=name,
            place=f"{socket.gethostname()}:{os.getpid()}",
            shard=str(archive.path.resolve()),
            lease=hire.lease,
        )
        last: tuple[int, int] | None = None
        while (current := _next_round(link, hire, worker, watch, last)) is not None:
            last = current.number, current.version
            summary = _take_part(link, worker, archive, known, current, progress, watch)
            yield summary
            if summary.stopped or summary.exit_code >= 128:
                return


def _next_round(link: Link, hire: Hire, worker: Worker, watch: _Watch, last: tuple[int, int] | None) -> Round | None:
    """The round to work on now: the first, one seeded since, or with ``stay`` whichever comes."""
    with stop_signals() as stop:
        while True:
            if not reached(link, lambda: stop.number is not None, seconds=watch.seconds):
                if stop.number is not None:
                    raise SystemExit(128 + stop.number)
                raise NothingFetched(f"Redis at {link} did not answer in time")
            try:
                link.call("rejoin", worker.name) if last is None else None
                current, busy = load_round(link), _is_busy(link)
            except RedisAway:
                continue
            if current is not None and (busy or last is None or (current.number, current.version) != last):
                return current
            if not hire.stay:
                if current is None:
                    tell(f"nothing was seeded at {link} yet: newsmorgue crawl --redis … --seed SITE")
                return None
            end = time.monotonic() + LOOK
            while time.monotonic() < end:
                time.sleep(0.1)
                if stop.number is not None:
                    raise SystemExit(128 + stop.number)
                if watch.seconds == 0.0:
                    return None


def _is_busy(link: Link) -> bool:
    waiting = link.command("EXISTS", f"{link.prefix}hosts", f"{link.prefix}leases")
    return bool(waiting)


def _take_part(
    link: Link,
    worker: Worker,
    archive: Archive,
    known: Reader | None,
    current: Round,
    progress: Progress,
    watch: _Watch,
) -> Summary:
    sites = current.sites()
    plan = Plan(
        sites=sites,
        since=current.orders.since,
        full=current.orders.full,
        max_seconds=watch.seconds,
        browser=watch.browser,
        arguments=(f"--worker {worker.name}", f"round {current.number}"),
    )
    archive.reader, archive.own_rules = read_by(), own_rules(rules_of(sites))
    run_id = archive.begin_run("crawl", plan.arguments)
    run = SharedRun(archive, plan, progress, SharedTable(archive.connection, link, current, sites, known), worker)
    run.prepare(run_id)
    return carry_out(run, run_id, progress)
