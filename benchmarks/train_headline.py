"""Train the headline's model of scraper.reading: pages with gold titles in, scraper/reading/headline_model.json out.

    python -m benchmarks.train_headline PAGES_FOLDER [--folds 5] [--output FILE]

Needs lightgbm and numpy (dependency group ``bench``). The same pages give the same file, byte for byte.
``--folds N`` writes nothing and prints how often the title is right on sites that the model was not trained on.
PAGES_FOLDER holds ``<set>.jsonl`` with ``html_path`` and ``gold_title``.
"""

import argparse
import gzip
import hashlib
import json
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import lightgbm
import numpy as np

from scraper.reading.candidates import NAMES, candidates_of, rows_of
from scraper.reading.head import head_of, squeeze
from scraper.reading.headings import headings_of
from scraper.reading.headline import certain, spelled_out
from scraper.reading.outline import outline
from scraper.reading.page import parse
from scraper.reading.titles import site_names, told_titles
from scraper.reading.vain_roles import without_vain_roles

# Sets and what a page of each weighs: the reader is for news first.
SETS = {
    "fundus_dev": 4.0,
    "trafilatura_eval": 1.0,
    "wcxb_dev_articles": 1.0,
    "postlight": 1.0,
}
TREES = 40
SETTINGS = {
    "objective": "binary",
    "learning_rate": 0.12,
    "num_leaves": 8,
    "min_data_in_leaf": 15,
    "feature_fraction": 0.6,
    "bagging_fraction": 0.8,
    "bagging_freq": 1,
    "lambda_l2": 1.0,
    "seed": 3,
    "num_threads": 1,
    "deterministic": True,
    "verbose": -1,
}


@dataclass
class Titled:
    """A page: its candidates' rows, which of them are right, and the one that a rule takes without the model.

    ``spelt`` says for each candidate whether it is right as the data spell it.
    """

    site: str
    source: str
    texts: list[str]
    rows: list[list[float]]
    right: list[bool]
    spelt: list[bool]
    ruled: str | None


def normal(text: str) -> str:
    return squeeze(unicodedata.normalize("NFKC", text))


def site_of(record: dict[str, Any]) -> str:
    address = (record.get("url") or record["id"]).split("::")[-1]
    host = urlsplit(address).netloc if "//" in address else address.split("/")[0].split("-")[0]
    labels = host.split(".")
    # Of addresses such as daily.co.uk three parts name the site.
    return ".".join(labels[-3 if len(labels) > 2 and len(labels[-1]) == 2 and len(labels[-2]) <= 3 else -2 :])


def titled(record: dict[str, Any], source: str, html: bytes) -> Titled | None:
    page = parse(html, record.get("url"))
    if page.root is None:
        return None
    head = head_of(page)
    headings, told, names = (
        headings_of(head, without_vain_roles(outline(page.root))),
        told_titles(head),
        site_names(head),
    )
    found = candidates_of(told, headings, names)
    if not found:
        return None
    rows = rows_of(found, told, headings, names, page.url or "")
    gold = normal(record["gold_title"])
    right = [normal(text) == gold for text in rows]
    spelt = [normal(spelled_out(text, found)) == gold for text in rows]
    return Titled(
        site_of(record), source, list(rows), list(rows.values()), right, spelt, certain(found, told, headings)
    )


def load(folder: Path) -> Iterator[Titled]:
    for source in SETS:
        for line in (folder / f"{source}.jsonl").read_text(encoding="utf-8").strip().split("\n"):
            record = json.loads(line)
            if record.get("gold_title"):
                html = gzip.decompress((folder / record["html_path"]).read_bytes())
                if page := titled(record, source, html):
                    yield page


def fit(pages: list[Titled]) -> lightgbm.Booster:
    telling = [page for page in pages if len(page.rows) > 1 and any(page.right)]
    rows = np.array([row for page in telling for row in page.rows])
    labels = np.array([float(right) for page in telling for right in page.right])
    weights = np.array([SETS[page.source] for page in telling for _ in page.rows])
    return lightgbm.train(SETTINGS, lightgbm.Dataset(rows, labels, weight=weights), TREES)


def is_right(model: lightgbm.Booster, page: Titled) -> bool:
    if page.ruled is not None:
        return page.right[page.texts.index(page.ruled)]
    return page.spelt[int(np.argmax(model.predict(np.array(page.rows), raw_score=True)))]


def fold_of(page: Titled, folds: int, seed: int) -> int:
    return int(hashlib.sha256(f"{seed}{page.site}".encode()).hexdigest(), 16) % folds


def cross_validate(pages: list[Titled], folds: int) -> None:
    scores: dict[str, list[bool]] = {}
    for seed in range(3):
        for fold in range(folds):
            model = fit([page for page in pages if fold_of(page, folds, seed) != fold])
            for page in pages:
                if fold_of(page, folds, seed) == fold:
                    scores.setdefault(page.source, []).append(is_right(model, page))
    for source, values in scores.items():
        print(f"{source}: title right on sites not trained on: {sum(values) / len(values):.4f}")


def tree_of(node: dict[str, Any]) -> Any:
    if "leaf_value" in node:
        return round(node["leaf_value"], 4)
    assert node["decision_type"] == "<=", node
    threshold = float(f"{node['threshold']:.6g}")
    return [node["split_feature"], threshold, tree_of(node["left_child"]), tree_of(node["right_child"])]


def write(model: lightgbm.Booster, path: Path) -> None:
    trees = [tree_of(tree["tree_structure"]) for tree in model.dump_model()["tree_info"]]
    data = {"features": list(NAMES), "threshold": 0.0, "trees": trees}
    path.write_text(json.dumps(data, separators=(",", ":")) + "\n", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--folds", type=int, default=0)
    parser.add_argument("--output", type=Path, default=Path("scraper/reading/headline_model.json"))
    options = parser.parse_args()
    pages = list(load(options.folder))
    if options.folds:
        cross_validate(pages, options.folds)
    else:
        write(fit(pages), options.output)


if __name__ == "__main__":
    main()
