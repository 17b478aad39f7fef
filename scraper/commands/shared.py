"""``newsmorgue workers``, and what ``crawl --redis`` does."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from archive import cli_options as options
from archive.errors import NothingFetched, UsageError
from scraper.commands.configured import config_of
from scraper.commands.reporting import report

if TYPE_CHECKING:
    from scraper.progress import Progress
    from scraper.shared.link import Link
    from scraper.shared.worker import Hire
    from scraper.sites import Config

Command = TypeVar("Command", bound=Callable[..., Any])
VARIABLE = "NEWSMORGUE_REDIS"


def redis_option(command: Command) -> Command:
    """``--redis``, which is better given in the environment: other users can see the words of a command."""
    return click.option(
        "--redis",
        metavar="URL",
        envvar=VARIABLE,
        help=f"Redis server: redis://host[:port][/number], rediss:// for TLS. A password belongs in ${VARIABLE}.",
    )(command)


def shared_options(command: Command) -> Command:
    """What ``crawl`` takes beside ``--redis``."""
    for decorate in (
        click.option("--seed", is_flag=True, help="With --redis: put the sites into the shared frontier, and end."),
        click.option(
            "--worker", metavar="NAME", help="With --redis: this worker's name. [default: machine and number]"
        ),
        click.option("--stay", is_flag=True, help="With --redis: wait for more when the frontier is empty."),
        click.option(
            "--known",
            type=click.Path(path_type=Path),
            metavar="PATH",
            help="With --redis: the merged archive; what it has is only asked for changes. Read, never written.",
        ),
        click.option(
            "--lease",
            metavar="TIME",
            default="60s",
            show_default=True,
            help="With --redis: after so long without a sign of life a worker's hosts go to others.",
        ),
    ):
        command = decorate(command)
    return command


@click.command()
@redis_option
@options.json_option
def workers(redis: str | None, *, as_json: bool) -> None:
    """Show a crawl that is shared through Redis: the frontier, the workers and the hosts that they hold.

    Example: newsmorgue workers --redis redis://queue.example/0
    """
    from scraper.shared.link import Link, RedisAway
    from scraper.shared.status import status

    if not redis:
        raise UsageError(f"which Redis? give --redis URL, or set {VARIABLE}")
    link = Link(redis)
    try:
        now = status(link.reached())
    except RedisAway as error:
        raise NothingFetched(f"Redis at {link} does not answer: {error}") from None
    if as_json:
        for what, rows in (("frontier", (now.frontier,)), ("worker", now.workers), ("lease", now.leases)):
            for row in rows:
                click.echo(json.dumps({"what": what} | row, ensure_ascii=False))
        return
    from archive.commands.output import print_fields, print_rows

    print_fields({name: value for name, value in now.frontier.items() if value is not None})
    columns = ("worker", "hosts", "visits", "articles", "rate", "unsettled", "expires_in", "place", "shard")
    print_rows(now.workers, columns, nothing="no workers")
    held = ("host", "worker", "taken", "waiting", "delay", "expires_in")
    print_rows(now.leases, held, nothing="no leases")


def crawl_shared(  # noqa: PLR0913 - one argument an option
    ctx: click.Context,
    redis: str,
    names: tuple[str, ...],
    *,
    archive: Path,
    given: dict[str, Any],
    shared: dict[str, Any],
    progress: "Progress",
    quiet: bool,
    as_json: bool,
) -> None:
    """Seed, or work. Raises ``UsageError`` for options that do not go together."""
    from scraper.commands.crawl import parse_duration
    from scraper.shared.link import Link

    link, config = Link(redis), config_of(ctx)
    seconds = parse_duration(given["max_time"]) if given["max_time"] else None
    try:
        if shared["seed"]:
            _seed(link, config, names, given, shared, quiet=quiet, as_json=as_json)
        elif names or given["limit"] or given["since"] or given["full"]:
            raise UsageError("sites, --limit, --since and --full are given with --seed; workers take what they get")
        else:
            hire = _hire(archive, shared, seconds, config)
            ctx.exit(_work(link, hire, progress, quiet=quiet, as_json=as_json))
    finally:
        link.close()


def _seed(
    link: "Link",
    config: "Config | None",
    names: tuple[str, ...],
    given: dict[str, Any],
    shared: dict[str, Any],
    *,
    quiet: bool,
    as_json: bool,
) -> None:
    from dataclasses import asdict

    from scraper.shared.rounds import Orders
    from scraper.shared.seeding import seed
    from scraper.sites import choose_sites

    if shared["stay"] or shared["worker"]:
        raise UsageError("--seed ends when it has fed the frontier: --stay and --worker are for workers")
    orders = Orders(since=given["since"], full=given["full"])
    done = seed(link, config, choose_sites(config, names), orders, limit=given["limit"], known=shared["known"])
    if as_json:
        click.echo(json.dumps(asdict(done)))
    elif not quiet:
        click.echo(f"round {done.round}: {done.sites} sites, {done.addresses} addresses to begin with")


def _hire(archive: Path, shared: dict[str, Any], seconds: float | None, config: "Config | None") -> "Hire":
    from scraper.commands.crawl import parse_duration
    from scraper.shared.worker import LONGEST_LEASE, SHORTEST_LEASE, Hire

    lease = parse_duration(shared["lease"])
    if not SHORTEST_LEASE <= lease <= LONGEST_LEASE:
        raise UsageError("--lease is from 1s to 1h")
    return Hire(
        archive=archive,
        name=shared["worker"],
        stay=shared["stay"],
        lease=lease,
        known=shared["known"],
        browser=config.browser if config else None,
        max_seconds=seconds,
    )


def _work(link: "Link", hire: "Hire", progress: "Progress", *, quiet: bool, as_json: bool) -> int:
    from scraper.reactor import leave_if_held_up
    from scraper.shared.worker import work

    code, stopped = 0, False
    for summary in work(link, hire, progress):
        report(summary, as_json=as_json, quiet=quiet)
        code = summary.exit_code if summary.exit_code >= 128 else max(code, summary.exit_code)
        stopped |= bool(summary.stopped)
    if stopped:
        leave_if_held_up(code)
    return code
