"""Exports as the reference implementation of Data Packages sees them: ``frictionless`` checks types, bounds and hashes.

``python -m benchmarks datapackage``. frictionless brings some forty packages, so that pip installs it into a virtual
environment in a temporary folder. Parquet is left out: frictionless takes its lists for something else than arrays and
does not count its bytes; DuckDB reads it in the tests.
"""

import argparse
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from archive.export import write
from archive.export.datapackage import MEDIA, NAME
from archive.store import Archive
from benchmarks.pywb import environment
from scraper.demo.tour import tour

PACKAGES = ("frictionless[json]>=5",)


def main(options: Sequence[str] = ()) -> None:
    argparse.ArgumentParser(prog="python -m benchmarks datapackage").parse_args(options)
    with TemporaryDirectory(prefix="newsmorgue-datapackage-") as name:
        folder = Path(name)
        list(tour(folder / "demo"))
        programs = environment(folder / "environment", PACKAGES)
        with Archive.open(folder / "demo" / "news.db") as archive:
            for form in sorted(set(MEDIA) - {"parquet"}):
                print(f"{form}: {write(form, archive, folder / f'news.{form}')} written")
        done = subprocess.run([str(programs / "frictionless"), "validate", NAME], cwd=folder, check=False)
        if done.returncode:
            sys.exit(done.returncode)
