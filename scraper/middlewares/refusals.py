"""Why a request was not made or its answer not taken. Scrapy treats them as ignored; the spider notes the outcome."""

from scrapy.exceptions import IgnoreRequest

from archive.records import Outcome


class Refusal(IgnoreRequest):
    """Base of the refusals; the message says why in a few words."""

    outcome = Outcome.REFUSED


class GuardRefusal(Refusal):
    """A guard said no: a private address, a foreign scheme, another site."""


class RobotsRefusal(Refusal):
    """robots.txt says no, or cannot be asked."""

    outcome = Outcome.DENIED


class HostUnreachable(Refusal):
    """The host did not answer when it was asked for robots.txt."""

    outcome = Outcome.FAILED


class BrokenBody(Refusal):
    """The body is not what its headers announce."""

    outcome = Outcome.TRUNCATED


class BodyTooLarge(Refusal):
    """The body passes the bound when unpacked."""

    outcome = Outcome.TOO_LARGE
