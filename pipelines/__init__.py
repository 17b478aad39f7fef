"""What happens between a page and the archive: ``STAGES``, in order, are Scrapy item pipelines.

Every source of pages (the live web, WARC files, saved HTML, the archive itself) passes ``Visit`` records
through the same stages. A stage is a class with ``process_item(visit) -> visit``; what it does to the article is
a pure function of the same module.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Protocol

from archive.records import Visit
from pipelines.canonicalise import Canonicalise
from pipelines.learn_site_lines import KnowsSites, LearnSiteLines
from pipelines.normalise_text import NormaliseText
from pipelines.require_substance import RequireSubstance
from pipelines.site_rules import RulesOf
from pipelines.store import Store
from pipelines.strip_lines import StripLines

if TYPE_CHECKING:
    from archive.store import Archive

STAGES = (NormaliseText, StripLines, Canonicalise, RequireSubstance, LearnSiteLines, Store)


class Stage(Protocol):
    """One step of the pipeline."""

    def process_item(self, item: Visit) -> Visit:
        """Pass ``item`` on, changed or not."""
        ...


def item_pipelines() -> dict[str, int]:
    """``STAGES`` in the form of Scrapy's setting ``ITEM_PIPELINES``."""
    return {f"{stage.__module__}.{stage.__qualname__}": 100 * place for place, stage in enumerate(STAGES, 1)}


def cleaning_stages(rules: RulesOf | None = None, sites: KnowsSites | None = None) -> list[Stage]:
    """The stages before the archive; ``rules`` are those that ``newsmorgue.toml`` has, by site.

    ``sites`` is what knows the lines that sites have taught, such as an archive; without it there are none.
    """
    return [NormaliseText(), StripLines(rules), Canonicalise(), RequireSubstance(), LearnSiteLines(sites)]


def build_stages(archive: Archive, rules: RulesOf | None = None) -> list[Stage]:
    """All stages, for sources that Scrapy does not drive."""
    return [*cleaning_stages(rules, archive), Store(archive)]


def run_stages(stages: Iterable[Stage], visit: Visit) -> Visit:
    """``visit`` after every stage, in order."""
    for stage in stages:
        visit = stage.process_item(visit)
    return visit
