"""The texts that the package can say when something is wrong, read from its sources.

A text is a string with ``…`` for each value in it. It is said if it is an argument of an error, of a log line
at WARNING and above, of a finding, of a refusal on a page and the like (`SINKS`), or stands in a function of
`SPEAKERS`. It may get there by a variable, a constant or a function of the package. All of this goes by
names: two functions of one name count as one.
"""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from html.parser import HTMLParser

from tests.harness.environment import PROJECT

PACKAGE = PROJECT / "airflow_provider_hybrid"
VALUE = "…"
FEW_WORDS = 4
"""The most words of a label on a page."""

LOGS = {"warning", "error", "exception", "critical"}
SINKS = {
    *("BadParameter", "DagTrouble", "Fault", "Finding", "HTTPException", "Outcome", "Rejection"),
    *("check_arguments", "failure_without_retry", "put_off"),
}
"""What is called with a text that people read when something is wrong, beside errors and `LOGS`."""

SPEAKERS = {
    "cli/checks/room.py": {"room_warnings"},
    "cli/checks/warnings.py": {"sleeping_expectations", "warnings"},
    "cli/dead_letters/act.py": {"_print"},
    "cli/dead_letters/redrive.py": {"redrive"},
    "config/faults.py": {"describe", "refusal", "repetition"},
    "config/read.py": {"_document", "_faults_of_expectations", "_read", "_read_included"},
    "config/routes.py": {"_taken", "refuse_waits"},
    "dispatch/launch.py": {"_start", "_summary", "launch"},
    "dispatch/order.py": {"launch_in_order"},
    "dispatch/record.py": {"_outcome"},
    "dispatch/settle.py": {"_dead_letter"},
    "events/limits.py": {"why_not_storable"},
    "interceptor/handler.py": {"handler"},
    "interceptor/send.py": {"send_batch"},
    "routing/broken.py": {"__str__"},
    "routing/explain.py": {"hint"},
    "routing/filling.py": {"_place", "fill"},
    "routing/miss.py": {"misses_of", "why_no_match"},
    "routing/room.py": {"__str__", "why_full"},
    "routing/router.py": {"route_message"},
    "routing/waiting.py": {"why"},
    "sqs/dead_letters/choice.py": {"unknown"},
    "sqs/dead_letters/letter.py": {"_why"},
    "sqs/dead_letters/undelivered.py": {"undelivered"},
    "sqs/errors.py": {"explain"},
    "sqs/send_anew.py": {"send_anew"},
    "view/status.py": {"status_of"},
    "view/waiting.py": {"_lacks"},
}
"""Functions all of whose texts count: their results are read by people, or handed on as data."""


@dataclass(frozen=True, order=True)
class Said:
    """A text, and where it is said.

    Args:
        text: The text, with ``…`` for each value.
        place: File and line, below the package.
    """

    text: str
    place: str


def normal(text: str) -> str:
    """Return a text with single spaces, and with one ``…`` for neighbouring values."""
    return re.sub(rf"{VALUE}(\s*{VALUE})+", VALUE, " ".join(text.split()))


def is_prose(text: str) -> bool:
    """Say whether a text has at least two words in lower case: names of things have fewer."""
    if text.startswith("{ "):
        return False  # a document that `hybrid init` writes
    return sum(bool(re.fullmatch(r"[a-z]+\W*", word)) for word in text.split()) > 1


def text_of(node: ast.AST) -> str | None:
    """Return the text of a string or an f-string; None for anything else."""
    if isinstance(node, ast.JoinedStr):
        parts = (part.value if isinstance(part, ast.Constant) else VALUE for part in node.values)
        return normal("".join(map(str, parts)))
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return normal(re.sub(r"%[-.\d]*[srdf]", VALUE, node.value))
    return None


_Function = ast.FunctionDef | ast.AsyncFunctionDef


class Sources:
    """The modules of a package.

    Args:
        sources: The source of each module, by its file.

    Attributes:
        said: The texts that they say when something is wrong.
        written: All texts in them, also labels and help.
    """

    def __init__(self, sources: Mapping[str, str]) -> None:
        self.said: set[Said] = set()
        self.written: set[str] = set()
        self._functions: dict[str, list[tuple[str, ast.AST]]] = defaultdict(list)
        self._constants: dict[str, list[tuple[str, ast.AST]]] = defaultdict(list)
        self._seen: set[int] = set()
        trees = {file: ast.parse(source) for file, source in sources.items()}
        for file, tree in trees.items():
            self._note(file, tree)
        for file, tree in trees.items():
            self._look(file, tree, None)

    def _note(self, file: str, tree: ast.AST) -> None:
        for node in ast.walk(tree):
            if text := text_of(node):
                self.written.add(text)
            if isinstance(node, _Function):
                self._functions[node.name].append((file, node))
            elif isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
                for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                    if isinstance(target, ast.Name) and target.id.isupper():
                        self._constants[target.id].append((file, node.value))

    def _look(self, file: str, node: ast.AST, function: ast.AST | None) -> None:
        """Find the sinks, and say what goes into them."""
        if isinstance(node, _Function):
            function = node
            if node.name in SPEAKERS.get(file, ()):
                for statement in node.body:
                    self._say(file, statement, function)
        elif isinstance(node, ast.Raise) and node.exc is not None:
            self._say(file, node.exc, function)
        elif isinstance(node, ast.Call) and _is_sink(node):
            self._say(file, node, function)
        for child in ast.iter_child_nodes(node):
            self._look(file, child, function)

    def _say(self, file: str, node: ast.AST, function: ast.AST | None) -> None:
        if id(node) in self._seen or _is_silent(node):
            return
        self._seen.add(id(node))
        if joined := _joined(node):
            self.said.add(Said(joined, f"{file}:{getattr(node, 'lineno', 0)}"))
            self.written.add(joined)
            return
        if (text := text_of(node)) is not None and is_prose(text):
            self.said.add(Said(text, f"{file}:{getattr(node, 'lineno', 0)}"))
        if isinstance(node, ast.Name):
            for value in _assigned(function, node.id):
                self._say(file, value, function)
            found = self._constants[node.id]
            for place, value in [one for one in found if one[0] == file] or found:
                self._say(place, value, None)
        for place, called in self._functions[_name(node)]:
            if isinstance(node, ast.Call) or (isinstance(node, ast.Attribute) and _is_property(called)):
                for result in _results(called):
                    self._say(place, result, called)
        for child in _parts(node):
            self._say(file, child, function)


def _name(node: ast.AST) -> str:
    if isinstance(node, ast.Call):
        return _name(node.func)
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _joined(node: ast.AST) -> str | None:
    """Return what an error or a fault says of a problem and its fix, if it is made of two texts."""
    name = _name(node)
    # A RecordError takes the path of a field behind the fault.
    if not isinstance(node, ast.Call) or not name.endswith(("Error", "Fault")) or name == "RecordError":
        return None
    of_a_place = name in {"EventPatternError", "Fault"}
    texts = [text for part in node.args[1 if of_a_place else 0 :][:2] if (text := text_of(part))]
    return normal(("; " if texts[1][0].islower() else ". ").join(texts)) if len(texts) > 1 else None


def _is_sink(call: ast.Call) -> bool:
    name = _name(call)
    is_log = isinstance(call.func, ast.Attribute) and name in LOGS
    return is_log or name in SINKS or (name.endswith("Error") and name[:1].isupper())


def _parts(node: ast.AST) -> list[ast.AST]:
    """Return the parts of an expression that may hold texts for people."""
    if isinstance(node, ast.JoinedStr):
        return [part for part in node.values if isinstance(part, ast.FormattedValue)]
    if isinstance(node, ast.Call) and _name(node) == "Finding":
        # Its first argument is a label, and a finding that all is fine needs no entry.
        return [] if any(map(_is_fine, node.args)) else [*node.args[1:]]
    return [*ast.iter_child_nodes(node)]


def _is_fine(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and node.value == "fine"


def _is_property(function: ast.AST) -> bool:
    return any("property" in _name(one) for one in getattr(function, "decorator_list", ()))


def _is_silent(node: ast.AST) -> bool:
    """Say whether it is a docstring, a text to compare with, or one that is no trouble."""
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Constant)
    if isinstance(node, ast.Call):
        return _name(node) in {"confirm", "debug", "info", "removeprefix", "startswith", "status", "update"}
    return isinstance(node, ast.Compare)


def _assigned(function: ast.AST | None, name: str) -> Iterator[ast.AST]:
    """Yield what is assigned or appended to a variable of a function."""
    for node in ast.walk(function) if function else ():
        if isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign | ast.NamedExpr) and node.value:
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if any(_names(target, name) for target in targets):
                yield node.value
        elif isinstance(node, ast.For | ast.comprehension) and _names(node.target, name):
            yield node.iter
        elif isinstance(node, ast.Call) and _name(node) == "append" and _names(node.func, name):
            yield from node.args


def _names(target: ast.AST, name: str) -> bool:
    return any(isinstance(one, ast.Name) and one.id == name for one in ast.walk(target))


def _results(function: ast.AST) -> Iterator[ast.AST]:
    for node in ast.walk(function):
        if isinstance(node, ast.Return | ast.Yield | ast.YieldFrom) and node.value is not None:
            yield node.value


class _Notices(HTMLParser):
    """The texts of paragraphs, and of what is marked as a fault, as empty or as an aside; without links."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, int]] = []
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        marks = set((dict(attrs).get("class") or "").split())
        if not self._open and (tag == "p" or marks & {"fault", "empty", "quiet"}):
            self._open = [tag]
            self.found.append(("", self.getpos()[0]))
        elif self._open and tag != "input":
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self._open:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        if self._open and not {"a", "button"} & set(self._open):
            text, line = self.found.pop()
            self.found.append((text + data, line))


def on_pages() -> Iterator[Said]:
    """Yield the notices in the templates of the pages."""
    for path in sorted((PACKAGE / "web" / "templates").glob("*.html")):
        source = re.sub(r"\{#.*?#\}", "", path.read_text())
        source = re.sub(r"\{\{.*?\}\}", VALUE, re.sub(r"\{%.*?%\}", "", source), flags=re.DOTALL)
        notices = _Notices()
        notices.feed(source)
        for text, line in notices.found:
            if len(text.split()) > FEW_WORDS:
                yield Said(normal(text), f"{path.relative_to(PACKAGE)}:{line}")


def alarms() -> Iterator[Said]:
    """Yield what the alarms of the template say."""
    path = PACKAGE / "interceptor" / "template.yaml"
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if found := re.search(r"AlarmDescription: (?:!Sub )?(.*)", line):
            yield Said(re.sub(r"\$\{[^}]*\}", VALUE, found[1]), f"{path.relative_to(PACKAGE)}:{number}")


@lru_cache
def said_and_written() -> tuple[list[Said], set[str]]:
    """Return the texts that the package can say when something is wrong, by place, and all texts in it."""
    sources = Sources({str(path.relative_to(PACKAGE)): path.read_text() for path in PACKAGE.rglob("*.py")})
    elsewhere = {*on_pages(), *alarms()}
    said = sorted(sources.said | elsewhere, key=lambda one: (one.place, one.text))
    return said, sources.written | {one.text for one in elsewhere}
