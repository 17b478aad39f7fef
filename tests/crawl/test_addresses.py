import gzip
import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.middlewares.addresses import is_private, literal_address
from scraper.middlewares.decoding import decode, zstd
from scraper.middlewares.refusals import BodyTooLarge, BrokenBody


@pytest.mark.parametrize(
    "host",
    [
        *("127.0.0.1", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "0x7f.1", "127.0.0.1.", "0", "0.0.0.0"),
        *("10.0.0.8", "192.168.1.1", "172.16.5.4", "169.254.169.254", "100.64.0.1", "224.0.0.1", "255.255.255.255"),
        *("::1", "[::1]", "::ffff:127.0.0.1", "[::ffff:7f00:1]", "fe80::1%eth0", "fc00::1", "2002:7f00:1::", "::"),
        *("64:ff9b::7f00:1", "64:ff9b:1::a00:1", "::127.0.0.1", "\uff11\uff12\uff17.0.0.1", "127\u30020\u30020\u30021"),
    ],
)
def test_private_in_every_spelling(host):
    address = literal_address(host)
    assert address is not None
    assert is_private(address)


@pytest.mark.parametrize("host", ["8.8.8.8", "134744072", "2606:4700:4700::1111"])
def test_public(host):
    address = literal_address(host)
    assert address is not None
    assert not is_private(address)


@pytest.mark.parametrize("host", ["example.com", "1.2.3.4.5", "256.1.1.1", "0x", "1..2", "", "127.0.0.1.nip.example"])
def test_names(host):
    address = literal_address(host)
    assert address is None or host == "0x"


@given(st.integers(0, 2**32 - 1))
def test_a_number_is_the_address_that_it_counts(number):
    assert literal_address(str(number)) == ipaddress.IPv4Address(number)


@given(st.text(max_size=30))
def test_no_host_breaks_it(host):
    literal_address(host)


@given(st.binary(max_size=500))
def test_what_is_packed_is_unpacked(body):
    assert decode(gzip.compress(body), ["gzip"], 1000) == body
    assert decode(body, ["identity"], 1000) == body


def test_bounds_and_breakage():
    with pytest.raises(BodyTooLarge):
        decode(gzip.compress(b"x" * 2000), ["gzip"], 1000)
    with pytest.raises(BrokenBody):
        decode(gzip.compress(b"hello")[:-2], ["gzip"], 1000)
    with pytest.raises(BrokenBody):
        decode(b"x", ["br"], 1000)
    with pytest.raises(BrokenBody):
        decode(b"plain after all", ["gzip"], 1000)
    with pytest.raises(BodyTooLarge):
        decode(gzip.compress(b"") * 500, ["gzip"], 1000)
    with pytest.raises(BrokenBody):
        decode(b"x", ["gzip"] * 9, 1000)


def test_encodings_upon_each_other_are_bounded_at_each_step():
    assert decode(zstd.compress(gzip.compress(b"news")), ["gzip", "zstd"], 1000) == b"news"
    bomb = gzip.compress(gzip.compress(b"x" * 10_000_000))
    with pytest.raises(BodyTooLarge):
        decode(bomb, ["gzip", "gzip"], 100_000)
    with pytest.raises(BodyTooLarge):
        decode(zstd.compress(b"x" * 10_000_000), ["zstd"], 100_000)
    with pytest.raises(BrokenBody):
        decode(zstd.compress(b"news")[:-1], ["zstd"], 1000)
