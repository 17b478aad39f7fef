"""Train the block model of scraper.reading: pages with gold answers in, scraper/reading/model.json out.

    python -m benchmarks.train_reader PAGES_FOLDER [--folds 5] [--output FILE]

Needs lightgbm and numpy (dependency group ``bench``). The same pages give the same file, byte for byte.
``--folds N`` writes nothing, and prints what reading reaches on sites that the model was not trained on: the mean F1 of
bags of words against the gold texts, after all rules. PAGES_FOLDER holds ``<set>.jsonl`` with ``html_path`` and either
``gold_text`` or the snippets ``with`` and ``without``.
"""

import argparse
import gzip
import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlsplit

import lightgbm
import numpy as np

from scraper.reading import model as block_model
from scraper.reading import read
from scraper.reading.compare import same
from scraper.reading.features import NAMES
from scraper.reading.head import head_of
from scraper.reading.headings import headings_of
from scraper.reading.headline import choose_headline
from scraper.reading.layout import setting_of
from scraper.reading.outline import Passage, outline
from scraper.reading.page import parse
from scraper.reading.story import weight_of
from scraper.reading.vain_roles import without_vain_roles

SETS = ("fundus_dev", "wcxb_dev_articles", "trafilatura_eval")
NO_LISTS = {"fundus_dev"}  # sets whose gold texts leave lists and tables out as a matter of form
TREES, THRESHOLD = 60, 0.1  # on news a kept line of furniture is worse than a lost line of a list: measured
# Small trees, each of a part of the rows and of the features, and leaves that weigh something: a page's long passages
# weigh much, and larger trees would learn them by heart.
SETTINGS = {
    "objective": "binary",
    "learning_rate": 0.12,
    "num_leaves": 8,
    "max_bin": 63,
    "min_data_in_leaf": 40,
    "min_sum_hessian_in_leaf": 40,
    "feature_fraction": 0.3,
    "bagging_fraction": 0.4,
    "bagging_freq": 1,
    "lambda_l2": 0.01,
    "seed": 7,
    "num_threads": 1,
    "deterministic": True,
    "verbose": -1,
}
WORD = re.compile(r"\w+")
SNIPPET_WEIGHT = 0.04  # of a passage that a snippet speaks of; whole gold texts weigh by their words


@dataclass
class Labelled:
    """A page's rows with their labels (1 story, 0 not) and weights (shares of the page's words)."""

    site: str
    source: str
    record: dict[str, Any]
    rows: list[list[float]] = field(default_factory=list)
    labels: list[int] = field(default_factory=list)
    weights: list[float] = field(default_factory=list)


def shingles(words: list[str]) -> list[tuple[str, ...]]:
    return list(zip(*(words[place:] for place in range(4)), strict=False))


class GoldText:
    """Labels passages by a whole gold text."""

    def __init__(self, text: str) -> None:
        self.words = WORD.findall(text)
        self.shingles = set(shingles(self.words))
        self.key = same(text)
        self.lines = {same(line) for line in text.split("\n")}
        self.size = sum(weight_of(word) for word in self.words) or 1

    def label(self, passage: Passage) -> int | None:
        key, words = same(passage.text), WORD.findall(passage.text)
        if not key:
            return None
        if len(words) < 6:
            return int(key in self.key) if len(key) >= 25 else int(key in self.lines)
        found = shingles(words)
        share = sum(shingle in self.shingles for shingle in found) / len(found)
        return 1 if share > 0.6 else 0 if share <= 0.3 else None

    def weight(self, passage: Passage) -> float:
        return min(sum(weight_of(word) for word in WORD.findall(passage.text)) / self.size, 0.3)


class Snippets:
    """Labels passages by snippets that must and must not be in the text."""

    def __init__(self, wanted: list[str], unwanted: list[str]) -> None:
        self.wanted = [" ".join(text.split()) for text in wanted if text]
        self.unwanted = [" ".join(text.split()) for text in unwanted if text]

    def label(self, passage: Passage) -> int | None:
        text = passage.text
        if any(snippet in text for snippet in self.wanted):
            return 1
        return 0 if any(snippet in text and len(snippet) > 0.3 * len(text) for snippet in self.unwanted) else None

    def weight(self, _: Passage) -> float:
        return SNIPPET_WEIGHT


def labelled(record: dict[str, Any], source: str, html: bytes) -> Labelled | None:
    page = parse(html, record.get("url"))
    if page.root is None:
        return None
    head, found = head_of(page), without_vain_roles(outline(page.root))
    headline, _ = choose_headline(head, headings_of(head, found), page.url)
    setting = setting_of(head, found, headline)
    gold = GoldText(record["gold_text"]) if "gold_text" in record else Snippets(record["with"], record["without"])
    result = Labelled(urlsplit(record.get("url") or "").netloc or record["id"].split("-")[0], source, record)
    for passage, row in zip(setting.found.passages, setting.rows, strict=True):
        label = gold.label(passage)
        if row is None or setting.known.holds(passage.text):
            continue
        faint = source in NO_LISTS and passage.kind.value in ("list_item", "table")
        result.rows.append(row)
        result.labels.append(label or 0)
        result.weights.append(0.0 if label is None else gold.weight(passage) * (0.3 if faint else 1.0))
    return result


def html_of(record: dict[str, Any], folder: Path) -> bytes:
    return gzip.decompress((folder / record["html_path"]).read_bytes())


def load(folder: Path) -> Iterator[Labelled]:
    for source in SETS:
        for line in (folder / f"{source}.jsonl").read_text(encoding="utf-8").strip().split("\n"):
            record = json.loads(line)
            if page := labelled(record, source, html_of(record, folder)):
                yield page


def fit(pages: list[Labelled]) -> lightgbm.Booster:
    rows = np.array([row for page in pages for row in page.rows])
    labels = np.array([label for page in pages for label in page.labels])
    weights = np.array([weight for page in pages for weight in page.weights])
    told = weights > 0  # the rest has no label
    weights *= told.sum() / weights.sum()
    return lightgbm.train(SETTINGS, lightgbm.Dataset(rows[told], labels[told], weight=weights[told]), TREES)


def page_f1(page: Labelled, pages: Path) -> float:
    """The F1 of the words that reading gives; where the gold text counts the standfirst in, it is put before them."""
    article = read(html_of(page.record, pages), page.record.get("url"))
    told, standfirst = article.text, article.standfirst or ""
    if page.record.get("gold_summary") and standfirst not in told:
        told = f"{standfirst} {told}"
    found, gold = (Counter(WORD.findall(text.lower())) for text in (told, page.record["gold_text"]))
    return 2 * (found & gold).total() / ((found.total() + gold.total()) or 1)


def fold_of(page: Labelled, folds: int) -> int:
    return int(hashlib.sha256(page.site.encode()).hexdigest(), 16) % folds


def cross_validate(pages: list[Labelled], pages_folder: Path, folds: int) -> None:
    scores: dict[str, list[float]] = {}
    with TemporaryDirectory() as folder:
        for fold in range(folds):
            path = Path(folder) / f"{fold}.json"
            write(fit([page for page in pages if fold_of(page, folds) != fold]), path)
            block_model.SOURCE = path
            block_model.load.cache_clear()
            for page in pages:
                if fold_of(page, folds) == fold and "gold_text" in page.record:
                    scores.setdefault(page.source, []).append(page_f1(page, pages_folder))
    for source, values in scores.items():
        print(
            f"{source}: mean F1 of words, on sites that the model was not trained on: {sum(values) / len(values):.4f}"
        )


def tree_of(node: dict[str, Any]) -> Any:
    if "leaf_value" in node:
        return round(node["leaf_value"], 4)
    assert node["decision_type"] == "<=", node
    threshold = float(f"{node['threshold']:.6g}")
    return [node["split_feature"], threshold, tree_of(node["left_child"]), tree_of(node["right_child"])]


def write(model: lightgbm.Booster, path: Path) -> None:
    trees = [tree_of(tree["tree_structure"]) for tree in model.dump_model()["tree_info"]]
    data = {"features": list(NAMES), "threshold": THRESHOLD, "trees": trees}
    path.write_text(json.dumps(data, separators=(",", ":")) + "\n", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--folds", type=int, default=0)
    parser.add_argument("--output", type=Path, default=Path("scraper/reading/model.json"))
    options = parser.parse_args()
    pages = list(load(options.folder))
    if options.folds:
        cross_validate(pages, options.folder, options.folds)
    else:
        write(fit(pages), options.output)


if __name__ == "__main__":
    main()
