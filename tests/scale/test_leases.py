"""Hosts and what is taken of them: one holder at a time, and nothing lost whatever becomes of the holder."""

import time
from random import Random

import pytest

from scraper.discovery.found import Target
from scraper.frontier_table import Entry
from scraper.shared.dupefilter import digest_of
from scraper.shared.hosts import fair_share, rank
from scraper.shared.link import RedisFull
from scraper.shared.queue import Settled
from scraper.shared.status import status
from scraper.shared.table import Wanted, from_member, to_member

HOST = "ledger.example"


def address(number: int, host: str = HOST, priority: int = 70) -> Wanted:
    url = f"https://{host}/2026/01/{number}"
    return Wanted(host, digest_of(url), priority, to_member(Entry(url, host, Target.ARTICLE, "feed", None, 1)))


def await_that(condition, seconds=5.0):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_an_entry_goes_there_and_back():
    entry = Entry("https://x.example/ü?a=1", "x.example", Target.PAGINATION, "section", "https://x.example/", 3)
    assert from_member(to_member(entry)) == entry


def test_a_host_belongs_to_one_worker(hire):
    first, second = hire("a"), hire("b")
    assert first.push_all([address(1), address(2), address(1)]) == 2
    (lease,) = first.claim({HOST: 0}, 5)
    assert second.claim({HOST: 0}, 5) == []
    assert second.take(lease, 5) == ()
    assert len(first.take(lease, 5)) == 2


def test_the_urgent_comes_first_and_then_what_was_found_first(hire):
    queue = hire("a")
    queue.push_all([address(1), address(2), address(3, priority=90), address(4, priority=30)])
    (lease,) = queue.claim({HOST: 0}, 1)
    taken = [from_member(member).url[-1] for member in queue.take(lease, 9)]
    assert taken == ["3", "1", "2", "4"]


def test_what_a_dead_worker_had_taken_comes_back_when_its_lease_is_over(hire, link):
    dead, living = hire("dead", lease=0.3), hire("living")
    dead.push_all([address(number) for number in range(5)])
    (lease,) = dead.claim({HOST: 0}, 1)
    assert len(dead.take(lease, 3)) == 3
    assert living.beat("{}", []).free == ()
    await_that(lambda: living.beat("{}", []).free == (HOST,))
    (later,) = living.claim({HOST: 0}, 1)
    assert int(later.token) > int(lease.token)
    assert len(living.take(later, 9)) == 5
    assert dead.beat("{}", [(lease, 0, 0)]).lost == {HOST}
    assert status(link).frontier["given_back"] == 3


def test_a_worker_of_the_same_name_gives_back_at_once_what_the_last_one_held(hire):
    queue = hire("a")
    queue.push_all([address(1)])
    (lease,) = queue.claim({HOST: 0}, 1)
    queue.take(lease, 1)
    assert hire("b").rejoin() == 0
    assert hire("a").rejoin() == 1
    assert len(hire("b").claim({HOST: 0}, 1)) == 1


def test_a_renewed_lease_stays(hire):
    queue, other = hire("a", lease=0.4), hire("b")
    queue.push_all([address(1)])
    (lease,) = queue.claim({HOST: 0}, 1)
    end = time.monotonic() + 1.0
    while time.monotonic() < end:
        assert queue.beat("{}", [(lease, 0, 0)]).lost == frozenset()
        assert other.claim({HOST: 0}, 1) == []
        time.sleep(0.1)


def test_the_next_holder_waits_for_the_delay_and_for_retry_after(hire):
    queue = hire("a")
    queue.push_all([address(1), address(2, "tide.example")])
    for host, delay, until in ((HOST, 400, 0), ("tide.example", 0, 700)):
        (lease,) = queue.claim({host: 0}, 1)
        queue.beat("{}", [(lease, delay, until)])
        queue.release([lease])
    released = time.monotonic()
    assert queue.claim({HOST: 0, "tide.example": 0}, 2) == []
    await_that(lambda: queue.claim({HOST: 0}, 1))
    assert time.monotonic() - released >= 0.35
    await_that(lambda: queue.claim({"tide.example": 0}, 1))
    assert time.monotonic() - released >= 0.6


def test_the_usual_delay_holds_even_if_the_holder_dies_before_it_told_anything(hire):
    hire("a").push_all([address(1)])
    hire("a").claim({HOST: 500}, 1)
    released = time.monotonic()
    hire("a").rejoin()
    await_that(lambda: hire("b").claim({HOST: 500}, 1))
    assert time.monotonic() - released >= 0.45


def test_what_is_settled_is_gone_and_what_it_led_to_is_there(hire, link):
    queue = hire("a")
    queue.push_all([address(1)])
    (lease,) = queue.claim({HOST: 0}, 1)
    (member,) = queue.take(lease, 1)
    visit = Settled(lease, member, found=(address(2), address(3, "tide.example"), address(1)))
    queue.settle([visit])
    queue.settle([visit])  # its answer may have been lost
    queue.release([lease])
    told = status(link).frontier
    assert (told["done"], told["waiting"], told["known"], told["hosts_free"]) == (1, 2, 3, 2)


def test_a_visit_that_was_stored_by_a_worker_that_lost_the_host_is_not_repeated(hire, link):
    slow, quick = hire("slow", lease=0.2), hire("quick")
    slow.push_all([address(1)])
    (lease,) = slow.claim({HOST: 0}, 1)
    (member,) = slow.take(lease, 1)
    await_that(lambda: quick.beat("{}", []).free)
    slow.settle([Settled(lease, member)])
    assert quick.claim({HOST: 0}, 1) == []
    assert status(link).frontier["waiting"] == 0


def test_an_allowance_is_used_up_once_for_each_article(hire, link):
    queue = hire("a")
    link.call("seed", "2026-01-01", "{}", 1000, HOST, "", 3)
    queue.push_all([address(1)])
    (lease,) = queue.claim({HOST: 0}, 1)
    (member,) = queue.take(lease, 1)
    for _ in range(2):
        queue.settle([Settled(lease, member, counted=HOST)])
    assert queue.beat("{}", []).allowances == {HOST: 2}


@pytest.mark.parametrize("seed", range(5))
def test_nothing_is_ever_lost_or_there_twice(hire, link, seed):
    """Workers do what they do in any order, and die: each address is waiting, taken or done."""
    chance, hosts = Random(seed), ["a.example", "b.example", "c.example"]
    workers = {name: hire(name) for name in "xyz"}
    leases, taken, pushed, done = {}, {}, set(), set()
    for number in range(250):
        name = chance.choice("xyz")
        queue = workers[name]
        step = chance.choice(("push", "claim", "take", "take", "settle", "settle", "release", "die"))
        mine = [lease for host, (holder, lease) in leases.items() if holder == name]
        if step == "push":
            each = address(chance.randrange(120), chance.choice(hosts))
            queue.push_all([each])
            pushed.add(each.member)
        elif step == "claim":
            for lease in queue.claim(dict.fromkeys(hosts, 0), 1):
                assert lease.host not in leases
                leases[lease.host] = name, lease
        elif step == "take" and mine:
            lease = chance.choice(mine)
            for member in queue.take(lease, 3):
                assert member not in taken
                assert member not in done
                taken[member] = lease
        elif step == "settle" and (held := [member for member, lease in taken.items() if lease in mine]):
            member = chance.choice(held)
            queue.settle([Settled(taken.pop(member), member)])
            done.add(member)
        elif step in ("release", "die") and mine:
            gone = mine if step == "die" else mine[:1]
            workers[name].rejoin() if step == "die" else queue.release(gone)
            for lease in gone:
                del leases[lease.host]
                taken = {member: held for member, held in taken.items() if held != lease}
        told = status(link).frontier
        assert told["waiting"] + told["taken"] + told["done"] == len(pushed), (number, step)
        assert told["done"] == len(done)


def test_a_full_redis_refuses_addresses_and_still_lets_go_of_them(server, hire, link):
    queue = hire("a")
    queue.push_all([address(number) for number in range(3)])
    (lease,) = queue.claim({HOST: 0}, 1)
    members = queue.take(lease, 3)
    link.client.config_set("maxmemory", "1mb")
    try:
        with pytest.raises(RedisFull):
            queue.settle([Settled(lease, members[0], found=(address(9),))])
        with pytest.raises(RedisFull):
            queue.push_all([address(8)])
        queue.settle([Settled(lease, members[1])], full=True)
        assert queue.beat("{}", [(lease, 0, 0)]).lost == frozenset()
        queue.release([lease])
        assert status(link).frontier["waiting"] == 2
    finally:
        link.client.config_set("maxmemory", "0")


def test_hosts_prefer_the_same_workers_and_few_move_when_one_leaves():
    alive = [f"w{number}" for number in range(5)]
    hosts = [f"paper-{number}.example" for number in range(300)]
    first = {host: min(alive, key=lambda name: rank(host, name, alive)) for host in hosts}
    fewer = alive[:-1]
    moved = [host for host in hosts if min(fewer, key=lambda name: rank(host, name, fewer)) != first[host]]
    assert {first[host] for host in moved} == {"w4"}
    assert all(30 < list(first.values()).count(name) < 90 for name in alive)


def test_everybody_gets_a_fair_share():
    assert [fair_share(12, alive, 32) for alive in (1, 2, 4, 5, 20)] == [12, 6, 3, 3, 1]
    assert fair_share(100_000, 4, 32) == 32
