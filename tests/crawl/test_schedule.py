"""``newsmorgue schedule``: units and crontab lines that work as they are printed."""

import json
import re
import shlex
import subprocess
import sys

import pytest

from archive.errors import UsageError
from scraper.schedule import Job, crontab, name_of, parse_every, systemd
from tests.crawl.newsroom import article, hub
from tests.needs import need_program

INTERVALS = ("5m", "30m", "hourly", "2h", "6h", "12h", "daily", "1d", "weekly", "1 week")
NASTY = 'it\'s 100% of $HOME, "quoted" \\ and a;b'


def job(folder="/srv/news", minutes=360, **rest):
    command = ("/opt/venv/bin/newsmorgue", "crawl", "--archive", f"{folder}/news.db")
    return Job(command=command, folder=folder, name="newsmorgue-news", minutes=minutes, log="/srv/n.log", **rest)


@pytest.mark.parametrize("every", ["0m", "7m", "5h", "3d", "often", "", "1.5h", "90m"])
def test_intervals_that_no_timer_keeps_to_are_refused(every):
    with pytest.raises(UsageError, match="try"):
        parse_every(every)


@pytest.mark.parametrize("every", INTERVALS)
def test_systemd_takes_the_units_and_their_calendar_keeps_the_interval(every, tmp_path):
    need_program("systemd-analyze", "systemd")
    folder = tmp_path / "a b 100%"
    folder.mkdir()
    units = systemd(job(str(folder), parse_every(every)))
    for name, text in units.items():
        (tmp_path / name).write_text(text.replace("/opt/venv/bin/newsmorgue", sys.executable))  # one that is there
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *[str(tmp_path / name) for name in units]],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={"SYSTEMD_UNIT_PATH": f"{tmp_path}:", "PATH": "/usr/bin:/bin"},
    )
    assert str(tmp_path) not in done.stderr, done.stderr
    when = re.search(r"OnCalendar=(.*)", units["newsmorgue-news.timer"])[1]
    shown = subprocess.run(
        ["systemd-analyze", "calendar", "--iterations=3", when], capture_output=True, text=True, timeout=60, check=True
    ).stdout
    assert shown.count("Iter.") + shown.count("Iteration") >= 2


def test_systemd_gets_each_argument_as_it_is():
    unit = systemd(Job(command=("/bin/n", NASTY), folder="/", name="n", minutes=60, log="/l"))["n.service"]
    (line,) = re.findall(r"^ExecStart=(.*)$", unit, re.MULTILINE)
    assert line == '/bin/n "it\'s 100%% of $$HOME, \\"quoted\\" \\\\ and a;b"'


def test_a_shell_gets_each_argument_of_the_crontab_as_it_is(tmp_path):
    show = (sys.executable, "-c", "import json, os, sys; print(json.dumps([os.getcwd(), *sys.argv[1:]]))", NASTY)
    folder = tmp_path / "100% a'b"
    folder.mkdir()
    line = crontab(Job(command=show, folder=str(folder), name="n", minutes=30, log="/var/log/a b.log"))
    when, command = re.fullmatch(r"((?:\S+ ){5})(.*)", line).groups()
    assert not re.search(r"(?<!\\)%", command)
    as_cron_does = command.replace(r"\%", "%")
    done = subprocess.run(["/bin/sh", "-c", as_cron_does], capture_output=True, text=True, timeout=30, check=True)
    told = json.loads(done.stdout)
    assert told[:2] == [str(folder), NASTY]
    assert told[told.index("--log-file") + 1] == "/var/log/a b.log"
    assert re.fullmatch(r"\d+-59/30 \* \* \* \* ", when)


@pytest.mark.parametrize(
    ("every", "fields"),
    [("hourly", r"\d+ \*"), ("6h", r"\d+ \*/6"), ("daily", r"\d+ [2-5]"), ("1m", r"\* \*"), ("15m", r"\d+-59/15 \*")],
)
def test_crontab_times(every, fields):
    assert re.match(fields + r" \* \* [*1]", crontab(job(minutes=parse_every(every))))


def test_archives_begin_at_times_of_their_own():
    assert len({job(f"/srv/{n}", 60).offset for n in range(30)}) > 10


@pytest.mark.parametrize(
    ("archive", "sites", "name"),
    [
        ("/srv/news.db", (), "newsmorgue-news"),
        ("/srv/my news!.db", ("ledger",), "newsmorgue-my-news-ledger"),
        ("/srv/x.db", ("https://a.example/b?c=1",), "newsmorgue-x-a.example-b-c-1"),
        ("/srv/….db", (), "newsmorgue-archive"),
    ],
)
def test_names_are_those_of_units(archive, sites, name):
    assert name_of(archive, sites) == name


@pytest.fixture
def command(tmp_path):
    def go(*words):
        return subprocess.run(
            [sys.executable, "-m", "scraper", "schedule", *words],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
            cwd=tmp_path,
        )

    return go


def test_the_printed_line_crawls_the_site_of_the_file(newsroom, tmp_path, command):
    newsroom.pages = {"/": hub("/2026/01/01/a-story-by-the-clock"), "/2026/01/01/a-story-by-the-clock": article(1)}
    (tmp_path / "newsmorgue.toml").write_text(f'archive = "sub dir/n.db"\n[[site]]\nurl = "{newsroom.base}/"\n')
    (tmp_path / "sub dir").mkdir()
    done = command("--cron", "--every", "daily", "--max-time", "20m", "--metrics", "n.prom")
    line = done.stdout.strip()
    assert line.count("\n") == 0
    shell = re.sub(r"^(?:\S+ ){5}", "", line).replace(r"\%", "%")
    words = shlex.split(shell)
    start = words.index("&&") + 1
    words[start : words.index("crawl")] = [sys.executable, "-m", "scraper"]
    ran = subprocess.run(words[start:], cwd=words[1], capture_output=True, text=True, timeout=60, check=False)
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")
    assert (tmp_path / "sub dir" / "n.db").exists()
    assert 'newsmorgue_run_exit_code{archive="' in (tmp_path / "n.prom").read_text()
    events = [json.loads(each)["event"] for each in (tmp_path / "newsmorgue.log").read_text().splitlines()]
    assert events == ["run_started", "change", "run_ended"]


def test_what_cannot_be_crawled_is_refused(command, tmp_path):
    done = command()
    assert (done.returncode, done.stdout) == (2, "")
    assert command("https://a.example/", "--every", "7m").returncode == 2
    assert command("https://a.example/", "--max-time", "soon").returncode == 2


def test_units_are_printed_or_written(command, tmp_path):
    shown = command("https://a.example/").stdout
    assert "# ~/.config/systemd/user/newsmorgue-news-a.example.timer" in shown
    assert f"--archive {tmp_path}/news.db" in shown
    written = command("https://a.example/", "--output", "units").stdout.split()
    assert [tmp_path.joinpath(name).read_text() in shown for name in written] == [True, True]
