"""The block model: boosted decision trees over ``features``, read from ``model.json`` and walked in plain Python.

``benchmarks/train_reader.py`` makes the file. A tree is nested tuples ``(feature, threshold, if_at_most, if_more)``
with a number at each leaf; the sum of the leaves is the log-odds that a passage is story.
"""

import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from scraper.reading.features import NAMES

SOURCE = Path(__file__).with_name("model.json")
SURE = 3.0  # log-odds beyond which the remaining trees cannot turn the verdict in practice
LOOKS = 12  # trees after which sureness is checked

Tree = tuple[int, float, Any, Any]


def _tree(value: Any) -> Any:
    return (value[0], value[1], _tree(value[2]), _tree(value[3])) if isinstance(value, list) else value


@cache
def load() -> tuple[tuple[Tree, ...], float]:
    """``(trees, threshold in log-odds)``; refuses a file that was trained on other features."""
    data = json.loads(SOURCE.read_text(encoding="utf-8"))
    if data["features"] != list(NAMES):
        raise ValueError(f"{SOURCE.name} was trained on other features; run benchmarks/train_reader.py")
    return tuple(_tree(tree) for tree in data["trees"]), float(data["threshold"])


def score(row: Sequence[float]) -> float:
    """Log-odds over the threshold: above 0 the passage is story."""
    trees, threshold = load()
    total = -threshold
    for count, tree in enumerate(trees, 1):
        node: Any = tree
        while type(node) is tuple:
            node = node[2] if row[node[0]] <= node[1] else node[3]
        total += node
        if count == LOOKS and abs(total) > SURE:
            break
    return total
