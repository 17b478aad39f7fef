"""``python -m scraper`` is ``newsmorgue``."""

from scraper.cli import main

main(prog_name="newsmorgue")
