"""Invented articles as visits that were read already, and archives of them, to measure merging and verifying on."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from random import Random

from archive.records import Article, ArticleKind, Block, BlockKind, Capture, Link, Outcome, Removal, RemovalKind, Visit
from archive.store import Archive
from archive.urls import site_of
from benchmarks.invented_press import InventedSite, Story
from pipelines.site_marks import mark_article
from scraper.observe import read_by
from scraper.settle import settle


def article_of(site: InventedSite, story: Story) -> Article:
    """What reading the story's page would give, in the main."""
    return Article(
        url=f"https://{site.host}{story.path}",
        site=site_of(f"https://{site.host}"),
        headline=story.headline,
        standfirst=story.standfirst,
        section=story.section,
        authors=(story.author,),
        published_at=story.published_at,
        modified_at=story.modified_at,
        language="en",
        kind=ArticleKind.ARTICLE,
        confidence=0.9,
        blocks=tuple(Block(BlockKind.PARAGRAPH, text) for text in story.paragraphs),
        removals=(Removal(RemovalKind.BYLINE, "byline", f"By {story.author}", 2, "main/article/p"),),
        links=(Link(f"https://{site.host}/by/{story.author.replace(' ', '-')}", story.author),),
    )


def visits_of(site: InventedSite, numbers: Iterable[int], *, revisions: int = 1, minute: int = 0) -> Iterator[Visit]:
    """Visits to some of a site's articles, every revision of one after the other; ``minute`` tells crawls apart."""
    for revision in range(revisions):
        for number in numbers:
            story = site.story(number, revision)
            when = (
                f"2026-{1 + revision:02}-{1 + number // 24 % 28:02}T{number % 24:02}:{minute:02}:00.{number % 1000:03}Z"
            )
            body = site.page(number, revision)
            url = f"https://{site.host}{story.path}"
            capture = Capture(url=url, fetched_at=when, outcome=Outcome.FETCHED, status=200, content_type="text/html")
            yield Visit(capture=capture, body=body, article=article_of(site, story), outcome=Outcome.ARTICLE)


def small_visits_of(
    site: InventedSite, numbers: Iterable[int], *, revisions: int = 1, minute: int = 0
) -> Iterator[Visit]:
    """The same for any number of articles, whose pages are a few kilobytes: with what the stage of learning notes."""
    for revision in range(revisions):
        for number in numbers:
            chance = Random(f"{site.seed} {number}")
            story = site.tell(chance, number)
            if revision:
                story = replace(story, paragraphs=(*story.paragraphs, site.vocabulary.sentence(chance)))
            article = article_of(site, story)
            body = f"<title>{story.headline}</title>{site.menu[:3000]}<p>{'<p>'.join(story.paragraphs)}".encode()
            day, hour = number // 24 % 28, number % 24
            when = f"2026-{1 + revision:02}-{1 + day:02}T{hour:02}:{minute:02}:00.{number % 1000:03}Z"
            capture = Capture(url=article.url or "", fetched_at=when, outcome=Outcome.FETCHED, content_type="text/html")
            marks = mark_article(article).pack()
            yield Visit(capture=capture, body=body, article=article, outcome=Outcome.ARTICLE, marks=marks)


def build_shard(path: Path, visits: Iterable[Visit]) -> int:
    """An archive of these visits; how many there were."""
    with Archive.open(path, write=True, create=True) as archive:
        archive.reader = read_by()
        archive.begin_run("benchmark")
        count = sum(1 for visit in visits if archive.record(visit))
        archive.commit()
        settle(archive)
        archive.end_run({}, 0)
    return count
