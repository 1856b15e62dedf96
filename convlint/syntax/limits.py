"""What a text may hold before LibCST is let near it: it recurses, and some of its costs are not linear.

Law: what is refused lies far above code that people write (measured on 16,000 files: brackets 27 deep, 444
operators in a row, 15 blocks, 79 `elif`, 5 brackets in a pattern); what passes but would overflow a stack of
two megabytes or take LibCST longer than some seconds is left to Python's own parser.
"""

import re
from collections.abc import Callable

from msgspec import Struct, field

from convlint.source.tokens import FORMATTED, OPERATOR, STRING, Tokens
from convlint.syntax.fault import SyntaxFault, fault_at

MAX_SIZE = 5_000_000
MAX_TOKENS = 500_000
MAX_BRACKETS = 100
MAX_CHAIN = 500
MAX_ELIFS = 500

# Of LibCST 1.9 on a stack; measured, and rounded up to a bound.
_KB_PER_BRACKET, _KB_PER_LINK, _KB_PER_BLOCK, _KB_PER_ELIF, _KB_PER_STRING = 8.0, 1.5, 26.0, 1.1, 0.9
_KB_ALLOWED = 1000.0
# A token, a token inside one more bracket, a token left of one more operator; what doubles in patterns.
_MICROSECONDS_PER_TOKEN, _PER_INNER_TOKEN, _PER_LEFT_TOKEN, _PER_PATTERN = 8, 8, 2, 5
_MICROSECONDS_ALLOWED = 1_000_000

_REFUSED = re.compile("[\0\ud800-\udfff]")
_BREAKS = (",", ";", "=", ":")
_STRINGS = (STRING, FORMATTED)
_SYMBOLS = "+ - * / // % @ ** << >> & | ^ ~ . := -> < <> > <= >= == !="
_KEYWORDS = "and or not in is if else for await yield"
_LINKS_OF_LAMBDA = 4


class _Level(Struct):
    """What is open between two brackets or in a statement: operators in a row, lambdas before their colon."""

    opened: int
    chain_start: int
    links: int = 0
    strings: int = 0
    lambdas: int = 0
    bits: float = 0.0


class Load(Struct, frozen=True):
    """What a text would ask of LibCST: kilobytes of stack, microseconds."""

    stack: float
    time: float

    @property
    def bearable(self) -> bool:
        return self.stack <= _KB_ALLOWED and self.time <= _MICROSECONDS_ALLOWED


def check_characters(text: str) -> None:
    """Refuse text that is too long, or holds characters that no source can hold."""
    if len(text) > MAX_SIZE:
        raise SyntaxFault(f"the text has {len(text):,} characters; the limit is {MAX_SIZE:,}", 1, 1)
    refused = _REFUSED.search(text)
    if refused is not None:
        position = refused.start()
        name = "a NUL character" if refused[0] == "\0" else "half a surrogate pair"
        row = text.count("\n", 0, position) + 1
        raise SyntaxFault(f"source cannot contain {name}", row, position - text.rfind("\n", 0, position))


def measure(tokens: Tokens) -> Load:
    """What the text would ask of LibCST; raises SyntaxFault where it nests or chains beyond the limits."""
    count = len(tokens.kinds)
    if count > MAX_TOKENS:
        raise SyntaxFault(f"the text has {count:,} tokens; the limit is {MAX_TOKENS:,}", 1, 1)
    return _Meter(tokens).run()


class _Meter(Struct):
    tokens: Tokens
    levels: list[_Level] = field(default_factory=list)
    links: int = 0
    indents: list[int] = field(default_factory=list)
    elifs: list[int] = field(default_factory=list)
    strings: int = 0
    stack: float = 0.0
    time: float = 0.0

    def run(self) -> Load:
        tokens = self.tokens
        kinds = tokens.kinds
        actions = self._actions()
        starts = iter([*tokens.logical_lines, -1])
        line = next(starts)
        for index, text in enumerate(tokens.texts):
            if index == line:
                self._start_line(index)
                line = next(starts)
            action = actions.get(text)
            if action is not None and kinds[index] <= OPERATOR:
                action(index)
            elif kinds[index] in _STRINGS:
                self._string(index)
        self.time += _MICROSECONDS_PER_TOKEN * len(kinds)
        return Load(self.stack, self.time)

    def _actions(self) -> dict[str, Callable[[int], None]]:
        actions: dict[str, Callable[[int], None]] = {"lambda": self._lambda}
        for texts, action in (
            ((*_SYMBOLS.split(), *_KEYWORDS.split()), self._link),
            (_BREAKS, self._break),
            ("([{", self._open),
            (")]}", self._close),
        ):
            actions |= dict.fromkeys(texts, action)
        return actions

    def _start_line(self, index: int) -> None:
        """A logical line begins: a statement, or the header of a block."""
        tokens = self.tokens
        first = tokens.texts[index]
        start = tokens.starts[index]
        margin = tokens.text[tokens.text.rfind("\n", 0, start) + 1 : start]
        indent = len(margin.expandtabs(8)) if "\t" in margin else len(margin)
        while self.indents and indent <= self.indents[-1]:
            same = indent == self.indents.pop()
            count = self.elifs.pop()
            if same and first in ("elif", "else"):
                self._push(index, indent, count + 1)
                break
        else:
            self._push(index, indent, 0)
        self.levels = [_Level(index, index)]
        self.links = self.strings = 0
        if first == "case":
            self.levels[0].bits = 1.0
        self._weigh()

    def _push(self, index: int, indent: int, elifs: int) -> None:
        if elifs > MAX_ELIFS:
            raise fault_at(self.tokens, index, f"an `if` has more than {MAX_ELIFS} `elif`")
        self.indents.append(indent)
        self.elifs.append(elifs)

    def _weigh(self) -> None:
        """Keep the most stack that was ever needed at once."""
        self.stack = max(
            self.stack,
            _KB_PER_BLOCK * len(self.indents)
            + _KB_PER_ELIF * sum(self.elifs)
            + _KB_PER_BRACKET * len(self.levels)
            + _KB_PER_LINK * self.links
            + _KB_PER_STRING * self.strings,
        )

    def _open(self, index: int) -> None:
        brace = self.tokens.texts[index] == "{"
        if not brace:  # a brace never calls or indexes what stands before it
            self._link(index)
        outer = self.levels[-1]
        if len(self.levels) > MAX_BRACKETS:
            raise fault_at(self.tokens, index, f"brackets nest more than {MAX_BRACKETS} deep")
        level = _Level(index, index + 1)
        if outer.bits:
            level.bits = outer.bits + (2.2 if brace else 1.0)
            self.time += _PER_PATTERN * 2.0 ** min(level.bits, 60.0)
        self.levels.append(level)
        self._weigh()

    def _close(self, index: int) -> None:
        if len(self.levels) > 1:
            level = self.levels.pop()
            self.links -= level.links
            self.strings -= level.strings
            self.time += _PER_INNER_TOKEN * (index - level.opened)

    def _link(self, index: int) -> None:
        level = self.levels[-1]
        level.links += 1
        self.links += 1
        self.time += _PER_LEFT_TOKEN * (index - level.chain_start)
        if level.links > MAX_CHAIN:
            raise fault_at(
                self.tokens, index, f"an expression chains more than {MAX_CHAIN} operators or calls"
            )
        if not level.links % 8:
            self._weigh()

    def _lambda(self, index: int) -> None:
        for _ in range(_LINKS_OF_LAMBDA):
            self._link(index)
        self.levels[-1].lambdas += 1

    def _break(self, index: int) -> None:
        """What follows a comma, colon or `=` does not nest in what stands before, except in a lambda."""
        level = self.levels[-1]
        if level.lambdas:
            level.lambdas -= self.tokens.texts[index] == ":"
            return
        self.links -= level.links
        self.strings -= level.strings
        level.links = level.strings = 0
        level.chain_start = index + 1

    def _string(self, index: int) -> None:
        """Strings side by side nest to the right in LibCST; an f-string counts for each of its pieces."""
        tokens = self.tokens
        if index and (tokens.kinds[index - 1] in _STRINGS or tokens.texts[index - 1] == "}"):
            self.levels[-1].strings += 1
            self.strings += 1
            if not self.strings % 8:
                self._weigh()
