"""The block model: boosted decision trees over ``features``, read from ``model.json``.

``benchmarks/train_reader.py`` makes the file. A tree is a list ``[feature, threshold, if_at_most, if_more]`` with a
number at each leaf; the sum of the leaves is the log-odds that a passage is story. The trees become one Python
function of nested conditional expressions, which takes a third of the time that walking them does.
"""

import json
from collections.abc import Callable, Collection, Sequence
from functools import cache
from math import floor
from pathlib import Path
from typing import Any

from scraper.reading.features import NAMES, WHOLE

SOURCE = Path(__file__).with_name("model.json")
# After so many trees, log-odds beyond which the rest does not turn the verdict (once in two thousand passages).
SURE = ((10, 1.6), (30, 1.0))

Row = Sequence[float]


def _expression(tree: Any, whole: Collection[int]) -> str:
    """``tree`` as a Python expression over ``f0``, ``f1`` …; only numbers of the file get into it.

    Features that are ``whole`` numbers are compared with whole numbers, which takes half the time.
    """
    if not isinstance(tree, list):
        return repr(float(tree))
    feature, threshold, if_at_most, if_more = tree
    limit = floor(threshold) if feature in whole else float(threshold)
    branches = _expression(if_at_most, whole), _expression(if_more, whole)
    return f"({branches[0]} if f{int(feature)} <= {limit!r} else {branches[1]})"


def _sum(trees: Sequence[str]) -> str:
    return " + ".join(trees) or "0.0"


def compiled(
    data: Any,
    names: Sequence[str],
    source: Path,
    exits: Sequence[tuple[int, float]] = (),
    whole: Collection[str] = (),
) -> Callable[[Row], float]:
    """The function of a file's trees; refuses a file that was trained on other features than ``names``.

    ``whole`` are the names of features that are integers or truth values, never fractions, in every row.
    An exit is ``(trees, log-odds)``: a sum that is beyond it after so many trees is given as it is.
    """
    if data["features"] != list(names):
        raise ValueError(f"{source.name} was trained on other features; see benchmarks/")
    integers = {place for place, name in enumerate(names) if name in whole}
    trees = [_expression(tree, integers) for tree in data["trees"]]
    columns = ", ".join(f"f{place}" for place in range(len(names)))  # a local name is read sooner than a list's item
    lines = ["def score(row):", f"    {columns} = row", f"    total = {-float(data['threshold'])!r}"]
    done = 0
    for count, sure in exits:
        lines += [f"    total += {_sum(trees[done:count])}", f"    if not -{sure} <= total <= {sure}: return total"]
        done = count
    lines.append(f"    return total + {_sum(trees[done:])}")
    made: dict[str, Callable[[Row], float]] = {}
    exec(compile("\n".join(lines), str(source), "exec"), made)  # noqa: S102 - numbers of a file that ships with it
    return made["score"]


@cache
def load() -> Callable[[Row], float]:
    """The function of the block model's trees."""
    return compiled(json.loads(SOURCE.read_text(encoding="utf-8")), NAMES, SOURCE, SURE, WHOLE)


def score(row: Row) -> float:
    """Log-odds over the threshold: above 0 the passage is story."""
    return load()(row)
