"""What is named by an address of the documentation's site, or of the repository, is there."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest
import yaml

from airflow_provider_hybrid.documentation import SITE
from tests.harness.environment import PROJECT
from tests.reference.llms import pages

REPOSITORY = "https://github.com/airflow-provider-hybrid/airflow-provider-hybrid/"
DOCS = PROJECT / "docs"
TEXTS = [*PROJECT.glob("*.md"), *DOCS.rglob("*.md"), DOCS / "llms.txt"]

_ADDRESS = re.compile(r"https://[^\s)>\"'`]+")
_HEADING = re.compile(r"^#+ (.+?)(?: \{ ?#([\w-]+) ?\})?$", re.MULTILINE)
_BLOCK = re.compile(r"^ *```.*?^ *```$", re.MULTILINE | re.DOTALL)


def addresses(beginning: str) -> list[tuple[str, str]]:
    """Return the names of the texts and, of each address in them that begins so, the rest."""
    return [
        (text.relative_to(PROJECT).as_posix(), address.removeprefix(beginning))
        for text in TEXTS
        for address in sorted(set(_ADDRESS.findall(_BLOCK.sub("", text.read_text()))))
        if address.startswith(beginning)
    ]


@cache
def sections(page: Path) -> set[str]:
    """Return the ids of a page's headings."""
    text = _BLOCK.sub("", page.read_text())
    return {
        identity or re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")
        for heading, identity in _HEADING.findall(text)
    }


@pytest.mark.parametrize(("text", "address"), addresses(SITE))
def test_a_page_and_its_section_are_there(text: str, address: str) -> None:
    path, _, section = address.partition("#")
    name = path.removesuffix("index.html.md").strip("/") or "index"
    places = (DOCS / f"{name}.md", DOCS / name / "README.md", DOCS / name / "index.md")
    (page, *_) = [file for file in places if file.exists()]

    assert not section or section in sections(page)


@pytest.mark.parametrize(("text", "address"), addresses(f"{REPOSITORY}blob/main/"))
def test_a_file_of_the_repository_is_there(text: str, address: str) -> None:
    assert (PROJECT / address.partition("#")[0]).is_file()


@pytest.mark.parametrize(("text", "address"), addresses(f"{REPOSITORY}tree/main/"))
def test_a_folder_of_the_repository_is_there(text: str, address: str) -> None:
    assert (PROJECT / address).is_dir()


def test_each_page_is_in_the_navigation() -> None:
    navigation = yaml.safe_load((DOCS / ".nav.yml").read_text())["nav"]

    assert set(pages(navigation)) == set(DOCS.rglob("*.md"))


def test_what_pypi_shows_has_absolute_links_only() -> None:
    readme = _BLOCK.sub("", (PROJECT / "README.md").read_text())
    named = dict(re.findall(r"^\[([^]]+)\]: (\S+)$", readme, re.MULTILINE))

    assert re.findall(r"\]\((?!https://)[^)]*\)", readme) == []
    assert all(address.startswith("https://") for address in named.values())
    assert set(re.findall(r"\]\[([^]]+)\]", readme)) == named.keys()
