"""The log: events with time, level, name, run, site and address, as text or as one JSON object a line; no secrets.

Nothing is logged unless asked for: a run tells of itself by its progress and its summary. With ``--log-format`` all
that would stand on standard error is an event.
"""

import json
import logging
import os
import re
import sys
from logging.handlers import WatchedFileHandler
from pathlib import Path
from typing import Any

from archive.errors import UsageError
from archive.times import now

LOGGER = logging.getLogger("newsmorgue")
LEVELS = ("debug", "info", "warning", "error")
FORMATS = ("text", "json")
LIBRARIES = ("scrapy", "scrapy-playwright", "playwright", "twisted", "asyncio", "filelock")
USERINFO = re.compile(r"(?<=://)[^/\s@'\"]+(?=@)")
TELLING = re.compile(
    r"(?i)([?&](?:api_?key|access_token|auth|key|passw(?:or)?d|secret|sig(?:nature)?|token)=)[^&\s#'\"]+"
    r"|(\b(?:authorization|cookie|set-cookie)\b['\"]?\s*[:=]\s*)[^\r\n]+"
)
HIDDEN = "***"
_secrets: set[str] = set()
_run: list[str] = []


def keep_secret(text: str | None) -> None:
    """Let ``text`` stand in no log: a password, a token, an address that whoever knows it may use."""
    if text and len(text) > 3:
        _secrets.add(text)


def without_secrets(text: str) -> str:
    """``text`` with every secret that was named, and whatever looks like one, hidden."""
    for secret in sorted(_secrets, key=len, reverse=True):
        text = text.replace(secret, HIDDEN)
    text = USERINFO.sub(HIDDEN, text)
    return TELLING.sub(lambda match: f"{match[1] or match[2]}{HIDDEN}", text)


def event(level: int, name: str, message: str, **fields: Any) -> None:
    """Log that ``name`` happened; ``fields`` such as ``site`` and ``url`` stand apart where the format lets them."""
    if LOGGER.isEnabledFor(level):
        LOGGER.log(level, "%s", message, extra={"event": name, "fields": fields})


def set_run(run_id: str | None) -> None:
    """Name the run that events from now on belong to."""
    _run[:] = [run_id] if run_id else []


class TextLines(logging.Formatter):
    """``2026-01-13T09:30:00.000Z INFO visit: https://…``, a line each."""

    def format(self, record: logging.LogRecord) -> str:
        """The line; a traceback follows on further ones."""
        line = f"{now()} {record.levelname} {getattr(record, 'event', record.name)}: {record.getMessage()}"
        if record.exc_info:
            line += "\n" + self.formatException(record.exc_info)
        return without_secrets(line)


class JsonLines(logging.Formatter):
    """One JSON object a line: ``time, level, event, run, site, url, message`` and what else the event has."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        fields: dict[str, Any] = getattr(record, "fields", {})
        told = {
            "time": now(),
            "level": record.levelname.lower(),
            "event": getattr(record, "event", record.name),
            "run": _run[0] if _run else None,
            "site": fields.get("site"),
            "url": fields.get("url"),
            "message": record.getMessage(),
        }
        told |= {name: value for name, value in fields.items() if name not in told}
        if record.exc_info:
            told["error"] = self.formatException(record.exc_info)
        return json.dumps(_clean(told), ensure_ascii=False, default=str)


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return without_secrets(value)
    if isinstance(value, dict):
        return {name: _clean(each) for name, each in value.items()}
    return [_clean(each) for each in value] if isinstance(value, list | tuple) else value


def _handler(file: Path | None) -> logging.Handler:
    if file is None:
        return logging.StreamHandler(sys.stderr)
    try:
        os.close(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600))
        return WatchedFileHandler(file, encoding="utf-8")  # goes on in a new file when the old one is moved away
    except OSError as error:
        raise UsageError(f"cannot write the log {file}: {error.strerror or error}") from None


def start_logging(form: str = "text", level: str = "warning", file: Path | None = None) -> None:
    """Log from ``level`` on, in ``form``, to ``file`` or standard error. Libraries tell of errors, of all in debug.

    Raises ``UsageError`` if the file cannot be written.
    """
    handler = _handler(file)
    handler.setFormatter(JsonLines() if form == "json" else TextLines())
    root = logging.getLogger()
    for old in [each for each in root.handlers if isinstance(each.formatter, TextLines | JsonLines)]:
        root.removeHandler(old)
        old.close()
    root.addHandler(handler)
    LOGGER.setLevel(level.upper())


def quiet_libraries() -> None:
    """Scrapy and its kin log what becomes an outcome here; only what is worse than that is let through."""
    level = logging.DEBUG if LOGGER.level == logging.DEBUG else logging.ERROR
    for name in LIBRARIES:
        logging.getLogger(name).setLevel(level)
