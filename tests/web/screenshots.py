"""``python -m tests.web.screenshots`` writes docs/screenshots/: three pages of an invented archive."""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from archive.identity import article_id_of
from tests.web import browser, newsroom

FOLDER = Path(__file__).parents[2] / "docs" / "screenshots"
LIVE = article_id_of(newsroom.LIVE)
# Name: address, colours, height.
PICTURES = {
    "home": ("/", "light", 900),
    "difference": (f"/article/{LIVE}/diff?from=1&to=5", "light", 900),
    "site": ("/site/penmarrow-ledger.example", "dark", 900),
}


def main() -> None:
    if not browser.chromium():
        sys.exit(browser.HINT)
    FOLDER.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as folder:
        archive = newsroom.build(Path(folder) / "papers.db")
        with browser.serving(archive) as address, browser.browser() as chromium:
            for name, (page, colours, height) in PICTURES.items():
                tab = chromium.new_page(viewport={"width": 1280, "height": height}, color_scheme=colours)
                tab.goto(address + page)
                tab.screenshot(path=FOLDER / f"{name}.png")
                tab.close()
                print(FOLDER / f"{name}.png")


if __name__ == "__main__":
    main()
