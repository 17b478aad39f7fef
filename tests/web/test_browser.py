"""The pages in Chromium: by day and by night, wide and narrow, by mouse and by keyboard, and under attack."""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from archive.identity import article_id_of
from tests.needs import need_program
from tests.web import browser as browsers
from tests.web import hostile, newsroom

pytest.importorskip("playwright")
IN_CI = os.environ.get("CI") == "true"
PICTURES = os.environ.get("PICTURES")  # a folder: what every page looked like, as an artefact of the run
LIVE = article_id_of(newsroom.LIVE)
PAGES = (
    "/",
    "/search",
    "/search?q=lifeboat&site=penmarrow-ledger.example",
    "/changes",
    "/changes?kind=silent",
    "/runs",
    "/about",
    "/site/gannet-post.example",
    "/author/Mara%20Quist",
    "/section/Trade",
    f"/article/{LIVE}",
    f"/article/{LIVE}/1",
    f"/article/{LIVE}/diff?from=3&to=4",
    f"/article/{LIVE}/1/raw",
    f"/article/{article_id_of(newsroom.ARABIC)}",
    f"/article/{article_id_of(newsroom.JAPANESE)}",
    f"/article/{article_id_of(newsroom.RICH)}",
    "/nothing",
)
TABLES = ("/papers", "/papers/articles", "/papers?sql=select+id,+headline+from+articles+limit+5")
VIEWS = ((1280, "light"), (1280, "dark"), (390, "light"), (390, "dark"))
SERIOUS = ("serious", "critical")
# Whatever runs in a page is told: the strings call these.
TRAP = """
window.ran = [];
for (const name of ["alert", "confirm", "fetch"]) window[name] = () => window.ran.push(name);
Object.defineProperty(window, "hacked", { set(value) { window.ran.push("hacked"); } });
"""


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    if not browsers.chromium():
        assert not IN_CI, browsers.HINT
        pytest.skip(browsers.HINT)
    with browsers.browser() as opened:
        yield opened


@pytest.fixture(scope="module")
def axe() -> str | None:
    return browsers.axe()


@pytest.fixture(scope="module")
def address(newspaper: Path) -> Iterator[str]:
    with browsers.serving(newspaper) as address:
        yield address


class Watched:
    """A tab, and what it should not have done."""

    def __init__(self, chromium: Any, address: str, width: int = 1280, colours: str = "light", **options: Any) -> None:
        self.address = address
        self.context = chromium.new_context(
            viewport={"width": width, "height": 900}, color_scheme=colours, reduced_motion="reduce", **options
        )
        self.tab = self.context.new_page()
        self.tab.set_default_timeout(10_000)
        self.said: list[str] = []
        self.asked: list[str] = []
        self.tab.on("console", lambda message: self.said.append(message.text) if message.type == "error" else None)
        self.tab.on("pageerror", lambda error: self.said.append(str(error)))
        self.tab.on("dialog", lambda dialog: (self.said.append(dialog.message), dialog.dismiss()))
        self.tab.on("request", lambda request: self.asked.append(request.url))

    def open(self, page: str, *, until: str = "load") -> Any:
        self.tab.goto(self.address + page, wait_until=until)
        return self.tab

    def asked_elsewhere(self) -> list[str]:
        return [url for url in self.asked if not url.startswith((self.address + "/", "data:"))]

    def troubles(self) -> list[str]:
        return [line for line in self.said if "status of 404" not in line]


@pytest.fixture(scope="module")
def views(chromium: Any, address: str) -> Iterator[list[Watched]]:
    opened = [Watched(chromium, address, width, colours) for width, colours in VIEWS]
    yield opened
    for each in opened:
        each.context.close()


@pytest.fixture
def tab(chromium: Any, address: str) -> Iterator[Any]:
    watched = Watched(chromium, address)
    yield watched
    assert watched.troubles() == []
    assert watched.asked_elsewhere() == []
    watched.context.close()


def keep_picture(tab: Any, page: str, width: int, colours: str) -> None:
    """A picture of the whole page in ``PICTURES``, if that is asked for."""
    if PICTURES:
        name = re.sub(r"[^\w=-]+", "-", page).strip("-") or "home"
        tab.screenshot(path=Path(PICTURES) / f"{name}.{width}.{colours}.png", full_page=True)


def serious_issues(tab: Any, axe: str) -> list[Any]:
    """What axe-core finds on the page that is serious, or worse."""
    tab.evaluate(axe)
    found = tab.evaluate("axe.run(document, {iframes: false, resultTypes: ['violations']})")["violations"]
    nodes = ((each, node) for each in found if each["impact"] in SERIOUS for node in each["nodes"])
    return [(each["id"], node["target"], node["failureSummary"]) for each, node in nodes]


def test_axe_is_there(axe: str | None):
    """Without it the pages are still looked at, but not for what shuts people out."""
    need_program("npm", "npm")
    if axe is None:
        pytest.skip(browsers.NO_AXE)


@pytest.mark.parametrize("page", [*PAGES, *TABLES])
def test_every_page_by_day_and_night_wide_and_narrow(views: list[Watched], axe: str | None, page: str):
    for view, (width, colours) in zip(views, VIEWS, strict=True):
        tab = view.open(page)
        assert view.troubles() == [], (width, colours)
        assert view.asked_elsewhere() == []
        assert tab.evaluate("document.documentElement.scrollWidth") <= width, (width, colours)
        keep_picture(tab, page, width, colours)
        if axe and page in PAGES:
            assert serious_issues(tab, axe) == [], (width, colours)


def test_the_slider_by_keyboard(tab: Watched):
    page = tab.open(f"/article/{LIVE}/diff?from=5&to=6")
    after = page.get_by_role("slider").nth(1)
    assert after.get_attribute("aria-valuetext").startswith("6 ·")
    after.focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    page.get_by_text("to version 4").wait_for()
    assert page.locator("#to").input_value() == "4"
    page.get_by_role("slider").nth(0).focus()
    page.keyboard.press("Home")
    page.get_by_text("Version 1 (").wait_for()
    page.wait_for_url("**/diff?from=1&to=4")
    assert page.locator("ins").count() > 0


def test_the_slider_by_mouse(tab: Watched):
    page = tab.open(f"/article/{LIVE}")
    page.locator("#compare").scroll_into_view_if_needed()
    box = page.get_by_role("slider").nth(0).bounding_box()
    page.mouse.click(box["x"] + 3, box["y"] + box["height"] / 2)
    page.get_by_text("Version 1 (").wait_for()
    assert page.url.endswith(f"/article/{LIVE}")
    page.locator("#to").select_option("3")
    page.get_by_text("to version 3").wait_for()
    assert page.get_by_role("slider").nth(1).input_value() == "2"


def test_comparing_without_a_script(chromium: Any, address: str):
    watched = Watched(chromium, address, java_script_enabled=False)
    page = watched.open(f"/article/{LIVE}/diff")
    page.locator("#from").select_option("1")
    page.get_by_role("button", name="Compare").click()
    page.wait_for_url("**/diff?from=1&to=6")
    assert "Version 1 (" in page.locator(".summary").inner_text()
    watched.context.close()


def test_filters_by_mouse_and_by_keyboard(tab: Watched):
    page = tab.open("/changes")
    page.get_by_text("silent edit", exact=False).first.click()
    page.get_by_role("button", name="Show").click()
    page.wait_for_url("**/changes?kind=silent*")
    assert set(page.locator(".entry .badge").all_inner_texts()) == {"silent edit"}
    page = tab.open("/changes")
    box = page.get_by_role("checkbox", name=re.compile("correction"))
    box.focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    page.wait_for_url("**/changes?kind=correction*")
    assert set(page.locator(".entry .badge").all_inner_texts()) == {"correction"}


def test_search_by_keyboard_and_by_mouse(tab: Watched):
    page = tab.open("/")
    page.keyboard.press("/")
    page.keyboard.type("trawler")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=trawler")
    assert page.locator("mark").count() > 0
    page.locator("#q").fill("seaweed")
    page.locator("main").get_by_role("button", name="Search").click()
    page.wait_for_url("**/search?q=seaweed*")
    page.get_by_role("link", name=re.compile("eaweed")).first.click()
    page.wait_for_url("**/article/*")


def test_the_first_tab_leads_to_the_content(tab: Watched):
    page = tab.open("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.keyboard.press("Tab")
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"


def test_no_chart_needs_colours_of_the_day(tab: Watched):
    page = tab.open("/")
    page.get_by_text("The numbers").first.click()
    assert page.locator(".plot table").first.is_visible()


@pytest.fixture(scope="module")
def attacked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    path = hostile.build(tmp_path_factory.mktemp("attack") / "attacked.db", hostile.strings())
    with browsers.serving(path) as address:
        yield address


def test_five_hundred_strings_run_nothing(chromium: Any, attacked: str):
    watched = Watched(chromium, attacked)
    watched.context.add_init_script(TRAP)
    answers = watched.context.request
    ids = [
        item["article_id"]
        for page in range(1, 12)
        for item in answers.get(f"{attacked}/changes.json?kind=new&page={page}")
        .json()
        .get("_newsmorgue", {})
        .get("changes", ())
    ]
    assert len(set(ids)) == 500
    policies = []
    watched.tab.on("response", lambda answer: policies.append("content-security-policy" in answer.headers))
    lists = [
        "/",
        "/runs",
        *(f"/changes?kind=silent&page={page}" for page in range(1, 11)),
        *(f"/search?q=paragraph&page={page}" for page in range(1, 26)),
    ]
    named = [f"/site/{quote(text, safe='')}" for text in hostile.strings()[:60:10]]
    sites = ["/site/hostile0.example", *named]
    singles = [f"/article/{each}" for each in ids[-len(hostile.FORMS) :]]  # all forms, with all strings in their bodies
    frames = [f"/article/{each}/1/raw" for each in ids[-len(hostile.FORMS) :: 4]]
    for page in [*lists, *sites, *singles, *frames]:
        tab = watched.open(page, until="domcontentloaded")
        assert tab.evaluate("window.ran") == [], page
    assert [line for line in watched.said if "Blocked autofocusing" not in line] == []
    assert watched.asked_elsewhere() == []
    assert all(policies)
    assert len(policies) > 130
    watched.context.close()
