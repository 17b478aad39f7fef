"""One article, whatever address it was met under."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from archive.errors import UsageError
from archive.identity import article_id_of
from archive.records import Outcome, UrlVariant, Visit
from archive.store import Archive

URL = "https://tidewater.example/news/harbour-books"
DAY = "2026-01-{:02}T00:00:00.000Z".format


def asked(visit: Visit, url: str, *, landed: str | None = None) -> Visit:
    """``visit`` as if it had asked for ``url`` and been led to ``landed``."""
    return replace(visit, capture=replace(visit.capture, url=url, final_url=landed))


def kinds(archive: Archive) -> dict[str, str]:
    return dict(archive.connection.execute("SELECT url, kind FROM urls").fetchall())


def test_the_id_is_that_of_the_canonical_address(archive: Archive, seen: Callable[..., Visit]) -> None:
    stored = archive.record(asked(seen(), URL + "?utm_source=feed"))
    assert stored.article_id == article_id_of(URL) == article_id_of("http://www.tidewater.example/news/harbour-books/")


@pytest.mark.parametrize(
    "ref",
    [
        URL,
        URL + "/",
        "http://www.tidewater.example/news/harbour-books/index.html",
        "tidewater.example/news/harbour-books",
        URL + "?utm_campaign=x&fbclid=1#comments",
        "HTTPS://TIDEWATER.example:443/news/harbour-books",
        "https://tidewater.example/amp/harbour-books",
        "https://tdw.example/s/1",
    ],
)
def test_any_variant_names_it(archive: Archive, seen: Callable[..., Visit], ref: str) -> None:
    amp = UrlVariant("https://tidewater.example/amp/harbour-books", "amp")
    stored = archive.record(asked(seen(variants=(amp,)), "https://tdw.example/s/1", landed=URL))
    assert archive.article(ref)["id"] == stored.article_id
    assert archive.article(f"  {ref} ")["id"] == stored.article_id


def test_an_id_or_the_start_of_one_names_it(archive: Archive, seen: Callable[..., Visit]) -> None:
    first = archive.record(seen()).article_id or ""
    assert archive.article(first)["url"] == archive.article(first[:6])["url"] == URL
    for number in range(300):
        url = f"https://tidewater.example/{number}"
        archive.record(asked(seen(url=url), url))
    starts = [row["id"][:4] for row in archive.articles()]
    ambiguous = archive.connection.execute("SELECT substr(id, 1, 1) FROM articles LIMIT 1").fetchone()[0]
    assert len(starts) == 301
    with pytest.raises(UsageError, match="no article"):
        archive.article(ambiguous)  # too short to be meant as an id
    with pytest.raises(UsageError, match="no article"):
        archive.article("https://elsewhere.example/")


def test_a_start_of_several_ids(archive: Archive, seen: Callable[..., Visit]) -> None:
    archive.record(seen())
    archive.connection.execute("PRAGMA foreign_keys = off")
    for end in "12":
        archive.connection.execute(
            "INSERT INTO articles (id, url, site, words, kind, confidence, first_seen_at, last_seen_at, versions) "
            "VALUES ('abcdef' || ?, 'u', 's', 0, 'article', 1, '', '', 0)",
            (end,),
        )
    with pytest.raises(UsageError, match="several ids: abcdef1, abcdef2"):
        archive.article("abcdef")


def test_a_moved_canonical_keeps_one_article(archive: Archive, seen: Callable[..., Visit]) -> None:
    first = archive.record(seen(DAY(1)))
    moved = archive.record(seen(DAY(2), url="https://tidewater.example/2026/harbour"))
    assert moved.article_id == first.article_id
    assert archive.article("https://tidewater.example/2026/harbour")["id"] == first.article_id
    later = asked(seen(DAY(3), url=None), "https://tidewater.example/2026/harbour")
    assert archive.record(later).article_id == first.article_id


def test_an_article_that_now_leads_to_a_new_address_stays_one(archive: Archive, seen: Callable[..., Visit]) -> None:
    first = archive.record(seen(DAY(1)))
    new = "https://tidewater.example/news/harbour-office-books"
    assert archive.record(asked(seen(DAY(2), url=new), URL, landed=new)).article_id == first.article_id


def test_an_address_that_leads_elsewhere_each_day_joins_nothing(archive: Archive, seen: Callable[..., Visit]) -> None:
    latest = "https://tidewater.example/latest"
    ids = []
    for number in (1, 2):
        url = f"https://tidewater.example/story-{number}"
        ids.append(archive.record(asked(seen(DAY(number), url=url), latest, landed=url)).article_id)
    assert len(set(ids)) == 2
    assert archive.article(latest)["id"] == ids[1]
    gone = Visit(
        capture=replace(seen(DAY(3)).capture, url=latest, outcome=Outcome.GONE, status=404), outcome=Outcome.GONE
    )
    archive.record(gone)
    assert archive.article(latest)["gone_at"] is None


def test_a_claim_to_anothers_address_is_not_believed(archive: Archive, seen: Callable[..., Visit]) -> None:
    first = archive.record(seen())
    other = "https://tidewater.example/other"
    second = archive.record(asked(seen(DAY(2), url=other, variants=(UrlVariant(URL, "amp"),)), other))
    assert first.article_id == archive.article(URL)["id"]
    # the page names the first article's address as its own AMP page: known there, so it is that article
    assert second.article_id == first.article_id


def test_the_best_kind_of_an_address_is_kept(archive: Archive, seen: Callable[..., Visit]) -> None:
    short = "https://tdw.example/s/1"
    archive.record(asked(seen(DAY(1)), short, landed=URL))
    assert kinds(archive) == {URL: "canonical", short: "redirect"}
    archive.record(seen(DAY(2), variants=(UrlVariant(short, "short"),)))
    archive.record(seen(DAY(3)))
    assert kinds(archive) == {URL: "canonical", short: "short"}


def test_a_page_that_names_no_canonical_is_its_own(archive: Archive, seen: Callable[..., Visit]) -> None:
    stored = archive.record(asked(seen(url=None), "http://tidewater.example/a", landed="https://tidewater.example/a"))
    article = archive.article(stored.article_id or "")
    assert (article["url"], article["site"]) == ("https://tidewater.example/a", "tidewater.example")
