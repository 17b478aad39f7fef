"""Load a library as if others were not installed that it would load with itself."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

UNWANTED = ("numpy", "pandas")


@contextmanager
def without_pandas(package: str) -> Iterator[None]:
    """Meanwhile ``package`` is imported without numpy and pandas; who imports it later gets all of it.

    sqlite-utils loads both where they are installed, for its tables of types: half a second and 60 MiB at the start of
    each crawl into a new file. Nothing is done where one of the three is loaded already.
    """
    if not sys.modules.keys().isdisjoint({package, *UNWANTED}):
        yield
        return
    sys.modules.update(dict.fromkeys(UNWANTED))  # type: ignore[arg-type]  # None: there is no such module
    try:
        yield
    finally:
        ours = [name for name in sys.modules if name == package or name.startswith(package + ".")]
        for name in (*UNWANTED, *ours):
            del sys.modules[name]
