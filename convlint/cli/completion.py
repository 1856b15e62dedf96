"""`convlint completion`: a script that completes commands, options and their values in a shell.

It is made from the parsers of the commands and the rules that are installed, and runs nothing of convlint
when it completes: after an upgrade, or with a new plugin, make it again.
"""

import argparse
import re
from collections.abc import Callable, Iterator, Sequence

from msgspec import Struct

from convlint.cli.arguments import Parser
from convlint.cli.commands import COMMANDS, load_command
from convlint.cli.engine import rules
from convlint.cli.terminal import Terminal
from convlint.config import Settings
from convlint.lint.finding import Severity
from convlint.report import FORMATS

_RULES = ("CODES", "CODE|NAME")
_FILES = ("FILE", "FOLDER", "PATH", "TARGET")


class Offer(Struct, frozen=True):
    """An option, or a positional argument (which has no flags): what it does, and what may follow it.

    `words` are the values that are known; where `files` is true any file may stand. An option without either
    takes a value of which nothing is known; a switch takes none.
    """

    flags: tuple[str, ...]
    doc: str
    switch: bool
    words: tuple[str, ...] = ()
    files: bool = False


def parser() -> Parser:
    """The arguments of `completion`."""
    made = Parser("completion", "Print a script that completes commands and options in a shell.")
    made.add_argument("shell", metavar="SHELL", choices=tuple(_SHELLS), help=" or ".join(_SHELLS))
    return made


def run(words: Sequence[str], terminal: Terminal) -> int:
    """Writes the script. Raises UsageError where a plugin cannot be loaded."""
    shell = parser().parse_args(words).shell
    known = tuple(word for rule in rules(Settings()) for word in (rule.code, rule.name))
    offers = {name: list(_offers(load_command(name).parser(), known)) for name in COMMANDS}
    terminal.write("\n".join(_SHELLS[shell](offers)) + "\n")
    return 0


Offers = dict[str, list[Offer]]


def _offers(parser: argparse.ArgumentParser, known: tuple[str, ...]) -> Iterator[Offer]:
    for action in parser._actions:
        if action.help == argparse.SUPPRESS:
            continue
        doc = (action.help or "").replace("%%", "%")
        switch = action.nargs == 0
        metavar = action.metavar if isinstance(action.metavar, str) else ""
        yield Offer(
            tuple(action.option_strings), doc, switch, _words(action, metavar, known), metavar in _FILES
        )


def _words(action: argparse.Action, metavar: str, known: tuple[str, ...]) -> tuple[str, ...]:
    """The values that an argument may have, as far as they are known."""
    if action.choices is not None:
        return tuple(map(str, action.choices))
    if metavar in _RULES:
        return known
    if metavar == "SEVERITY":
        return tuple(severity.value for severity in Severity)
    return tuple(f"{name}=" for name in FORMATS) if metavar == "FORMAT=FILE" else ()


def _flags(offers: Sequence[Offer]) -> list[str]:
    return [flag for offer in offers for flag in offer.flags]


def _positionals(offers: Sequence[Offer]) -> tuple[str, ...]:
    return tuple(word for offer in offers if not offer.flags for word in offer.words)


# -- bash ----------------------------------------------------------------------------------------------------


def _bash(offers: Offers) -> Iterator[str]:
    """Bash takes `=` for a word of its own; with no answer of ours it completes files (`-o default`)."""
    yield "# bash completion of convlint. Load it with: source <(convlint completion bash)"
    yield "_convlint() {"
    yield "    local IFS=$'\\n' current=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]}"
    yield "    local command= word words="
    yield "    if [[ $current == '=' ]]; then current="
    yield "    elif [[ $before == '=' ]]; then before=${COMP_WORDS[COMP_CWORD-2]}; fi"
    yield '    for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do'
    yield f"        case $word in {'|'.join(offers)}) command=$word; break ;; esac"
    yield "    done"
    yield "    COMPREPLY=()"
    yield '    case "${command:-check} $before" in'
    for command, known in offers.items():
        for offer in known:
            if offer.flags and not offer.switch:
                labels = "|".join(f'"{command} {flag}"' for flag in offer.flags)
                yield f"        {labels}) words={_lines(offer.words)} ;;"
    yield '        *) case "${command:-check} $current" in'
    for command, known in offers.items():
        yield f'            "{command} -"*) words={_lines(_flags(known))} ;;'
        if _positionals(known):
            yield f'            "{command} "*) words={_lines(_positionals(known))} ;;'
    yield "        esac ;;"
    yield "    esac"
    yield '    if [[ -n $words ]]; then COMPREPLY=($(compgen -W "$words" -- "$current"))'
    yield "    elif [[ -z $command && $COMP_CWORD == 1 ]]; then"
    yield f'        COMPREPLY=($(compgen -W {_lines(offers)} -- "$current"; compgen -f -- "$current"))'
    yield "    fi"
    yield "    if [[ ${COMPREPLY[0]-} == *= ]]; then compopt -o nospace 2>/dev/null; fi"
    yield "    return 0"
    yield "}"
    yield "complete -o default -o filenames -F _convlint convlint"


def _lines(words: Sequence[str] | Offers) -> str:
    """The words as one quoted word of Bash, a line each."""
    return "$'" + "\\n".join(word.replace("\\", "\\\\").replace("'", "\\'") for word in words) + "'"


# -- zsh -----------------------------------------------------------------------------------------------------


def _zsh(offers: Offers) -> Iterator[str]:
    yield "#compdef convlint"
    yield "# zsh completion of convlint: save it as _convlint in a folder of $fpath."
    yield "_convlint() {"
    yield "    local command= i"
    yield "    for ((i = 2; i < CURRENT; i++)); do"
    yield f"        case $words[i] in ({'|'.join(offers)}) command=$words[i]; break ;; esac"
    yield "    done"
    yield "    if [[ -n $command ]]; then words[i]=(); ((CURRENT--)); fi"
    yield "    case ${command:-check} in"
    for command, known in offers.items():
        specs = [spec for offer in known for spec in _zsh_specs(offer)]
        yield f"        ({command}) _arguments {' '.join(specs)} ;;"
    yield "    esac"
    yield "    if [[ -z $command ]] && ((CURRENT == 2)); then"
    yield "        local -a commands=("
    for command, doc in COMMANDS.items():
        yield f"            {_quoted(command + ':' + doc)}"
    yield "        )"
    yield "        _describe command commands"
    yield "    fi"
    yield "}"
    yield '_convlint "$@"'


def _zsh_specs(offer: Offer) -> Iterator[str]:
    """Specifications for `_arguments`; every option may be repeated."""
    values = f"({' '.join(offer.words)})" if offer.words else "_files" if offer.files else " "
    if not offer.flags:
        yield _quoted(f"*:{_zsh_text(offer.doc)}:{values}")
    for flag in offer.flags:
        equals = "=" if flag.startswith("--") and not offer.switch else ""
        value = "" if offer.switch else f":value:{values}"
        yield _quoted(f"*{flag}{equals}[{_zsh_text(offer.doc)}]{value}")


def _zsh_text(text: str) -> str:
    return re.sub(r"([\[\]:\\])", r"\\\1", text)


def _quoted(text: str) -> str:
    """The text as one word of a POSIX shell."""
    return "'" + text.replace("'", "'\\''") + "'"


# -- fish ----------------------------------------------------------------------------------------------------


def _fish(offers: Offers) -> Iterator[str]:
    yield "# fish completion of convlint: save it as ~/.config/fish/completions/convlint.fish"
    yield "function __convlint_command"
    yield "    for word in (commandline -opc)[2..-1]"
    yield f"        if contains -- $word {' '.join(offers)}"
    yield "            echo $word"
    yield "            return"
    yield "        end"
    yield "    end"
    yield "    return 1"
    yield "end"
    for command, doc in COMMANDS.items():
        yield f"complete -c convlint -n 'not __convlint_command' -a {command} -d {_fish_text(doc)}"
    for command, known in offers.items():
        asked = "test (__convlint_command; or echo check) = " + command
        for offer in known:
            yield f"complete -c convlint -n {_fish_text(asked)} {_fish_offer(offer)}".rstrip()


def _fish_offer(offer: Offer) -> str:
    parts = [f"-l {flag[2:]}" if flag.startswith("--") else f"-s {flag[1:]}" for flag in offer.flags]
    if not offer.switch:
        parts.append("-r -F" if offer.files else "-x" if offer.flags or offer.words else "")
    if offer.words:
        parts.append(f"-a {_fish_text(' '.join(offer.words))}")
    parts.append(f"-d {_fish_text(offer.doc)}")
    return " ".join(part for part in parts if part)


def _fish_text(text: str) -> str:
    """The text as one word of fish."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


_SHELLS: dict[str, Callable[[Offers], Iterator[str]]] = {"bash": _bash, "zsh": _zsh, "fish": _fish}
