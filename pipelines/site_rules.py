"""What a site's entry in ``newsmorgue.toml`` says of reading its pages: plain data, a part of every reading."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass

DIGEST = 12  # hex digits


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """How pages are read that were fetched before ``until`` (a day), or all that no dated rules are for.

    ``fields`` are pairs of a field's name and a selector; ``strip`` are selectors of what is no part of the story;
    ``strip_lines`` regular expressions of lines that are none. A selector is CSS, or XPath if it begins with ``/``,
    ``(`` or ``./``.
    """

    fields: tuple[tuple[str, str], ...] = ()
    strip: tuple[str, ...] = ()
    strip_lines: tuple[str, ...] = ()
    until: str | None = None


@dataclass(frozen=True, slots=True)
class SiteRules:
    """The rules of one site; ``dated`` in the order of their days."""

    current: Rules = Rules()
    dated: tuple[Rules, ...] = ()

    def at(self, moment: str) -> Rules:
        """The rules for a page that was fetched at ``moment``, in ISO 8601."""
        return next((rules for rules in self.dated if rules.until and moment[:10] < rules.until), self.current)

    def __bool__(self) -> bool:
        """Whether they say anything."""
        return self != SiteRules()

    @property
    def digest(self) -> str:
        """A short digest, noted with the readings that the rules had a part in."""
        told = json.dumps(asdict(self), ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(told.encode()).hexdigest()[:DIGEST]


RulesOf = Mapping[str, SiteRules]  # by site, as the archive names it
NO_RULES: RulesOf = {}


def lines_only(strip_lines: Mapping[str, tuple[str, ...]]) -> dict[str, SiteRules]:
    """Rules that are patterns of lines alone, by site."""
    return {site: SiteRules(Rules(strip_lines=tuple(patterns))) for site, patterns in strip_lines.items()}
