"""``completion``: the script that makes a shell complete commands, options, articles and sites."""

from typing import Any

import click

SHELLS = ("bash", "zsh", "fish")


@click.command()
@click.argument("shell", type=click.Choice(SHELLS))
@click.pass_context
def completion(ctx: click.Context, shell: str) -> None:
    """Print the script that completes commands, options, articles and sites in a shell.

    In bash: eval "$(newsmorgue completion bash)" in ~/.bashrc.

    Example: newsmorgue completion zsh
    """
    from click.shell_completion import get_completion_class

    kind: Any = get_completion_class(shell)
    click.echo(kind(ctx.find_root().command, {}, "newsmorgue", "_NEWSMORGUE_COMPLETE").source())
