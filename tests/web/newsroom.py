"""Three invented papers over a month: everything that the pages can show, for tests and for pictures of them."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from archive.records import (
    Article,
    ArticleKind,
    Block,
    BlockKind,
    Capture,
    Evidence,
    Link,
    Outcome,
    Removal,
    RemovalKind,
    UrlVariant,
    Visit,
)
from archive.store import Archive
from archive.times import to_text
from scraper.demo.paper import Story, edition

SITES = {"Town": "penmarrow-ledger.example", "Trade": "gannet-post.example", "Culture": "carrow-courier.example"}
LIVE = "https://penmarrow-ledger.example/town/lifeboat-called-out"
ARABIC = "https://almina.example/akhbar/1"
JAPANESE = "https://minato.example/news/1"
RICH = "https://gannet-post.example/trade/harbour-fees-explained"
COPIED = "https://carrow-courier.example/culture/agency-copy"
RETURNED = "https://gannet-post.example/trade/came-back"
FIRST = datetime(2026, 1, 13, 6, tzinfo=UTC)

CALLED = [
    "The Penmarrow lifeboat was called out at dawn on Tuesday to a trawler that had lost its rudder off Gannet Point.",
    "The crew of five spent three hours alongside while a line was made fast, in winds put at 45 knots.",
    "Nobody was hurt. The trawler, the Second Thought, was towed to Carrow and reached the quay shortly before noon.",
    "The coxswain, Edda Brunning, said that it had been a long morning and that breakfast had been the worst of it.",
]
STRONGER = CALLED[1].replace("45", "54")


def states_of_live() -> Iterator[tuple[timedelta, dict[str, object]]]:
    """The lifeboat's story in six states: what changes, and when."""
    yield timedelta(), {"headline": "Lifeboat called out to trawler", "texts": CALLED[:2]}
    yield timedelta(hours=2), {"headline": "Lifeboat called out to trawler", "texts": CALLED[:3], "modified": True}
    yield timedelta(hours=5), {"headline": "Lifeboat tows trawler to Carrow", "texts": CALLED[:3]}
    yield (
        timedelta(hours=9),
        {"headline": "Lifeboat tows trawler to Carrow", "texts": [CALLED[0], *CALLED[2:], STRONGER]},
    )
    note = "Correction: an earlier version of this story gave the wind as 45 knots. It was 54."
    yield (
        timedelta(hours=26),
        {
            "headline": "Lifeboat tows trawler to Carrow",
            "texts": [CALLED[0], *CALLED[2:], STRONGER, note],
            "correction": note,
            "modified": True,
        },
    )
    yield (
        timedelta(days=3),
        {
            "headline": "Lifeboat tows trawler to safety",
            "texts": [CALLED[0], CALLED[2], STRONGER, note],
            "correction": note,
        },
    )


def page_of(article: Article) -> bytes:
    """The page that an article was read from."""
    story = "".join(f"<p>{block.text}</p>" for block in article.blocks)
    return (
        f'<!doctype html><html lang="{article.language or "en"}"><head><meta charset="utf-8"><title>{article.headline}'
        '</title><link rel="stylesheet" href="https://cdn.example/site.css"><script src="https://cdn.example/a.js">'
        f"</script><style>body{{font-family:serif;margin:2rem}}</style></head><body><nav>Home · Sport · Shop</nav><h1>"
        f'{article.headline}</h1>{story}<img src="https://cdn.example/p.jpg" onerror="alert(1)" alt="A picture">'
        "<script>document.title = 'run'</script></body></html>"
    ).encode()


def visit(when: datetime, article: Article, **fields: object) -> Visit:
    """A visit that read ``article``."""
    assert article.url
    capture = Capture(
        url=article.url,
        fetched_at=to_text(when),
        outcome=Outcome.FETCHED,
        status=200,
        content_type="text/html; charset=utf-8",
        etag='"1"',
        found_via="section",
        **fields,  # type: ignore[arg-type]
    )
    return Visit(capture=capture, body=page_of(article), article=article, outcome=Outcome.ARTICLE)


def other(when: datetime, url: str, outcome: Outcome, status: int) -> Visit:
    """A visit that read no article."""
    said = outcome if outcome in (Outcome.GONE, Outcome.NOT_MODIFIED, Outcome.FAILED) else Outcome.FETCHED
    body = b"<html>Please sign in</html>" if outcome is Outcome.WALL else None
    return Visit(
        capture=Capture(url=url, fetched_at=to_text(when), outcome=said, status=status), body=body, outcome=outcome
    )


def paragraphs(*texts: str) -> tuple[Block, ...]:
    return tuple(Block(BlockKind.PARAGRAPH, text, position=place + 3) for place, text in enumerate(texts))


REMOVALS = (
    Removal(RemovalKind.NAVIGATION, "tag-nav", "Home · Sport · Shop", 0, "body/nav"),
    Removal(RemovalKind.DATE, "printed-date", "Published on 13 January", 2, "body/main/p"),
    Removal(RemovalKind.SIGNUP, "signup-words", "Sign up for the morning letter", 9, "body/main/aside.letter"),
)


def article_of(story: Story, moved: timedelta) -> Article:
    """A story of the demo's newspaper as one of ours."""
    site = SITES[story.section]
    texts = [text for text in story.text.strip().split("\n\n") if text]
    if story.correction:
        texts.append(story.correction)
    return Article(
        url=f"https://{site}{story.path}",
        site=site,
        headline=story.headline,
        standfirst=story.standfirst,
        section=story.section,
        authors=(story.author,),
        published_at=to_text(story.published + moved).replace(".000Z", "Z"),
        modified_at=to_text(story.modified + moved).replace(".000Z", "Z") if story.modified else None,
        language="en",
        tags=story.tags,
        kind=ArticleKind.ARTICLE,
        confidence=0.97,
        correction=story.correction,
        blocks=paragraphs(*texts),
        removals=REMOVALS,
        evidence=(
            Evidence("headline", "json-ld", story.headline),
            Evidence("published_at", "meta:article:published_time", story.published.isoformat()),
            Evidence("authors", "dom:byline", f"By {story.author}"),
        ),
        links=(Link(f"https://{site}/about", "about the paper"),),
    )


def rich_article() -> Article:
    """A story with every kind of block."""
    blocks = (
        Block(
            BlockKind.PARAGRAPH,
            "Who pays what in the harbour, and why.",
            markdown="Who **pays** what in the [harbour](https://gannet-post.example/harbour).",
        ),
        Block(BlockKind.HEADING, "The fees", level=2),
        Block(BlockKind.LIST_ITEM, "Trawlers: 40 crowns a night", level=1),
        Block(BlockKind.LIST_ITEM, "Yachts: 25 crowns a night", level=1),
        Block(BlockKind.QUOTE, "Nobody likes to pay for standing still."),
        Block(
            BlockKind.TABLE,
            "Year | Fee\n2025 | 38\n2026 | 40",
            markdown="| Year | Fee |\n|---|---|\n| 2025 | 38 |\n| 2026 | 40 |",
        ),
        Block(
            BlockKind.CAPTION,
            "The quay at low water",
            markdown="![The quay at low water](https://gannet-post.example/q.jpg)",
        ),
        Block(BlockKind.CODE, "fee = nights * 40"),
    )
    return Article(
        url=RICH,
        site="gannet-post.example",
        headline="Harbour fees explained",
        section="Trade",
        authors=("Ada Fenn", "Jon Averill"),
        published_at="2026-01-15",
        language="en",
        kind=ArticleKind.ARTICLE,
        confidence=0.9,
        blocks=blocks,
        paywalled=True,
        variants=(UrlVariant("https://gannet-post.example/amp/harbour-fees-explained", "amp"),),
    )


def foreign_articles() -> Iterator[tuple[datetime, Article]]:
    """Stories in Arabic and Japanese."""
    arabic = Article(
        url=ARABIC,
        site="almina.example",
        headline="الميناء يفتح دفاتره للجمهور",
        section="أخبار",
        authors=("ليلى حداد",),
        published_at="2026-01-14T08:00:00Z",
        language="ar",
        kind=ArticleKind.ARTICLE,
        confidence=0.9,
        blocks=paragraphs(
            "فتح مكتب الميناء دفاتره يوم الاثنين بعد أسابيع من المطالبة، وقال المدير إن 14 رصيفا ظلت خالية منذ مارس.",
            "وأضاف أن الرسوم سترتفع في الصيف.",
        ),
    )
    japanese = Article(
        url=JAPANESE,
        site="minato.example",
        headline="港湾事務所、帳簿を公開",
        section="社会",
        authors=("森 海斗",),
        published_at="2026-01-14T09:00:00Z",
        language="ja",
        kind=ArticleKind.ARTICLE,
        confidence=0.9,
        blocks=paragraphs(
            "港湾事務所は月曜日に帳簿を公開した。十四の岸壁のうち三つが三月から空いたままである。",
            "市長は夏に料金を上げると述べた。",
        ),
    )
    yield FIRST + timedelta(days=1, hours=3), arabic
    yield FIRST + timedelta(days=1, hours=4), japanese
    changed = replace(arabic, blocks=paragraphs(arabic.blocks[0].text.replace("14", "15"), arabic.blocks[1].text))
    yield FIRST + timedelta(days=2), changed


def visits() -> list[Visit]:
    """Every visit of the month, in the order of time."""
    found: list[tuple[datetime, Visit]] = []
    second = {story.slug: story for story in edition(2)}
    for place, story in enumerate(edition(1)):
        moved = timedelta(days=place % 22 - 11)
        seen, article = story.published + moved + timedelta(minutes=40), article_of(story, moved)
        found.append((seen, visit(seen, article)))
        later, after = seen + timedelta(hours=20 + place % 30), second[story.slug]
        if after.status != 200:
            found.append((later, other(later, article.url or "", Outcome.GONE, after.status)))
        elif after != story:
            found.append((later, visit(later, article_of(after, moved))))
        if place == 3:  # an agency's story, in two papers
            copy = replace(article, url=COPIED, site="carrow-courier.example", headline=f"Agency: {story.headline}")
            found.append((seen + timedelta(hours=1), visit(seen + timedelta(hours=1), copy)))
    for after_first, state in states_of_live():
        when = FIRST + after_first
        article = Article(
            url=LIVE,
            site="penmarrow-ledger.example",
            headline=str(state["headline"]),
            section="Town",
            authors=("Mara Quist",),
            standfirst="Five volunteers, three hours, one rudder.",
            published_at="2026-01-13T06:10:00Z",
            language="en",
            modified_at=to_text(when).replace(".000Z", "Z") if state.get("modified") else "2026-01-13T06:10:00Z",
            kind=ArticleKind.ARTICLE,
            confidence=0.98,
            blocks=paragraphs(*state["texts"]),
            removals=REMOVALS,  # type: ignore[misc]
            correction=state.get("correction"),
            evidence=(Evidence("headline", "json-ld", str(state["headline"])),),  # type: ignore[arg-type]
        )
        found.append((when, visit(when, article)))
    found += [(when, visit(when, article)) for when, article in foreign_articles()]
    when = FIRST + timedelta(days=2, hours=1)
    found.append((when, visit(when, rich_article())))
    back = replace(rich_article(), url=RETURNED, headline="Ferry timetable, as it was", variants=())
    found += [
        (when, visit(when, back)),
        (when + timedelta(days=1), other(when + timedelta(days=1), RETURNED, Outcome.GONE, 410)),
    ]
    found.append((when + timedelta(days=2), visit(when + timedelta(days=2), back)))
    found.append((when, other(when, "https://gannet-post.example/trade/members-only", Outcome.WALL, 200)))
    return [each for _, each in sorted(found, key=lambda pair: pair[0])]


def visits_to(url: str) -> list[Article]:
    """What is read at an address, visit after visit."""
    return [each.article for each in visits() if each.capture.url == url and each.article]


def article_for(url: str, headline: str) -> Article:
    """A small article."""
    return Article(
        url=url, headline=headline, kind=ArticleKind.ARTICLE, confidence=0.9, blocks=paragraphs(f"{headline}, it says.")
    )


def build(path: Path) -> Path:
    """An archive of all that at ``path``."""
    with Archive.open(path, write=True, create=True) as archive:
        archive.begin_run("crawl", sorted({*SITES.values(), "almina.example", "minato.example"}))
        made = visits()
        for each in made:
            archive.record(each)
        archive.end_run({"fetched": len(made), "new": 46, "changed": 12}, 0)
    return path
