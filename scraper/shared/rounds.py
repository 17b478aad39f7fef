"""A round: from feeding the frontier until it is empty. What it is to do stands in Redis, so workers need no file."""

import json
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Self

import tomlkit

from archive.urls import site_of
from scraper.shared.link import Link
from scraper.sites import SHARED_KEYS, Config, Site, parse_config


@dataclass(frozen=True, slots=True, kw_only=True)
class Orders:
    """What was said with ``--seed``. ``since`` and ``full`` are as in ``scraper.crawl.Plan``."""

    since: str | None = None
    full: bool = False

    def to_json(self) -> str:
        """As it stands in Redis."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str | bytes) -> Self:
        """The reverse; what a newer newsmorgue may have added is left out."""
        known = {name: value for name, value in json.loads(text).items() if name in cls.__dataclass_fields__}
        return cls(**known)


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """``started`` is ISO 8601; ``entries`` are the sites' own small configurations (TOML), by key.

    ``version`` grows whenever sites are added.
    """

    number: int
    version: int
    started: str
    orders: Orders
    entries: Mapping[str, str] = field(default_factory=dict)

    def sites(self) -> tuple[Site, ...]:
        """The sites, each with its key as it was seeded."""
        return tuple(site_of_entry(text) for text in self.entries.values())


def load_round(link: Link) -> Round | None:
    """The round that stands in Redis, if there is one."""
    told = _decoded(link.command("HGETALL", f"{link.prefix}round"))
    if "number" not in told:
        return None
    return Round(
        number=int(told["number"]),
        version=int(told.get("version", 0)),
        started=told["started"],
        orders=Orders.from_json(told["plan"]),
        entries=_decoded(link.command("HGETALL", f"{link.prefix}sites")),
    )


def _decoded(mapping: Any) -> dict[str, str]:
    """What ``HGETALL`` gives, as text."""
    pairs = mapping.items() if isinstance(mapping, dict) else zip(mapping[::2], mapping[1::2], strict=True)
    return {key.decode(): value.decode() for key, value in pairs}


def entries_of(config: Config | None, sites: Iterable[Site]) -> Iterator[tuple[Site, str]]:
    """Each site with a configuration of its own, in TOML: its table of the file and the keys that all sites share."""
    document = tomllib.loads(Path(config.path).read_text(encoding="utf-8")) if config else {}
    shared = {key: value for key, value in document.items() if key in SHARED_KEYS}
    tables = document.get("site", [])
    places = {site.name: place for place, site in enumerate(config.sites)} if config else {}
    for site in sites:
        place = places.get(site.name)
        known = config is not None and place is not None and config.sites[place] == site
        whole = (
            {**shared, "site": [tables[place]]}
            if known and place is not None
            else {**shared, "site": [{"url": site.url}]}
        )
        yield site, tomlkit.dumps(whole)


def site_of_entry(text: str) -> Site:
    """The site that ``entries_of`` wrote down."""
    (site,) = parse_config(text, "the seeded site").sites
    return site


def moved(site: Site, hosts: Iterable[str]) -> Site:
    """``site``, and the hosts that it turned out to have moved to."""
    return replace(site, hosts=tuple(dict.fromkeys((*site.hosts, *hosts))))


def host_of(url: str, site: Site | None) -> str:
    """What is leased to fetch ``url``: the whole site where it lies on it, else its own host."""
    return site.key if site is not None and site.covers(url) else site_of(url)
