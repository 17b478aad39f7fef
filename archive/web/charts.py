"""Charts drawn by pygal as SVG for the page itself: no script, no style of their own; ``style.css`` colours them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

WIDTH, HEIGHT = 480, 180
MOST_STEPS = 5
MOST_SERIES = 6  # as many colours as can be told apart; the rest is one


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing, and the table that it is drawn from: labels down, series across."""

    title: str
    svg: Markup
    labels: tuple[str, ...]
    series: tuple[tuple[str, tuple[int, ...]], ...]
    kinds: bool = False  # the series are kinds of change, which have colours of their own

    @property
    def total(self) -> int:
        """All of it."""
        return sum(sum(values) for _, values in self.series)


def grouped(series: Mapping[str, Sequence[int]]) -> tuple[tuple[str, tuple[int, ...]], ...]:
    """The greatest series, and the rest as ``other``."""
    ranked = sorted(series.items(), key=lambda item: (-sum(item[1]), item[0]))
    if len(ranked) <= MOST_SERIES:
        return tuple((name, tuple(values)) for name, values in ranked)
    shown, rest = ranked[: MOST_SERIES - 1], ranked[MOST_SERIES - 1 :]
    other = tuple(map(sum, zip(*(values for _, values in rest), strict=True)))
    return (*((name, tuple(values)) for name, values in shown), ("other", other))


def bars(title: str, labels: Sequence[str], series: Mapping[str, Sequence[int]], *, every: int = 7) -> Chart | None:
    """Stacked bars, a label under each ``every``-th; ``None`` where there is nothing to draw."""
    if not labels or not any(any(values) for values in series.values()):
        return None
    shown = grouped(series)
    return Chart(title, _draw(title, labels, shown, every), tuple(labels), shown)


def whole_steps(most: int) -> list[int]:
    """A few round whole numbers from 0 on, the last at least ``most``."""
    step = next(
        factor * 10**power for power in range(15) for factor in (1, 2, 5) if factor * 10**power * MOST_STEPS >= most
    )
    return list(range(0, most + step, step))


def _draw(title: str, labels: Sequence[str], series: Sequence[tuple[str, Sequence[int]]], every: int) -> Markup:
    import pygal
    from pygal.etree import etree
    from pygal.style import Style

    style = Style(label_font_size=14, major_label_font_size=14, font_family="inherit")
    chart = pygal.StackedBar(
        width=WIDTH, height=HEIGHT, style=style, css=[], js=[], no_prefix=True, show_legend=False,
        margin=2, margin_top=8, spacing=2, show_minor_x_labels=False, truncate_label=-1,
        print_zeroes=False, formatter=lambda value: f"{value:,.0f}",
    )  # fmt: skip
    chart.x_labels = list(labels)
    chart.x_labels_major = [label for place, label in enumerate(labels) if place % every == 0]
    for name, values in series:
        chart.add(name, list(values))
    chart.y_labels = whole_steps(max(map(sum, zip(*(values for _, values in series), strict=True))))
    root = chart.render_tree()
    _strip(root, series)
    root.attrib.update({"role": "img", "aria-label": title, "class": "chart", "focusable": "false"})
    root.attrib.pop("id", None)
    return Markup(etree.tostring(root).decode())  # noqa: S704 - made here, names escaped by the tree


def _strip(root: "object", series: Sequence[tuple[str, Sequence[int]]]) -> None:
    """Take out what only pygal's script and style would use; what a bar stands for becomes its title."""
    names = [name for name, _ in series]
    for parent in list(root.iter()):  # type: ignore[attr-defined]
        for child in list(parent):
            tag = child.tag.rpartition("}")[2] if isinstance(child.tag, str) else ""
            if tag in ("", "defs", "desc", "title") or "tooltip-overlay" in child.get("class", ""):
                if tag == "desc" and child.get("class") in ("value", "x_label"):
                    parent.set("data-" + child.get("class").replace("_", "-"), child.text or "")
                parent.remove(child)
        parent.attrib.pop("style", None)
    for place, name in enumerate(names):
        _name_bars(root, place, name)


def _name_bars(root: "object", place: int, name: str) -> None:
    for group in root.iter():  # type: ignore[attr-defined]
        if f"serie-{place} " in f"{group.get('class', '')} ":
            for bar in group.iter():
                value, label = bar.attrib.pop("data-value", None), bar.attrib.pop("data-x-label", "")
                if value is not None:
                    title = bar.makeelement(bar.tag.replace("}g", "}title") if "}" in bar.tag else "title", {})
                    title.text = f"{label}: {value} {name}"
                    bar.append(title)
