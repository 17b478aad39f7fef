import json
from itertools import accumulate

import pytest

from scraper.reading import model
from scraper.reading.features import NAMES, WHOLE, Context, features_of
from scraper.reading.model import SOURCE, SURE, load, score
from scraper.reading.outline import outline
from scraper.reading.page import parse
from scraper.reading.story import container


def rows_of(html):
    root = parse(html).root
    assert root is not None
    found = outline(root)
    return found, list(features_of(found, Context(), container(found)))


def walk(tree, row):
    while isinstance(tree, list):
        tree = tree[2] if row[tree[0]] <= tree[1] else tree[3]
    return tree


def test_the_file_fits_the_features():
    data = json.loads(SOURCE.read_text())
    assert data["trees"]
    assert data["features"] == list(NAMES)
    assert SOURCE.stat().st_size < 300_000


def test_features_that_are_whole_are_never_fractions(pages):
    for row in filter(None, rows_of(pages.NEWSROOM)[1]):
        for name, value in zip(NAMES, row, strict=True):
            assert isinstance(value, int if name in WHOLE else float), name


def test_the_function_is_the_sum_of_the_files_trees(pages):
    data = json.loads(SOURCE.read_text())
    for row in filter(None, rows_of(pages.NEWSROOM)[1]):
        sums = list(accumulate((walk(tree, row) for tree in data["trees"]), initial=-data["threshold"]))
        exits = (sums[count] for count, sure in SURE if abs(sums[count]) > sure)
        assert score(row) == pytest.approx(next(exits, sums[-1]))


def test_a_file_of_other_features_is_refused(monkeypatch, tmp_path):
    other = json.loads(SOURCE.read_text()) | {"features": ["length"]}
    (tmp_path / "model.json").write_text(json.dumps(other))
    monkeypatch.setattr(model, "SOURCE", tmp_path / "model.json")
    with pytest.raises(ValueError, match="other features"):
        load.__wrapped__()


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
