"""The browser: where it is, and how it is started. It never touches the net itself: see ``errands``."""

import os
import shutil
from importlib.util import find_spec
from pathlib import Path
from typing import Any

VARIABLE = "NEWSMORGUE_BROWSER"  # the executable, when newsmorgue.toml does not name it
NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome")
FLAGS = (
    "--headless",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-extensions",
    "--disable-dev-shm-usage",  # small in containers
    "--no-first-run",
    "--dns-prefetch-disable",
    # Whatever is not fetched for it by the crawl (web sockets, pings, preconnections) leads nowhere.
    "--proxy-server=http://127.0.0.1:1",
    "--proxy-bypass-list=<-loopback>",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
)
START_SECONDS = 30
PAGES = 2  # that are open at once: each is a process that takes a core and some 200 MB
SIZE = {"width": 1280, "height": 4000}  # tall, so that what loads on scrolling is there


def find_browser(named: str | None = None) -> str | None:
    """The executable: what newsmorgue.toml names, else ``$NEWSMORGUE_BROWSER``, else a Chromium on the path."""
    if wanted := named or os.environ.get(VARIABLE):
        return shutil.which(str(Path(wanted).expanduser()))
    return next(filter(None, map(shutil.which, NAMES)), None)


def browser_problem(named: str | None = None) -> str | None:
    """Why pages cannot be rendered here, or ``None``."""
    if find_spec("scrapy_playwright") is None:
        return "the extra is not installed: pip install 'newsmorgue[browser]'"
    if find_browser(named) is None:
        wanted = named or os.environ.get(VARIABLE)
        return f"no browser at {wanted}" if wanted else "no Chromium on the path (Debian: apt install chromium)"
    return None


def browser_settings(named: str | None = None) -> dict[str, Any]:
    """The settings of scrapy-playwright."""
    launch = {
        "executable_path": find_browser(named),
        "args": list(FLAGS),
        "chromium_sandbox": os.geteuid() != 0,  # Chromium refuses to run as root within its sandbox
        "timeout": START_SECONDS * 1000,
        "handle_sigint": False,  # the crawl decides when to stop
        "handle_sigterm": False,
        "handle_sighup": False,
    }
    return {
        "NEWSMORGUE_BROWSER": named,
        "PLAYWRIGHT_BROWSER_TYPE": "chromium",
        "PLAYWRIGHT_LAUNCH_OPTIONS": launch,
        "PLAYWRIGHT_DEFAULT_NAVIGATION_TIMEOUT": 0,  # the middleware keeps the time
        "PLAYWRIGHT_MAX_PAGES_PER_CONTEXT": 1,  # each page has a context of its own: no cookies, no memory
    }


def context_settings(user_agent: str) -> dict[str, Any]:
    """How a page's context is made: nothing is kept, nothing works in the background."""
    return {"user_agent": user_agent, "service_workers": "block", "accept_downloads": False, "viewport": SIZE}
