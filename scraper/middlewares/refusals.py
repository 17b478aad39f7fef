"""Why a request was not made or its answer not taken. Scrapy treats them as ignored; the spider notes the outcome."""

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)

from archive.records import Outcome

NETWORK_ERRORS = {
    CannotResolveHostError: "unknown host",
    DownloadConnectionRefusedError: "connection refused",
    DownloadTimeoutError: "no answer in time",
    ResponseDataLossError: "connection broke off",
    DownloadFailedError: "connection failed",
}


def network_error(error: BaseException) -> str | None:
    """What a network error means in a few words; ``None`` if it is none."""
    return next((words for kind, words in NETWORK_ERRORS.items() if isinstance(error, kind)), None)


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


class Withdrawn(Refusal):
    """The request is not to be made here and now, and is nobody's visit: somebody else will make it."""


class BrokenBody(Refusal):
    """The body is not what its headers announce."""

    outcome = Outcome.TRUNCATED


class BodyTooLarge(Refusal):
    """The body passes the bound when unpacked."""

    outcome = Outcome.TOO_LARGE


class NotNow(Refusal):
    """The host is left alone for the rest of the run: no visit took place, and the address waits for the next run."""


class HeadersTooLarge(Refusal):
    """The answer's headers pass the bound."""

    outcome = Outcome.TOO_LARGE
