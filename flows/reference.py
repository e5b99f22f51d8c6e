"""The reference of the command line in Markdown, made of the commands' own help: `python -m flows.reference`."""

from itertools import groupby
from typing import Any

from typer.main import get_command

from flows.__main__ import app

HEAD = """\
# Commands

Made of the commands' own help by `python -m flows.reference > docs/commands.md`; do not edit.

`onrecord COMMAND --help` prints the same on a terminal. Results go to standard output, progress and errors to standard
error; colours are used on a terminal only. `--json` gives what scripts can read.

| Exit code | Means |
|---|---|
| 0 | done |
| 1 | a problem was found, or the run failed; what was published before stays |
| 2 | the command was not understood: a name, an option or an input that is not there |

Shell completion: `onrecord --install-completion` writes it for the shell that you use (bash, zsh, fish, PowerShell);
open a new one, and TAB completes commands, options and names of tables.
"""


def write_reference() -> str:
    """The whole page."""
    group: Any = get_command(app)
    parts = [HEAD]
    for panel, commands in groupby(group.commands.items(), key=lambda item: item[1].rich_help_panel):
        parts += [f"\n## {panel}\n", *(_describe_command(name, command) for name, command in commands)]
    return "".join(parts)


def _describe_command(name: str, command: Any) -> str:
    arguments = [parameter for parameter in command.params if parameter.param_type_name == "argument"]
    options = [parameter for parameter in command.params if parameter.param_type_name == "option"]
    usage = " ".join(["onrecord", name, *(_show_argument(argument) for argument in arguments)])
    lines = ["", f"### onrecord {name}", "", _join_lines(command.help), "", "```", f"{usage} [OPTIONS]", "```"]
    if arguments:
        lines += ["", "| Argument | Meaning |", "|---|---|"]
        lines += [f"| `{_name(argument)}` | {_cell(argument.help)} |" for argument in arguments]
    if options:
        lines += ["", "| Option | Meaning | Default |", "|---|---|---|"]
        lines += [f"| {_flags(option)} | {_cell(option.help)} | {_default(option)} |" for option in options]
    examples = [line for line in (command.epilog or "").split("\n\n") if line.startswith("onrecord ")]
    return "\n".join([*lines, "", "```", *examples, "```", ""])


def _join_lines(text: str) -> str:
    """Paragraphs of a help text, each on one line."""
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in text.split("\n\n"))


def _name(argument: Any) -> str:
    return argument.metavar or argument.name.upper()


def _show_argument(argument: Any) -> str:
    name = f"{_name(argument)}..." if argument.nargs == -1 else _name(argument)
    return name if argument.required else f"[{name}]"


def _flags(option: Any) -> str:
    return ", ".join(f"`{flag}`" for flag in option.opts)


def _cell(text: str | None) -> str:
    return " ".join((text or "").split()).replace("|", "\\|")


def _default(option: Any) -> str:
    if option.required:
        return "required"
    default = option.default
    return "" if default in (None, False, "", []) or callable(default) else str(default)


if __name__ == "__main__":
    print(write_reference(), end="")
