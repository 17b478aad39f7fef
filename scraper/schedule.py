"""A timer or a crontab line that runs ``newsmorgue crawl`` for ever. Pure: to install it is for the user to do."""

import hashlib
import re
import shlex
from collections.abc import Sequence
from dataclasses import dataclass

from archive.errors import UsageError

PLAIN = re.compile(r"[\w@%+=:,./-]+")
EVERY = re.compile(r"(\d+)\s*(m|min|minutes?|h|hours?|d|days?|w|weeks?)|hourly|daily|weekly")
MINUTES = {"m": 1, "h": 60, "d": 24 * 60, "w": 7 * 24 * 60}
NAMED = {"hourly": 60, "daily": 24 * 60, "weekly": 7 * 24 * 60}


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What is to be run: ``command`` with absolute paths, in ``folder``, every so many minutes.

    ``name`` is that of the units; ``log`` the file that cron's runs log to.
    """

    command: tuple[str, ...]
    folder: str
    name: str
    minutes: int
    log: str

    @property
    def offset(self) -> int:
        """Minutes after the hour: spread over archives, so that not all of a machine's begin at once."""
        return int(hashlib.sha256(f"{self.folder}\n{self.name}".encode()).hexdigest(), 16) % min(self.minutes, 60)

    @property
    def hour(self) -> int:
        """Of the day, for what runs daily or less often: in the small hours."""
        return 2 + int(hashlib.sha256(self.name.encode()).hexdigest(), 16) % 4


def parse_every(words: str) -> int:
    """Minutes of ``30m``, ``6h``, ``daily`` or ``weekly``. Raises ``UsageError`` for what no timer can keep to."""
    match = EVERY.fullmatch(words.strip().lower())
    if match is None:
        raise UsageError(f"{words!r} is no interval: try 30m, hourly, 6h, daily or weekly")
    minutes = NAMED[words.strip().lower()] if match[1] is None else int(match[1]) * MINUTES[match[2][0]]
    day, week = NAMED["daily"], NAMED["weekly"]
    regular = minutes and (60 % minutes == 0 or (minutes % 60 == 0 and day % minutes == 0))
    if not regular and minutes != week:
        raise UsageError(f"{words!r} does not divide the hour or the day: try 30m, 2h, 6h, daily or weekly")
    return minutes


def _systemd_word(word: str) -> str:
    """One argument of ``ExecStart``."""
    word = word.replace("%", "%%").replace("$", "$$")
    if PLAIN.fullmatch(word):
        return word
    escaped = word.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return f'"{escaped}"'


def _on_calendar(job: Job) -> str:
    minutes = job.minutes
    if minutes == NAMED["weekly"]:
        return f"Mon {job.hour:02}:{job.offset:02}"
    if minutes == NAMED["daily"]:
        return f"{job.hour:02}:{job.offset:02}"
    if minutes >= 60:
        return f"00/{minutes // 60}:{job.offset:02}" if minutes > 60 else f"*:{job.offset:02}"
    return f"*:{job.offset:02}/{minutes}"


def systemd(job: Job) -> dict[str, str]:
    """A service and its timer, by the names of their files."""
    service = f"""\
[Unit]
Description=newsmorgue: crawl into {_described(job.name)}
Wants=network-online.target
After=network-online.target

[Service]
Type=oneshot
WorkingDirectory={job.folder.replace("%", "%%")}
ExecStart={" ".join(map(_systemd_word, job.command))}
# 3: done, but a site needs a look. 143: stopped in time by systemd itself. Leave 3 out to be told of it.
SuccessExitStatus=3 143
# A stopped crawl ends within ten seconds and loses nothing.
TimeoutStopSec=30
UMask=0077
Nice=10
"""
    timer = f"""\
[Unit]
Description=newsmorgue: when to crawl into {_described(job.name)}

[Timer]
OnCalendar={_on_calendar(job)}
RandomizedDelaySec=60
Persistent=true

[Install]
WantedBy=timers.target
"""
    return {f"{job.name}.service": service, f"{job.name}.timer": timer}


def _described(name: str) -> str:
    return name.removeprefix("newsmorgue-").replace("%", "%%")


def crontab(job: Job) -> str:
    """A line of a user's crontab: ``%`` escaped, in a folder of its own, and no mail but of errors."""
    at = {NAMED["daily"]: f"{job.offset} {job.hour} * * *", NAMED["weekly"]: f"{job.offset} {job.hour} * * 1"}
    if job.minutes < 60:
        first = f"{job.offset}-59/{job.minutes}" if job.minutes > 1 else "*"
        when = f"{first} * * * *"
    else:
        hours = "*" if job.minutes == 60 else f"*/{job.minutes // 60}"
        when = at.get(job.minutes, f"{job.offset} {hours} * * *")
    command = shlex.join([*job.command, "--quiet", "--log-format", "json", "--log-file", job.log])
    return f"{when} cd {shlex.quote(job.folder)} && {command}".replace("%", r"\%")


def name_of(archive: str, sites: Sequence[str]) -> str:
    """The units' name: of the archive's file, and of the sites if not all are meant."""
    words = [archive.rpartition("/")[2].removesuffix(".db"), *sites]
    plain = "-".join(re.sub(r"^\w+://", "", word) for word in words)
    return "newsmorgue-" + (re.sub(r"[^\w.]+", "-", plain, flags=re.ASCII).strip("-.") or "archive")[:80]
