"""A command line that is told in the terminal's language what it did not make sense with.

``argparse`` writes its complaints in English. Each is known here by its form and said in a sentence of ours; one that a
newer Python invents is passed on as it is.
"""

import argparse
import os
import re
import sys
from collections.abc import Callable
from typing import Any, Final, NoReturn

from app.kernel.i18n import tr

_Say = Callable[..., str]
_COMPLAINTS: Final[tuple[tuple[str, _Say], ...]] = (
    (r"unrecognized arguments: (.+)", lambda words: tr("This is not understood here: {words}", words=words)),
    (r"the following arguments are required: (.+)", lambda names: tr("This is missing: {names}", names=names)),
    (
        r"argument COMMAND: invalid choice: '?(.+?)'? \(choose from (.+)\)",
        lambda word, words: tr("There is no command {word}. There are: {words}", word=word, words=_plain(words)),
    ),
    (r"argument (\S+): expected one argument", lambda name: tr("{name} needs something behind it.", name=name)),
    (
        r"argument (\S+): not allowed with argument (\S+)",
        lambda name, other: tr("{name} and {other} do not go together.", name=name, other=other),
    ),
    (
        r"argument (\S+): ignored explicit argument '?(.*?)'?",
        lambda name, _value: tr("{name} stands alone, with nothing behind it.", name=name),
    ),
    (
        r"argument (\S+): invalid int value: '?(.*?)'?",
        lambda name, value: tr("{name} is a whole number, not {value}.", name=name, value=value),
    ),
    (
        r"ambiguous option: (\S+) could match (.+)",
        lambda word, words: tr("{word} may mean {words}. Write it out.", word=word, words=words),
    ),
    (r"argument (\S+): (.+)", lambda name, what: f"{name}: {what}"),
)
PROGRAM: Final = "run.cmd" if os.name == "nt" else "./run.sh"
"""How the program is started, as it is typed."""
EXIT_NOT_UNDERSTOOD: Final = 2
"""What a shell expects of a command that was typed wrongly."""


class Parser(argparse.ArgumentParser):
    """Complains in the language that was chosen before it is asked, and helps in both; so do its commands.

    Whoever reads help may be the one who set the language wrongly.
    """

    def __init__(self, **how: Any) -> None:
        super().__init__(**how, add_help=False)
        self._positionals.title = "内容 · arguments"
        self._optionals.title = "选项 · options"
        self.add_argument("-h", "--help", action="help", help="显示用法 · show this")

    def format_help(self) -> str:
        return super().format_help().replace("usage:", "用法 · usage:", 1)

    def error(self, message: str) -> NoReturn:
        """End the program with one line: what was wrong, and where the rest can be read."""
        print(f"{told(message)}{tr(' (help: {command})', command=f'{self.prog} --help')}", file=sys.stderr)
        raise SystemExit(EXIT_NOT_UNDERSTOOD)


def told(message: str) -> str:
    """A complaint of argparse's in our words."""
    for form, say in _COMPLAINTS:
        found = re.fullmatch(form, message, re.DOTALL)
        if found is not None:
            return say(*found.groups())
    return message


def _plain(words: str) -> str:
    return words.replace("'", "")
