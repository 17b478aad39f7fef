"""Some hundred damaged pages are read soundly; ``python -m benchmarks fuzz`` tries ten thousand."""

from dataclasses import replace

import pytest

from archive.records import Article, ArticleKind, Block, BlockKind, Removal, RemovalKind
from benchmarks.fuzz_reader import MUTATIONS, check, faults, main, mutant, try_mutants
from scraper.reading import read

SEED = 20260113


def test_damaged_pages_are_read_soundly_and_the_same_twice(pages):
    originals = [*pages.LAYOUTS.values(), pages.DUMP.encode()]
    assert try_mutants(originals, SEED, range(400)) == {}


def test_mutants_are_repeatable_and_every_mutation_damages(pages):
    originals = list(pages.LAYOUTS.values())
    made = [mutant(originals, number, SEED) for number in range(60)]
    assert made == [mutant(originals, number, SEED) for number in range(60)]
    assert len(set(made) - set(originals)) > 50
    assert len({mutation.__name__ for mutation in MUTATIONS}) == len(MUTATIONS)


SOUND = Article(
    headline="A headline",
    published_at="2026-01-13T08:30:00Z",
    authors=("Ada Brook",),
    kind=ArticleKind.ARTICLE,
    confidence=0.9,
    blocks=(Block(BlockKind.PARAGRAPH, "A paragraph."),),
    removals=(Removal(RemovalKind.DATE, "date-line", "13 Jan 2026", 1),),
)


@pytest.mark.parametrize(
    "change",
    [
        {"headline": "\ud800"},
        {"headline": " "},
        {"published_at": "13 Jan 2026"},
        {"modified_at": "2026-01-13T08:30"},
        {"authors": ("",)},
        {"confidence": 1.5},
        {"kind": ArticleKind.OTHER},
        {"blocks": (Block(BlockKind.PARAGRAPH, "Two\nlines"),)},
        {"blocks": (Block(BlockKind.PARAGRAPH, ""),)},
        {"removals": (Removal(RemovalKind.DATE, "", "13 Jan 2026"),)},
        {"removals": (Removal(RemovalKind.DATE, "r", "b", 2), Removal(RemovalKind.DATE, "r", "a", 1))},
    ],
)
def test_an_article_of_a_wrong_form_is_found_out(change):
    assert faults(SOUND) == []
    assert faults(replace(SOUND, **change))


def test_the_command_counts_the_mutants_of_a_folder(pages, tmp_path, capsys):
    (tmp_path / "a.html").write_bytes(pages.NEWSROOM)
    main(["--pages", str(tmp_path), "--mutants", "6"])
    assert capsys.readouterr().out == "6 of 6 mutants of 1 pages, 0 faults\n"
    assert check(pages.NEWSROOM) == []
    assert faults(read(pages.NEWSROOM)) == []
