import json

from scraper.reading.features import NAMES, Context, features_of
from scraper.reading.model import SOURCE, load, score
from scraper.reading.outline import outline
from scraper.reading.page import parse
from scraper.reading.story import container


def rows_of(html):
    root = parse(html).root
    assert root is not None
    found = outline(root)
    return found, list(features_of(found, Context(), container(found)))


def test_the_file_fits_the_features():
    trees, _ = load()
    assert trees
    assert json.loads(SOURCE.read_text())["features"] == list(NAMES)
    assert SOURCE.stat().st_size < 300_000


def test_a_row_has_a_number_for_every_name(pages):
    _, rows = rows_of(pages.NEWSROOM)
    assert {len(row) for row in rows if row} == {len(NAMES)}


def test_story_scores_above_furniture(pages):
    found, rows = rows_of(pages.NEWSROOM)
    scores = {passage.text: score(row) for passage, row in zip(found.passages, rows, strict=True) if row}
    assert all(scores[text] > 0 for text in pages.PARAGRAPHS)


def test_the_lexicon_reads_names_as_templates_write_them():
    from archive.records import RemovalKind
    from scraper.reading.lexicon import Hint, role_of

    assert role_of("js-articleBody") is Hint.BODY
    assert role_of("c-related-stories__list") is RemovalKind.RELATED
    assert role_of("siteHeader") is RemovalKind.NAVIGATION
    assert role_of("elementor-widget-text-editor") is None
    assert role_of("css-1x2y3z") is None
