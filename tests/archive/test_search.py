"""Search: what was meant is found, and nothing that is typed is an error."""

from collections.abc import Iterator

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from archive.errors import UsageError
from archive.query import Match, to_fts
from archive.records import Visit
from archive.search import SORTS, _candidates
from archive.store import Archive

DAY = "2026-01-{:02}T00:00:00.000Z".format


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    """Three articles, one of them in two versions."""
    from archive.records import Article, Block, BlockKind, Capture, Outcome

    def visit(name: str, when: str, headline: str, text: str, *authors: str) -> Visit:
        url = f"https://{name}.example/{name}"
        blocks = (Block(BlockKind.PARAGRAPH, text),)
        article = Article(url=url, headline=headline, authors=authors, section="Port", blocks=blocks)
        capture = Capture(url=url, fetched_at=when, outcome=Outcome.FETCHED)
        return Visit(capture=capture, article=article, outcome=Outcome.ARTICLE)

    path = tmp_path_factory.mktemp("search") / "news.db"
    with Archive.open(path, write=True, create=True) as archive:
        archive.begin_run("test")
        archive.record(visit("berths", DAY(1), "Berths stand empty", "The harbour office says nothing.", "Mara Quist"))
        archive.record(
            visit("berths", DAY(3), "Berths stand empty", "The harbour office speaks at last.", "Mara Quist")
        )
        archive.record(visit("ferry", DAY(2), "Ferries are back", "An empty café at the harbour. Naïve prices: 3.50."))
        archive.record(visit("kobe", DAY(2), "神戸港の再開", "フェリーは毎時運航しています。", "Ole Brandt"))
        archive.end_run({}, 0)
        yield archive


def found(library: Archive, query: str, **options: str) -> list[str]:
    return sorted(row["site"].removesuffix(".example") for row in library.search(query, **options))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("query", "sites"),
    [
        ("harbour", ["berths", "ferry"]),
        ("HARBOUR", ["berths", "ferry"]),
        ("harbour speaks", ["berths"]),
        ('"harbour office"', ["berths"]),
        ('"office harbour"', []),
        ("harb*", ["berths", "ferry"]),
        ("harb", []),
        ('"at the har"*', ["ferry"]),
        ("ferries OR berths", ["berths", "ferry"]),
        ("harbour AND empty", ["berths", "ferry"]),
        ("harbour NOT berths", ["ferry"]),
        ("(ferries OR berths) AND office", ["berths"]),
        ("headline:empty", ["berths"]),
        ("headline : empty", ["berths"]),
        ('headline:"stand empty"', ["berths"]),
        ("authors:quist", ["berths"]),
        ("author:quist", ["berths"]),
        ('byline:"mara quist"', ["berths"]),
        ("title:empty body:office", ["berths"]),
        ("section:port", ["berths", "ferry", "kobe"]),
        ("headline:office", []),
        ("publisher:quist", []),
        ("cafe naive", ["ferry"]),
        ("3.50", ["ferry"]),
        ("nothing", []),
        ("or and not", []),
        ("OR harbour", ["berths", "ferry"]),
        ("harbour AND", ["berths", "ferry"]),
        ("NOT harbour", ["kobe"]),
        ("-harbour", ["kobe"]),
        ("empty -headline:empty", ["ferry"]),
        ("harbour -(berths OR kobe)", ["ferry"]),
        ('harbour -"harbour office"', ["ferry"]),
        ("NOT harbour OR berths", ["berths", "kobe"]),
        ("berths OR -harbour", ["berths", "kobe"]),
        ("-harbour -brandt", []),
        ("-harbour OR -berths", ["ferry", "kobe"]),
        ("-(-harbour)", ["berths", "ferry"]),
        ("harbour - berths", ["berths"]),
        ("harbour-office", ["berths"]),
        ("-author:(quist OR brandt)", ["ferry"]),
        ("headline:(empty OR ferries)", ["berths", "ferry"]),
        ("headline:(office OR text:cafe)", ["ferry"]),
        ("text:office headline:empty section:port", ["berths"]),
        ("“harbour office”", ["berths"]),
        ("harbour AND NOT office", ["ferry"]),
        ("((harbour", ["berths", "ferry"]),
        ("harbour)) office", ["berths"]),
        ('"harbour', ["berths", "ferry"]),
        ("harbour's", []),
        ("text:harbour-office", ["berths"]),
        ("", []),
        ('"" * ( ) - :', []),
        ("再開", ["kobe"]),
        ("毎時 神戸", ["kobe"]),
        ("毎時 大阪", []),
        ("フェリー brandt", ["kobe"]),
        ("フェリー quist", []),
        ('"運航して"', ["kobe"]),
        ("神戸港の再開", ["kobe"]),
    ],
)
def test_what_is_found(library: Archive, query: str, sites: list[str]) -> None:
    assert found(library, query) == sites


def test_as_it_stood_then(library: Archive) -> None:
    assert found(library, "nothing", at=DAY(2)) == ["berths"]
    assert found(library, "speaks", at=DAY(2)) == []
    assert found(library, "harbour", at="2025-12-31T00:00:00.000Z") == []


def test_within_a_site(library: Archive) -> None:
    assert found(library, "harbour", site="ferry.example") == ["ferry"]


def test_the_headline_counts_most_and_matches_are_marked(library: Archive) -> None:
    rows = list(library.search("empty"))
    assert [row["site"] for row in rows] == ["berths.example", "ferry.example"]
    assert rows[0]["snippet"] == "Berths stand \2empty\3"
    assert len(list(library.search("empty", limit=1))) == 1


def test_scripts_without_spaces_are_marked_too(library: Archive) -> None:
    (row,) = library.search("毎時")
    assert row["snippet"] == "フェリーは\2毎時\3運航しています。"
    (row,) = library.search("神戸")
    assert row["snippet"] == "フェリーは毎時運航しています。"


@given(st.text(max_size=80) | st.text(alphabet='ab "*()ANDORT:-^+{}\\\x00', max_size=60))
@example("text:" * 50)
@example("(" * 300 + "a" + ")" * 300)
@example('NEAR(a b, 2) OR "x" NOT ()')
@example("a " * 2000)
@example("\ud800")
@example('日"本 OR (語')
def test_nothing_that_is_typed_is_an_error(library: Archive, query: str) -> None:
    list(library.search(query))


PIECES = ["AND", "OR", "NOT", "-", "(", ")", "a", '"b c"', "d*", "text:e", "headline:(", ":", "NEAR(", "^", "{", "_"]


@given(st.lists(st.sampled_from(PIECES), max_size=14), st.sampled_from(["", " "]), st.sampled_from(list(SORTS)))
def test_no_row_of_pieces_is_an_error(library: Archive, pieces: list[str], between: str, sort: str) -> None:
    list(library.search(between.join(pieces), sort=sort))


TERMS = {"harbour": {"berths", "ferry"}, "berths": {"berths"}, "empty": {"berths", "ferry"}, "brandt": {"kobe"}}
ALL = {"berths", "ferry", "kobe"}
FORMULAS = st.recursive(
    st.sampled_from(list(TERMS)).map(lambda word: (word, TERMS[word])),
    lambda inner: (
        inner.map(lambda one: (f"-({one[0]})", ALL - one[1]))
        | st.tuples(inner, inner).map(lambda two: (f"({two[0][0]} OR {two[1][0]})", two[0][1] | two[1][1]))
        | st.tuples(inner, inner).map(lambda two: (f"({two[0][0]} AND {two[1][0]})", two[0][1] & two[1][1]))
        | st.tuples(inner, inner).map(lambda two: (f"({two[0][0]} NOT {two[1][0]})", two[0][1] - two[1][1]))
    ),
    max_leaves=8,
)


@given(FORMULAS)
def test_operators_are_those_of_logic(library: Archive, formula: tuple[str, set[str]]) -> None:
    query, sites = formula
    assert set(found(library, query)) == sites


def test_the_newest_first(library: Archive) -> None:
    assert [row["site"] for row in library.search("harbour", sort="newest")] == ["berths.example", "ferry.example"]
    assert [row["site"] for row in library.search("harbour", sort="newest", at=DAY(2))] == [
        "ferry.example",
        "berths.example",
    ]
    with pytest.raises(UsageError, match="'oldest' is no order"):
        list(library.search("harbour", sort="oldest"))


def test_what_does_not_match_is_shown_by_its_beginning(library: Archive) -> None:
    (row,) = library.search("-harbour")
    assert row["snippet"] == "フェリーは毎時運航しています。…"


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("at", [None, DAY(2)])
def test_no_text_is_read_to_put_matches_in_order(library: Archive, sort: str, at: str | None) -> None:
    values = {"match": "harbour", "at": at, "site": "ferry.example", "letters": "[]"}
    plan = [row[3] for row in library.connection.execute("EXPLAIN QUERY PLAN " + _candidates(values, sort), values)]
    touched = [step for step in plan if "versions" in step and "VIRTUAL TABLE" not in step]
    assert touched != []
    assert [step for step in touched if "COVERING INDEX versions_by_docid" not in step] == []


def test_of_very_many_matches_those_stored_last_are_ranked(library: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("archive.search.MOST_RANKED", 1)
    assert found(library, "harbour") == ["ferry"]


def test_operators_are_those_of_fts5() -> None:
    assert to_fts("a OR b c") == Match('("a" OR ("b" AND "c"))')
    assert to_fts("a b NOT (c* OR d)") == Match('(("a" AND "b") NOT ("c"* OR "d"))')
    assert to_fts("NOT a") == Match('"a"', is_not=True)
