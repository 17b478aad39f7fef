"""What a worker does beside fetching: renews leases, claims hosts, takes requests, tells what is done, waits for Redis.

One task, ten times a second or sooner; each call to Redis runs in a thread, so that the crawl goes on meanwhile.
"""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from scrapy import Request

from archive.errors import NewsmorgueError
from archive.urls import site_of
from scraper.middlewares.refusals import HostUnreachable, Withdrawn
from scraper.settings import PUBLIC_CONCURRENCY, concurrency_of, delay_of
from scraper.shared.hosts import PORTION, HostQueue, fair_share, rank
from scraper.shared.link import RedisAway, RedisFull
from scraper.shared.queue import Beat, Lease, LeasedQueue, Settled, Worker
from scraper.shared.rounds import host_of, moved
from scraper.shared.table import SharedTable, from_member
from scraper.shared.waiting import LONGEST_PAUSE, tell

if TYPE_CHECKING:
    from scraper.shared.scheduler import SharedScheduler
    from scraper.spiders.news import NewsSpider

STEP = 0.1  # seconds between two looks
BEATS = 1.0  # seconds between two signs of life, at most; never more than a sixth of the lease
SETTLED_AT_ONCE = 8  # visits that are told to Redis before the next look is due: a kill repeats no more than these
UNTOLD = 500  # visits that Redis does not know of: with more, nothing new is begun
FOREIGN_HOLD = 5.0  # seconds for which a host is held for a request that led to it


class Keeper:
    """Keeps the leases of one worker, from ``begin`` to ``end``. ``counts`` tells visits and articles so far."""

    def __init__(self, worker: Worker, table: SharedTable, counts: Callable[[], dict[str, Any]]) -> None:
        self.worker, self.table, self._counts = worker, table, counts
        self.hosts: dict[str, HostQueue] = {}
        self.outbox: list[Settled] = []
        self.beat: Beat | None = None
        self.stopping = False
        self.was_full = False
        self.error: BaseException | None = None
        self._server: str | None = None
        self._wished: set[str] = set()
        self._next_beat = 0.0
        self._away_since: float | None = None
        self._full_until = 0.0
        self._resync_at: float | None = None
        self._task: asyncio.Task[None] | None = None
        self._closing: asyncio.Task[None] | None = None
        self._moving: asyncio.Future[Any] | None = None
        self._wanted = asyncio.Event()

    # What the crawl calls

    def begin(self, scheduler: "SharedScheduler", spider: "NewsSpider", queue: LeasedQueue) -> None:
        """Start keeping, on the running loop."""
        self._scheduler, self._spider, self._queue = scheduler, spider, queue
        queue.worker, queue.lease_ms = self.worker.name, int(self.worker.lease * 1000)
        self._named = {key: site.hosts for key, site in spider.sites.items()}
        self._task = asyncio.get_running_loop().create_task(self._keep())

    async def end(self) -> None:
        """Settle what is stored and give everything back; without Redis the leases run out by themselves."""
        self.stopping = True
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
        with suppress(RedisAway, RedisFull, NewsmorgueError):
            while self.outbox:
                await self._settle()
        with suppress(RedisAway, RedisFull, NewsmorgueError):
            await asyncio.to_thread(self._queue.leave)

    def look(self) -> None:
        """Look soon: something may be to do."""
        if any(queue.wants_more() for queue in self.hosts.values()):
            self._wanted.set()

    def settled(self, host: HostQueue, visit: Settled) -> None:
        """A visit is stored, though not yet committed."""
        host.unsettled += 1
        self.outbox.append(visit)
        if len(self.outbox) >= SETTLED_AT_ONCE:
            self._wanted.set()

    @asynccontextmanager
    async def holding(self, request: Request) -> AsyncIterator[HostQueue]:
        """Hold the request's host while it is fetched. Raises ``Withdrawn`` when it went to another worker."""
        host = await self._held(request)
        host.using += 1
        try:
            yield host
        finally:
            host.using -= 1

    async def _held(self, request: Request) -> HostQueue:
        name, leased = self._host_of(request), request.meta.get("leased")
        until = time.monotonic() + self.worker.lease
        while True:
            host = self.hosts.get(name)
            if host is not None and host.is_held:
                if (early := self._early(host, request)) <= 0:
                    return host
                await asyncio.sleep(early)
                continue
            if self.stopping or (leased is not None and leased not in self.hosts):
                raise Withdrawn("its host went to another worker, or this one is to stop")
            if host is None:
                if time.monotonic() > until:
                    raise HostUnreachable(f"another worker is at {name}")
                self._wished.add(name)
                self._wanted.set()
            await asyncio.sleep(STEP / 2)

    def _early(self, host: HostQueue, request: Request) -> float:
        """By how many seconds it would come too soon: what waited here together must not go out together."""
        name, now = site_of(request.url), time.monotonic()
        pace = self._spider.hosts.known(request.url)
        early = host.sent.get(name, -1e9) + (pace.pace if pace is not None else 0.0) - now
        if early <= 0:
            host.sent[name] = now
        return early

    def _host_of(self, request: Request) -> str:
        entry = request.meta.get("entry")
        if entry is not None:
            return host_of(request.url, self._spider.sites.get(entry.site))
        sites = (self._spider.sites.get(name) for name in self.hosts)  # robots.txt
        return next(
            (site.key for site in sites if site is not None and site.covers(request.url)), host_of(request.url, None)
        )

    # The task

    async def _keep(self) -> None:
        pause = STEP
        while True:
            try:
                await self._step()
                self._back()
                pause = STEP
            except RedisAway as error:
                pause = self._away(error, pause)
            except asyncio.CancelledError:
                raise
            except BaseException as error:  # noqa: BLE001 - whatever it is ends the crawl, which raises it
                self.error = error
                self._finish("failed")
                return
            self._wanted.clear()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._wanted.wait() if pause == STEP else asyncio.Event().wait(), pause)

    async def _step(self) -> None:
        if (due := time.monotonic() >= self._next_beat) or self._away_since is not None:
            await self._recognise()
        await self._settle()
        if due:
            await self._beat()
        if self._wished:
            await self._claim_wished()
        await self._resync()
        for host in list(self.hosts.values()):
            await self._serve(host)
        self._wake()
        if self.beat is not None and self.beat.is_over and not (self.hosts or self.outbox or self._resync_at):
            self._finish("finished")

    def _away(self, error: RedisAway, pause: float) -> float:
        if self._away_since is None:
            self._away_since = time.monotonic()
            tell(f"Redis at {self.table.link} does not answer ({error}): waiting; nothing is lost")
        return min(max(pause * 2, 0.5), self._longest_pause)

    @property
    def _longest_pause(self) -> float:
        return min(LONGEST_PAUSE, self.worker.lease / 2)

    def _back(self) -> None:
        if self._away_since is not None:
            tell(f"Redis at {self.table.link} answers again, after {time.monotonic() - self._away_since:.0f} s")
            self._away_since = None

    def _finish(self, why: str) -> None:
        engine = self._scheduler_engine()
        if not self.stopping:
            self.stopping = True
            self._closing = asyncio.get_running_loop().create_task(engine.close_spider_async(reason=why))

    def _scheduler_engine(self) -> Any:
        return self._spider.crawler.engine

    async def _recognise(self) -> None:
        """See whether this is the server of before; one that was started anew may have forgotten things."""
        server = await asyncio.to_thread(self.table.link.check)
        if self._server not in (None, server):
            await self._restore()
        self._server = server

    async def _settle(self) -> None:
        """Commit the shard, then tell Redis what is done: never the other way round."""
        if not self.outbox or time.monotonic() < self._full_until:
            return
        self._spider.archive.commit()
        batch = self.outbox[:100]
        try:
            await asyncio.to_thread(self._queue.settle, batch)
        except RedisFull as error:
            batch = await self._settle_full(batch, error)
        told = {id(each) for each in batch}
        self.outbox = [each for each in self.outbox if id(each) not in told]
        for each in batch:
            host = self.hosts.get(each.lease.host)
            if host is not None and host.lease == each.lease:
                host.unsettled -= 1

    async def _settle_full(self, batch: list[Settled], error: RedisFull) -> list[Settled]:
        if not self.was_full:
            self.was_full = True
            tell(f"Redis at {self.table.link} is full ({error}): new addresses wait here; raise its maxmemory")
        self._full_until = time.monotonic() + 1.0
        batch = [each for each in self.outbox if not each.found]
        await asyncio.to_thread(self._queue.settle, batch, full=True)
        return batch

    async def _beat(self) -> None:
        sent = time.monotonic()
        held = [(host.lease, self._delay_of(host), self._rest_of(host)) for host in self.hosts.values()]
        told = json.dumps(self._told(), ensure_ascii=False)
        beat = self.beat = await asyncio.to_thread(self._queue.beat, told, held)
        lease = self.worker.lease
        self._next_beat = sent + min(BEATS, lease / 6)
        for lost in beat.lost:
            self._lose(lost)
        for kept, *_ in held:
            if (host := self.hosts.get(kept.host)) is not None:
                host.deadline = sent + lease - min(1.0, lease / 10)
        self._share_moves(beat)
        if (beat.number, beat.version) != (str(self.table.round.number), str(self.table.round.version)):
            await self._other_round(beat)
        elif not self.stopping:
            await self._claim(beat)

    async def _other_round(self, beat: Beat) -> None:
        if not beat.number:
            await self._restore()
            return
        for host in self.hosts.values():
            host.leaving = True
        if not self.hosts and not self.outbox:
            self._finish("seeded anew")

    async def _claim(self, beat: Beat) -> None:
        name, others = self.worker.name, beat.alive
        share = fair_share(beat.waiting + beat.leases, len(others), self.worker.most_hosts)
        mine = [host for host in self.hosts.values() if not host.leaving]
        by_rank = sorted(mine, key=lambda host: rank(host.lease.host, name, others))
        for host in by_rank[share:]:
            host.leaving = True
        room = share - len(mine)
        if room > 0 and beat.free and not beat.opens and len(self.outbox) < UNTOLD:
            liked = sorted(beat.free, key=lambda host: rank(host, name, others))
            await self._hold(liked[: 4 * room], room)

    async def _claim_wished(self) -> None:
        wished, self._wished = self._wished - self.hosts.keys(), set()
        if wished:
            for host in await self._hold(sorted(wished), len(wished), empty=True):
                host.wanted_until = time.monotonic() + FOREIGN_HOLD

    async def _hold(self, names: list[str], most: int, *, empty: bool = False) -> list[HostQueue]:
        sent = time.monotonic()
        delays = {name: self._usual_delay(name) for name in names}
        leases: list[Lease] = await asyncio.to_thread(self._queue.claim, delays, most, empty=empty)
        made = []
        for lease in leases:
            site = self._spider.sites.get(lease.host)
            width = concurrency_of(site) if site else PUBLIC_CONCURRENCY
            allowance = self.beat.allowances.get(lease.host) if self.beat else None
            deadline = sent + self.worker.lease - min(1.0, self.worker.lease / 10)
            host = self.hosts[lease.host] = HostQueue(lease, deadline, width, allowance, self._spider.hosts)
            self._scheduler.queues.append(host)
            made.append(host)
        return made

    def _lose(self, name: str) -> None:
        """Another worker holds the host: nothing more is asked of it here."""
        if (host := self.hosts.pop(name, None)) is not None:
            self._scheduler.queues.remove(host)

    async def _serve(self, host: HostQueue) -> None:
        """Take more of the host's queue, or give it back."""
        if host.wants_more() and len(self.outbox) < UNTOLD and not self.stopping:
            unsettled = not host.is_quiet
            members = await asyncio.to_thread(self._queue.take, host.lease, PORTION)
            for member in members:
                entry = self.table.to_fetch(from_member(member))
                if entry is None:
                    self.settled(host, Settled(host.lease, member))
                elif entry.url not in host.in_flight:
                    host.ready.append((entry, member))
            if members or unsettled or host.ready:
                return
        elif not (host.leaving or host.is_spent):
            return
        if host.is_quiet and host.lease.host in self.hosts:
            await self._give_back(host)

    async def _give_back(self, host: HostQueue) -> None:
        host.leaving = True
        if host.is_spent:
            await asyncio.to_thread(self.table.link.call, "drop", host.lease.host)
        held = [(host.lease, self._delay_of(host), self._rest_of(host))]
        self._lose(host.lease.host)
        await asyncio.to_thread(self._queue.beat, json.dumps(self._told()), held)
        await asyncio.to_thread(self._queue.release, [host.lease])
        self._next_beat = 0.0

    def _wake(self) -> None:
        """Tell the engine that there is something to fetch: of itself it looks again when an answer has come."""
        engine = self._scheduler_engine()
        if not self.stopping and engine.running and not engine.needs_backout():
            request = self._scheduler.next_request()
            if request is not None:
                engine.crawl(request)

    def _delay_of(self, host: HostQueue) -> int:
        """The delay that the downloader keeps to the host's names, in milliseconds."""
        return max(int(1000 * host.delay), self._usual_delay(host.lease.host))

    def _usual_delay(self, name: str) -> int:
        """What is kept to before the downloader knows better, in milliseconds."""
        site = self._spider.sites.get(name)
        address = site.url if site is not None else f"https://{name}/"
        return int(1000 * delay_of(site, urlsplit(address).hostname or ""))

    def _rest_of(self, host: HostQueue) -> int:
        return int(1000 * host.rest)

    def _told(self) -> dict[str, Any]:
        own = {"place": self.worker.place, "shard": self.worker.shard, "hosts": len(self.hosts)}
        return own | {"unsettled": len(self.outbox), "full": time.monotonic() < self._full_until} | self._counts()

    # What Redis may have forgotten, and what the others ought to know

    def _share_moves(self, beat: Beat) -> None:
        sites = self._spider.sites
        for key, told in beat.moved.items():
            if key in sites and not set(hosts := json.loads(told)) <= set(sites[key].hosts):
                sites[key] = moved(sites[key], hosts)
        for name in self.hosts:
            site = sites.get(name)
            if site is not None and len(site.hosts) > len(self._named.get(name, ())):
                self._named[name] = site.hosts
                words = ("HSET", f"{self.table.link.prefix}moved", name, json.dumps(site.hosts))
                self._moving = asyncio.get_running_loop().run_in_executor(None, self.table.link.command, *words)

    async def _restore(self) -> None:
        """Bring back what this worker knows of the round, first what is done, and after a while what is not."""
        current = self.table.round
        grace = 2 * self._longest_pause + min(BEATS, self.worker.lease / 6)  # by then all have told what is done
        words = [word for pair in current.entries.items() for word in pair]
        restored = await asyncio.to_thread(
            self.table.link.call, "restore", current.number, current.version, current.started,
            current.orders.to_json(), int(grace * 1000), *words,
        )  # fmt: skip
        if restored:
            tell(f"Redis at {self.table.link} had lost the frontier: it is made again from what the workers know")
        done = list(self.table.done_now())
        for place in range(0, len(done), 500):
            await asyncio.to_thread(
                self.table.link.command, "SADD", f"{self.table.link.prefix}dupefilter", *done[place : place + 500]
            )
        self._resync_at = time.monotonic() + grace / 2

    async def _resync(self) -> None:
        if self._resync_at is None or time.monotonic() < self._resync_at:
            return
        await asyncio.to_thread(self._queue.push_all, list(self.table.seeds()))
        await asyncio.to_thread(self._queue.push_all, list(self.table.found_now()))
        self._resync_at = None
        self._next_beat = 0.0
