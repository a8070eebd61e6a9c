"""Reading a page of the documentation: its code blocks by kind, and its tables of uploads.

The first line of a block says what kind it is: ```` ```json configuration````. A kind that no test knows is a
fault, so that nothing on a page is left unrun by accident.
"""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from pathlib import Path

from tests.harness.environment import PROJECT

HOW_TO = PROJECT / "docs" / "how-to"
ELSEWHERE = {"test-routes"}
"""Pages of that folder whose blocks have tests of their own."""

NOT_RUN = "not run: "
"""The beginning of the kind of a block that no test can run; the reason follows."""

_FENCE = re.compile(r"^( *)```(?P<kind>.*)\n(?P<text>(?s:.*?))^ *```$", re.MULTILINE)
_TABLE = re.compile(r"^\| upload \| starts \|.*\n\|---.*\n(?P<rows>(?:\|.*\n)+)", re.MULTILINE)
_CELL = re.compile(r"(?<!\\)\|")


@dataclass(frozen=True)
class Block:
    """A block of code.

    Args:
        page: The page's name, without ``.md``.
        kind: What stands behind the fence: the language, then what it is.
        text: The code.
        at: Its place in the page's text.
    """

    page: str
    kind: str
    text: str
    at: int

    @property
    def what(self) -> str:
        """What it is, without the language and without the names that follow: ``json starts``."""
        return " ".join(self.kind.split()[:2])

    @property
    def names(self) -> list[str]:
        """The words that follow what it is."""
        return self.kind.split()[2:]

    @property
    def is_run(self) -> bool:
        """Whether a test must run it."""
        return not self.kind.partition(" ")[2].startswith(NOT_RUN)


@dataclass(frozen=True)
class Upload:
    """A row of a table of uploads: an object, and the run that its upload starts.

    Args:
        bucket: The bucket.
        key: The key.
        size: The object's size; 0 for one that the page calls empty.
        starts: The DAG; None for nothing.
        conf: The run's conf as JSON text; empty if the page does not show it.
        at: The place of the table.
    """

    bucket: str
    key: str
    size: int
    starts: str | None
    conf: str
    at: int


class Page:
    """A page of the documentation."""

    def __init__(self, file: Path) -> None:
        """Read it."""
        self.name = file.stem
        self.text = file.read_text(encoding="utf-8")

    @property
    def blocks(self) -> list[Block]:
        """All blocks of code, from the top."""
        return [
            Block(self.name, part["kind"], part["text"], part.start()) for part in _FENCE.finditer(self.text)
        ]

    def of_kind(self, *kinds: str) -> list[Block]:
        """The blocks of these kinds."""
        return [block for block in self.blocks if block.what in kinds]

    @property
    def uploads(self) -> list[Upload]:
        """The rows of all tables of uploads."""
        return [
            _upload(row, table.start())
            for table in _TABLE.finditer(self.text)
            for row in table["rows"].splitlines()
        ]

    @property
    def prose(self) -> str:
        """The text without its blocks."""
        return _FENCE.sub("", self.text)


def pages() -> list[Page]:
    """Read all how-to pages, but not the index, and not those that are tested elsewhere."""
    return [Page(file) for file in sorted(HOW_TO.glob("*.md")) if file.stem not in ELSEWHERE | {"index"}]


def commands(block: Block) -> list[list[str]]:
    """Split what a console block shows into commands, each into its words.

    A pipe and ``&&`` part commands. A redirection and a comment belong to none.

    Raises:
        ValueError: If there is a line that is no command: a page shows output in a block of its own.
    """
    found: list[list[str]] = []
    for line in re.sub(r"\\\n\s*", "", block.text).splitlines():
        if not line.strip().startswith("$ "):
            raise ValueError(f"{block.page}: a console block has commands only, found {line!r}")
        lexer = shlex.shlex(line.strip()[2:], posix=True, punctuation_chars="|&>")
        lexer.whitespace_split = True
        command: list[str] = []
        for word in lexer:
            if word in ("|", "&&"):
                found.append(command)
                command = []
            elif word == ">":
                next(lexer)
            else:
                command.append(word)
        found.append(command)
    return found


def _upload(row: str, at: int) -> Upload:
    cells = [cell.strip() for cell in _CELL.split(row.strip().strip("|"))]
    said = re.fullmatch(r"`s3://([^/`]+)/([^`]*)`( \(empty\))?", cells[0])
    if not said:
        raise ValueError(f"no upload: {cells[0]!r}; write `s3://bucket/key`, and (empty) for an empty object")
    starts = cells[1].strip("`")
    conf = cells[2].strip("`") if len(cells) > 2 else ""
    return Upload(said[1], said[2], 0 if said[3] else 5, None if starts == "nothing" else starts, conf, at)
