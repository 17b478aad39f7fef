"""Addresses with passwords, and what becomes of them."""

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from click.testing import CliRunner
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from archive.errors import UsageError
from benchmarks.shared.redis_server import RedisServer, free_port
from scraper.cli import main
from scraper.shared.link import Link
from scraper.shared.rounds import Orders
from scraper.shared.seeding import seed
from scraper.sites import site_for

SECRET = "tide-and-time-27"


def told(words: list[str], code: int, **environment: str) -> str:
    done = CliRunner().invoke(main, words, env=environment)
    assert done.exit_code == code, (done.output, done.exception)
    assert isinstance(done.exception, SystemExit | None)
    (line,) = [line for line in done.stderr.splitlines() if line.startswith("newsmorgue: ")]
    assert SECRET not in done.output
    assert "Traceback" not in done.output
    return line


@pytest.mark.parametrize(
    "url",
    [
        f"http://:{SECRET}@queue.example/",
        f"redis://:{SECRET}@queue.example:port/0",
        f"redis://:{SECRET}/x@queue.example:6379/0",
        f"redis://:{SECRET}@/0",
        f"redis://:{SECRET}@queue.example/zero",
        f"rediss://:{SECRET}@[queue/0",
        SECRET,
    ],
)
@pytest.mark.parametrize("words", [["workers"], ["crawl", "--seed", "https://x.example/"], ["crawl"]])
def test_a_wrong_address_is_told_without_it(url, words, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert "--redis" in told([*words, "--redis", url], 2)


def test_a_link_shows_its_place_and_no_more():
    link = Link(f"rediss://worker:{SECRET}@queue.example:6380/2")
    assert {str(link), repr(link), f"{link}"} == {"queue.example:6380/2"}


@pytest.mark.parametrize("words", [["workers"], ["crawl", "--seed", "https://x.example/"], ["crawl"]])
def test_a_wrong_password(redis_there, words, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with RedisServer(tmp_path / "redis", password="another") as server:
        url = server.url.replace("another", SECRET)
        assert "refuses this name and password" in told(words, 2, NEWSMORGUE_REDIS=url)
        without = server.url.replace(":another@", "")
        assert "name and password" in told(words, 2, NEWSMORGUE_REDIS=without)


def test_a_password_that_is_right(redis_there, tmp_path):
    with RedisServer(tmp_path / "redis", password=SECRET) as server:
        link = Link(server.url)
        assert seed(link, None, (site_for("https://x.example/"),), Orders()).addresses == 1
        done = CliRunner().invoke(main, ["workers", "--json"], env={"NEWSMORGUE_REDIS": server.url})
        assert done.exit_code == 0
        assert SECRET not in done.output
        assert '"waiting": 1' in done.output
        link.close()


def certificate(folder: Path) -> tuple[Path, Path]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    moment = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(moment - timedelta(days=1))
        .not_valid_after(moment + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    (folder / "redis.crt").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "redis.key").write_bytes(secret)
    return folder / "redis.crt", folder / "redis.key"


def test_tls_with_a_certificate_that_is_checked(redis_there, tmp_path):
    public, private = certificate(tmp_path)
    words = ["--tls-cert-file", str(public), "--tls-key-file", str(private), "--tls-auth-clients", "no",
             "--tls-ca-cert-file", str(public)]  # fmt: skip
    with RedisServer(tmp_path / "redis", password=SECRET, tls=words) as server:
        trusting = Link(f"{server.url}?ssl_ca_certs={public}")
        assert trusting.check()
        trusting.close()
        line = told(["workers"], 6, NEWSMORGUE_REDIS=server.url)
        assert "certificate does not check out" in line


@pytest.mark.parametrize("words", [["workers"], ["crawl", "--seed", "https://x.example/"]])
def test_what_does_not_wait_says_so_when_nobody_answers(words, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    url = f"redis://:{SECRET}@127.0.0.1:{free_port()}/0"
    assert "does not answer: connection refused" in told(words, 6, NEWSMORGUE_REDIS=url)


def test_a_worker_waits_for_redis_until_its_time_is_up(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    url = f"redis://:{SECRET}@127.0.0.1:{free_port()}/0"
    done = CliRunner().invoke(main, ["crawl", "--max-time", "1s"], env={"NEWSMORGUE_REDIS": url})
    assert done.exit_code == 6
    assert [line for line in done.stderr.splitlines() if "waiting" in line]
    assert SECRET not in done.output


def test_the_password_is_in_no_list_of_processes_if_it_comes_from_the_environment(redis_there, tmp_path):
    """And not in the archive either."""
    with RedisServer(tmp_path / "redis", password=SECRET) as server:
        environment = os.environ | {"NEWSMORGUE_REDIS": server.url, "PYTHONPATH": os.pathsep.join(sys.path)}
        command = [sys.executable, "-m", "scraper", "crawl", "--stay", "--worker", "w", "--max-time", "2s"]
        worker = subprocess.Popen(command, cwd=tmp_path, env=environment, stderr=subprocess.PIPE, text=True)
        words = Path(f"/proc/{worker.pid}/cmdline").read_text()
        _, errors = worker.communicate(timeout=30)
        assert worker.returncode == 0, errors
        assert SECRET not in words + errors
        assert SECRET.encode() not in (tmp_path / "news.w.db").read_bytes()


def test_a_server_that_throws_keys_away_is_refused(server, link):
    link.client.config_set("maxmemory", "100mb")
    link.client.config_set("maxmemory-policy", "allkeys-lru")
    try:
        with pytest.raises(UsageError, match="noeviction"):
            link.check()
    finally:
        link.client.config_set("maxmemory", "0")
        link.client.config_set("maxmemory-policy", "noeviction")


@pytest.mark.parametrize(
    "words",
    [
        ["crawl", "https://x.example/"],
        ["crawl", "--limit", "3"],
        ["crawl", "--seed", "--stay", "https://x.example/"],
        ["crawl", "--seed"],
        ["crawl", "--lease", "0.1s"],
        ["crawl", "--worker", "../elsewhere"],
    ],
)
def test_options_that_do_not_go_together(words, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    told(words, 2, NEWSMORGUE_REDIS=f"redis://127.0.0.1:{free_port()}/0")


def test_options_that_need_redis(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for words in (["--seed"], ["--stay"], ["--worker", "a"], ["--known", "news.db"]):
        assert "--redis" in told(["crawl", "https://x.example/", *words], 2, NEWSMORGUE_REDIS="")
    assert "NEWSMORGUE_REDIS" in told(["workers"], 2, NEWSMORGUE_REDIS="")
