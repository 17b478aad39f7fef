"""What stands in Redis, counted: the frontier, the leases and the workers."""

import json
from dataclasses import dataclass
from typing import Any

from scraper.shared.link import Link


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """Rows for people and for JSON; ages and times left in seconds."""

    frontier: dict[str, Any]
    workers: tuple[dict[str, Any], ...]
    leases: tuple[dict[str, Any], ...]


def _pairs(words: list[bytes]) -> dict[str, str]:
    return {key.decode(): value.decode() for key, value in zip(words[::2], words[1::2], strict=True)}


def status(link: Link) -> Status:
    """The state of the shared crawl. Raises ``RedisAway``."""
    told, counts, free, waiting, known, sites, leases, workers, _ = link.call("status")
    about, numbers = _pairs(told), _pairs(counts)
    held = tuple(_lease(*each) for each in leases)
    alive = tuple(sorted((_worker(*each) for each in workers), key=lambda row: row["worker"]))
    memory: Any = link.client.info("memory")
    frontier = {
        "round": int(about.get("number", 0)),
        "started_at": about.get("started"),
        "sites": sites,
        "waiting": waiting,
        "taken": sum(row["taken"] for row in held),
        "done": int(numbers.get("done", 0)),
        "known": known,
        "given_back": int(numbers.get("returned", 0)),
        "hosts_free": free,
        "hosts_leased": len(held),
        "workers": len(alive),
        "rate": round(sum(row["rate"] for row in alive), 2),
        "memory_bytes": memory.get("used_memory"),
        "memory_limit": memory.get("maxmemory") or None,
    }
    return Status(frontier=frontier, workers=alive, leases=held)


def _lease(host: bytes, holder: bytes, left: bytes, taken: int, waiting: int, delay: bytes) -> dict[str, Any]:
    return {
        "host": host.decode(),
        "worker": holder.decode().partition(" ")[2],
        "expires_in": int(left) / 1000,
        "taken": taken,
        "waiting": waiting,
        "delay": int(delay) / 1000,
    }


def _worker(name: bytes, left: bytes, told: bytes) -> dict[str, Any]:
    about = json.loads(told)
    kept = {key: about.get(key) for key in ("place", "shard", "hosts", "visits", "articles", "unsettled", "full")}
    return {"worker": name.decode(), **kept, "rate": float(about.get("rate") or 0), "expires_in": int(left) / 1000}
