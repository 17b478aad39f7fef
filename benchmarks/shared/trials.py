"""The trials of a shared crawl; each makes its own press, Redis server and workers, and ends them."""

import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from statistics import median

from benchmarks.shared.crew import Crew, content_of, gaps_of, handovers_of, overlaps_of, repeated
from benchmarks.shared.press import Asked, Press
from benchmarks.shared.redis_server import RedisServer
from scraper.discovery.found import Target
from scraper.frontier_table import Entry
from scraper.shared.dupefilter import digest_of
from scraper.shared.link import Link
from scraper.shared.queue import push_all
from scraper.shared.table import Wanted, to_member

LEASE = 4.0  # seconds, so that the work of those that are killed comes back soon
NOISE = 0.06  # seconds that may lie between sending and arriving on a busy machine
WORKERS = 4
MOST_REPEATED = 0.05
LONG = 4  # times the articles of the other trials, for speed: starting takes a worker a second or two
TURNS = 3  # of one worker and two: a machine that is shared is not always as fast


@dataclass(frozen=True)
class Size:
    hosts: int = 12
    articles: int = 2000
    delay: float = 0.2
    times: int = 20
    seed: int = 1


@dataclass
class Told:
    """One line of figures, and what is wrong."""

    line: str
    faults: list[str] = field(default_factory=list)


@contextmanager
def crewed(folder: Path, press: Press, *redis_options: str, **keys: object) -> Iterator[tuple[Crew, RedisServer]]:
    """A Redis server and a crew, seeded with the press."""
    with RedisServer(folder / "redis", *redis_options) as redis:
        crew = Crew(folder / "crew", redis.url, lease=f"{LEASE:g}s")
        crew.write_config(press.bases, **keys)
        crew.seed()
        try:
            yield crew, redis
        finally:
            crew.stop()


def alone(folder: Path, press: Press, **keys: object) -> tuple[str, int]:
    """What one crawl without Redis makes of the press."""
    crew = Crew(folder / "alone", "")
    crew.write_config(press.bases, **keys)
    crew.run("crawl", "--archive", "news.db", "--config", "newsmorgue.toml", "--quiet")
    press.forget()
    return content_of(folder / "alone" / "news.db")


def impolite(asked: list[Asked], delay: float) -> list[str]:
    """Gaps under the delay, and hosts that met two workers at once."""
    gaps = gaps_of(asked)
    least = min((min(each) for each in gaps.values() if each), default=delay)
    faults = [f"a gap of {least:.3f} s under a delay of {delay} s"] if least < delay - NOISE else []
    met = overlaps_of(asked, delay)
    return faults + [f"{first.host} met {first.process} and {second.process} at once" for first, second in met[:5]]


def least_handover(asked: list[Asked]) -> float:
    """The least time between the requests of two workers to one host."""
    return min((second.when - first.when for first, second in overlaps_of(asked, 1e9)), default=0.0)


def compare(crew: Crew, wanted: tuple[str, int]) -> list[str]:
    found = content_of(crew.merge())
    return [] if found == wanted else [f"{found[1]} versions, {wanted[1]} wanted; digests {found[0]}, {wanted[0]}"]


def same(folder: Path, size: Size, workers: int = WORKERS) -> Told:
    """The merged shards of several workers against one crawl without Redis."""
    with Press(folder / "press", size.hosts, size.articles) as press:
        wanted = alone(folder, press)
        with crewed(folder, press, delay=size.delay) as (crew, _):
            started = time.monotonic()
            crew.finish([crew.start(f"w{number}") for number in range(workers)])
            seconds = time.monotonic() - started
            asked = press.asked()
            faults = compare(crew, wanted) + impolite(asked, size.delay)
            errors = crew.errors()
    least = min(min(each) for each in gaps_of(asked).values())
    line = (
        f"{workers} workers, {size.hosts} hosts, {wanted[1]} articles in {seconds:.0f} s, {len(asked)} requests, "
        f"{repeated(asked)} repeated, {handovers_of(asked)[0]} hosts handed over, least gap {least:.3f} s, "
        f"{least_handover(asked):.3f} s at a hand-over"
    )
    return Told(line, faults + errors.splitlines())


def kills(folder: Path, size: Size, workers: int = WORKERS) -> Told:
    """``kill -9`` of a random worker, again and again; half of them come back under their name, half under another."""
    chance = Random(size.seed)
    with Press(folder / "press", size.hosts, size.articles) as press:
        wanted = alone(folder, press)
        with crewed(folder, press, delay=size.delay) as (crew, _):
            crowd = [crew.start(f"w{number}") for number in range(workers)]
            names, killed = [f"w{number}" for number in range(workers)], 0
            spell = size.articles * size.delay / size.hosts / max(size.times, 1)
            while killed < size.times:
                time.sleep(chance.uniform(0.5, 1.5) * max(spell, 0.6))
                place = chance.randrange(workers)
                if all(worker.poll() is not None for worker in crowd):
                    break
                if crowd[place].poll() is None:
                    crowd[place].kill()
                    crowd[place].wait()
                    killed += 1
                names[place] = names[place] if chance.random() < 0.5 else f"w{place}-{killed}"
                crowd[place] = crew.start(names[place])
            crew.finish(crowd)
            asked = press.asked()
            faults = compare(crew, wanted) + impolite(asked, size.delay)
            state = crew.state()[0]
    twice = repeated(asked)
    if killed < size.times:
        faults.append(f"only {killed} kills before the end")
    if twice > MOST_REPEATED * wanted[1]:
        faults.append(f"{twice} of {wanted[1]} fetched twice")
    line = (
        f"{killed} workers killed, {wanted[1]} articles, 0 lost" if not faults else f"{killed} workers killed"
    ) + f", {twice} fetched twice ({twice / wanted[1]:.1%}), {state['given_back']} given back"
    return Told(line, faults)


def restart(folder: Path, size: Size, workers: int = 2) -> Told:
    """Redis ended in the middle, once with a journal (AOF), once without: then it has forgotten everything."""
    faults, lines = [], []
    with Press(folder / "press", size.hosts, size.articles) as press:
        wanted = alone(folder, press)
        for name, options in (("with a journal", ("--appendonly", "yes")), ("forgetful", ())):
            press.forget()
            with crewed(folder / name, press, *options, delay=size.delay) as (crew, redis):
                crowd = [crew.start(f"w{number}") for number in range(workers)]
                await_visits(press, size.articles // 3)
                redis.stop()
                time.sleep(2 * LEASE)
                redis.start()
                crew.finish(crowd)
                asked = press.asked()
                faults += [f"{name}: {each}" for each in compare(crew, wanted) + impolite(asked, size.delay)]
                faults += [f"{name}: exit {worker.returncode}" for worker in crowd if worker.returncode]
                if "answers again" not in crew.errors():
                    faults.append(f"{name}: nobody noticed")
                lines.append(f"{name}, {repeated(asked)} of {len(asked)} fetched twice")
    return Told("; ".join(lines), faults)


def await_visits(press: Press, count: int, seconds: float = 120) -> None:
    """Wait until the press was asked so often."""
    end = time.monotonic() + seconds
    while len(press.asked()) < count:
        if time.monotonic() > end:
            raise TimeoutError(f"{len(press.asked())} of {count} requests")
        time.sleep(0.1)


def speed(folder: Path, size: Size) -> Told:
    """Pages a second of one worker and of two in turn, without delays, and the processor time that a page takes."""
    rates: dict[int, list[float]] = {1: [], 2: []}
    costs: dict[int, list[float]] = {1: [], 2: []}
    with Press(folder / "press", size.hosts, LONG * size.articles) as press:
        for turn in range(TURNS):
            for workers in (1, 2):
                press.forget()
                with crewed(folder / f"{turn}-{workers}", press, delay=0) as (crew, _):
                    before = resource.getrusage(resource.RUSAGE_CHILDREN)
                    crew.finish([crew.start(f"w{number}") for number in range(workers)])
                    after = resource.getrusage(resource.RUSAGE_CHILDREN)
                asked = press.asked()
                rates[workers].append(len(asked) / (asked[-1].when - asked[0].when))
                used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
                costs[workers].append(1000 * used / len(asked))
    ratios = [two / one for one, two in zip(rates[1], rates[2], strict=True)]
    line = (
        f"{LONG * size.articles} articles: one worker {median(rates[1]):.0f} pages/s, two {median(rates[2]):.0f}: "
        f"× {median(ratios):.2f} ({', '.join(f'{ratio:.2f}' for ratio in ratios)}); processor time a page "
        f"{median(costs[1]):.1f} ms and {median(costs[2]):.1f} ms (start and learning included)"
    )
    return Told(line)


def memory(folder: Path, _: Size) -> Told:
    """Bytes that Redis takes for an address that waits, and for one that is done."""
    count, hosts = 100_000, 200
    with RedisServer(folder / "redis") as redis:
        link = Link(redis.url)
        empty = link.client.info("memory")["used_memory"]
        wanted = []
        for number in range(count):
            host = f"paper-{number % hosts}.example"
            path = f"politics/2026/01/{number % 28 + 1:02}/what-the-council-said-of-the-harbour-{number}"
            url = f"https://www.{host}/{path}"
            entry = Entry(url, host, Target.ARTICLE, "sitemap", f"https://www.{host}/sitemaps/news.xml", 1)
            wanted.append(Wanted(host, digest_of(url), 70, to_member(entry)))
        started = time.perf_counter()
        push_all(link, wanted)
        seconds = time.perf_counter() - started
        full = link.client.info("memory")["used_memory"]
        for number in range(hosts):
            link.command("DEL", f"{link.prefix}requests:paper-{number}.example")
        done = link.client.info("memory")["used_memory"]
        link.close()
    line = (
        f"{(full - empty) / count:.0f} bytes an address that waits, {(done - empty) / count:.0f} one that is done; "
        f"{count / seconds:,.0f} addresses fed a second"
    )
    return Told(line)
