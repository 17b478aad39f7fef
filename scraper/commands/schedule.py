"""``newsmorgue schedule``."""

import shutil
import sys
from pathlib import Path

import click

from archive.cli_options import CONFIG_KEY, DEFAULT_CONFIG, archive_option
from archive.errors import UsageError
from scraper.commands.configured import config_of


def this_program() -> tuple[str, ...]:
    """The command that is running, with absolute paths: the script, or Python with the package."""
    called = Path(sys.argv[0])
    if called.name == "newsmorgue" and (found := shutil.which(called)):
        return (str(Path(found).absolute()),)
    beside = Path(sys.executable).parent / "newsmorgue"
    return (str(beside),) if beside.is_file() else (sys.executable, "-m", "scraper")


@click.command()
@click.argument("sites", nargs=-1, metavar="[SITE|URL]...")
@archive_option
@click.option("--systemd", "form", flag_value="systemd", default="systemd", help="A service and its timer. [default]")
@click.option("--cron", "form", flag_value="cron", help="A line for crontab -e.")
@click.option("--every", metavar="TIME", default="6h", help="30m, hourly, 6h, daily, weekly. [default: 6h]")
@click.option("--max-time", metavar="TIME", help="As for crawl. [default: none]")
@click.option("--metrics", metavar="FILE", type=click.Path(path_type=Path), help="As for crawl.")
@click.option("--output", metavar="DIR", type=click.Path(path_type=Path), help="Write the units into a folder.")
@click.pass_context
def schedule(  # noqa: PLR0913 - one argument an option
    ctx: click.Context,
    sites: tuple[str, ...],
    archive: Path,
    form: str,
    every: str,
    max_time: str | None,
    *,
    metrics: Path | None,
    output: Path | None,
) -> None:
    """Print a systemd service with its timer, or a crontab line, that crawls again and again.

    All paths are absolute, so that it works from anywhere. Nothing is installed.

    Example: newsmorgue schedule --cron --every 2h --max-time 90m
    """
    from scraper.commands.crawl import parse_duration
    from scraper.schedule import Job, crontab, name_of, parse_every, systemd
    from scraper.sites import choose_sites

    choose_sites(config_of(ctx), sites)  # what cannot be crawled is told now, not at night
    if max_time:
        parse_duration(max_time)
    config = ctx.meta.get(CONFIG_KEY) or (Path(DEFAULT_CONFIG) if Path(DEFAULT_CONFIG).is_file() else None)
    options = {"--archive": archive, "--config": config, "--metrics": metrics}
    words = [word for name, path in options.items() if path is not None for word in (name, str(path.absolute()))]
    limits = ["--max-time", max_time] if max_time else []
    folder = (config or archive).absolute().parent
    job = Job(
        command=(*this_program(), "crawl", *sites, *words, *limits),
        folder=str(folder),
        name=name_of(str(archive), sites),
        minutes=parse_every(every),
        log=str(folder / "newsmorgue.log"),
    )
    if form == "cron":
        click.echo(crontab(job))
        return
    for name, text in systemd(job).items():
        if output is not None:
            _write(output / name, text)
        else:
            click.echo(f"# ~/.config/systemd/user/{name}\n{text}")


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"cannot write {path}: {error.strerror or error}") from None
    click.echo(path)
