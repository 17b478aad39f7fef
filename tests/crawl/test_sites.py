import pytest

from archive.errors import ConfigError, UsageError
from scraper.settings import MAX_PAGES, USER_AGENT, pace_of, user_agent
from scraper.sites import choose_sites, load_config, parse_config, site_for

GOOD = """
contact = "mailto:desk@ledger.example"
[[site]]
name = "ledger"
url = "https://www.ledger.example/"
deny = ["/video/"]
delay = 2

[[site]]
url = "http://127.0.0.1:8000/"
user_agent = "mine/1"
"""


def test_two_sites_and_what_they_share():
    first, second = parse_config(GOOD).sites
    assert (first.name, first.key, first.delay, first.contact) == (
        "ledger",
        "ledger.example",
        2.0,
        "mailto:desk@ledger.example",
    )
    assert second.name == "127.0.0.1:8000"
    assert user_agent(first).endswith("(+mailto:desk@ledger.example)")
    assert user_agent(second) == "mine/1"
    assert user_agent(site_for("https://x.example")) == USER_AGENT


def test_a_site_covers_its_host_with_and_without_www():
    site = site_for("https://www.ledger.example/news")
    assert site.covers("http://ledger.example/a")
    assert not site.covers("https://sport.ledger.example/a")
    assert not site.covers("https://notledger.example/a")
    wide = parse_config('[[site]]\nurl="https://ledger.example"\nsubdomains=true').sites[0]
    assert wide.covers("https://sport.ledger.example/a")
    assert not wide.covers("https://notledger.example/a")


def test_public_hosts_are_spared_and_local_ones_are_not():
    ledger, local = (next(site for site in parse_config(GOOD).sites if name in site.url) for name in ("ledger", "127"))
    assert pace_of(ledger, "www.ledger.example") == {"delay": 2.0, "width": 1, "adapts": True, "most": MAX_PAGES}
    assert pace_of(local, "127.0.0.1") == {"delay": 0.0, "width": 8, "adapts": False, "most": MAX_PAGES}
    assert pace_of(site_for("https://x.example"), "x.example")["delay"] == 1.0
    assert pace_of(None, "elsewhere.example")["delay"] == 1.0


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a = ", ":1: no valid TOML"),
        ('x = """\n\n', "no valid TOML"),
        ('[[site]]\nurl="https://a.example"\n\nfeed=["x"]', ":4: unknown key 'feed'; did you mean 'feeds'?"),
        ("colour = 1", ":1: unknown key 'colour'; known are archive"),
        (
            '[[site]]\nurl="https://a.example"\n[[site]]\nurl = "ftp://b"',
            ":4: url 'ftp://b' is no http or https address",
        ),
        ('[[site]]\nurl="https://a.example"\nallow=[\n "ok",\n "(x",\n]', ":5: allow '(x' is no regular expression"),
        ('[[site]]\nurl="https://a.example"\nlimit="5"', ":3: limit must be a whole number"),
        ('[[site]]\nurl="https://a.example"\nlimit=true', ":3: limit must be a whole number"),
        ('[[site]]\nurl="https://a.example"\ndelay=-1', ":3: delay must be a number of seconds"),
        ('[[site]]\nurl="https://a.example"\nsubdomains="yes"', ":3: subdomains must be true or false"),
        ('[[site]]\nurl="https://a.example"\nfeeds="x"', ":3: feeds must be a list"),
        ('[[site]]\nurl="https://a.example"\nnoarchive="no"', ':3: noarchive must be "record" or "obey"'),
        ('[site]\nurl="https://a.example"', ":1: a site is written [[site]]"),
        ('[[site]]\nname="x"', ":1: this [[site]] has no url"),
        (
            '[[site]]\nurl="https://a.example"\n[[site]]\nurl="https://www.a.example/b"',
            ":3: the name 'a.example' is taken",
        ),
        ("site = 5", ":1: a site is written [[site]]"),
        ("site = [5]", "[[site]] must be a table"),
        ('archive = ""', ":1: archive must be a text"),
    ],
)
def test_mistakes_are_told_with_their_line(text, message):
    with pytest.raises(ConfigError) as caught:
        parse_config(text)
    assert message in str(caught.value)
    assert str(caught.value).startswith("newsmorgue.toml:")
    assert "\n" not in str(caught.value)


def test_missing_and_unreadable_files(tmp_path):
    with pytest.raises(ConfigError, match="no such file"):
        load_config(tmp_path / "newsmorgue.toml")
    (tmp_path / "bad.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(ConfigError, match="cannot be read"):
        load_config(tmp_path / "bad.toml")


def test_sites_are_chosen_by_name_or_address():
    config = parse_config(GOOD)
    assert choose_sites(config, ()) == config.sites
    assert choose_sites(config, ("ledger",)) == config.sites[:1]
    assert choose_sites(config, ("http://127.0.0.1:8000",)) == config.sites[1:]
    assert choose_sites(config, ("new.example",))[0].url == "https://new.example"
    for known, names in ((None, ()), (None, ("nope",)), (config, ("file:///etc/passwd",))):
        with pytest.raises(UsageError):
            choose_sites(known, names)
