"""Every how-to page has the same form, and every block of code on it is of a kind that a test runs."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from tests.harness.pages import ELSEWHERE, HOW_TO, NOT_RUN, Page, pages

KINDS = {
    "json configuration",  # test_routes.py
    "json routes",
    "json message",
    "json conf",
    "python dag",  # test_code.py
    "python before",
    "python program",
    "console",  # test_commands.py
    "json policy",  # test_aws.py
    "json notification",
    "json attributes",
    "json connection",  # test_settings.py
    "yaml helm",
    "yaml rule",
    "text requirements",
}
"""What the tests of this folder know."""

LONGEST, LONGEST_TEXT = 160, 100
"""Lines of a page, with and without its code: a recipe is short, and its code is complete."""

INDEX = (HOW_TO / "index.md").read_text(encoding="utf-8")


def named(page: Page) -> str:
    return page.name


@pytest.mark.parametrize("page", pages(), ids=named)
def test_each_block_is_of_a_kind_that_is_run_or_says_why_not(page: Page) -> None:
    unknown = [block.kind for block in page.blocks if block.is_run and block.what not in KINDS]
    reasons = [block.kind.partition(NOT_RUN)[2] for block in page.blocks if not block.is_run]

    assert page.blocks
    assert unknown == []
    assert all(reasons)


def test_few_blocks_are_not_run() -> None:
    kinds = Counter(block.is_run for page in pages() for block in page.blocks)

    assert kinds[False] <= 1
    assert kinds[True] >= 100


def test_each_kind_is_used() -> None:
    assert {block.what for page in pages() for block in page.blocks if block.is_run} == KINDS


@pytest.mark.parametrize("page", pages(), ids=named)
def test_it_has_the_form_of_a_recipe(page: Page) -> None:
    headings = re.findall(r"^(#+ .*)$", page.prose, re.MULTILINE)
    when = page.text.split("\n\n")[1]

    assert [heading for heading in headings if heading.startswith("# ")] == headings[:1]
    assert headings[-3:] == ["## See that it works", "## If it does not", "## More"]
    assert when.startswith("Use this ")
    assert 30 <= page.text.count("\n") <= LONGEST
    assert page.prose.count("\n") <= LONGEST_TEXT


@pytest.mark.parametrize("page", pages(), ids=named)
def test_it_leaves_the_documentation_by_addresses_only(page: Page) -> None:
    """The site has no page for a file beside `docs`."""
    links = re.findall(r"\]\(([^)]+)\)", page.prose.replace("\n", " "))

    files = [HOW_TO / link.split("#")[0] for link in links if not link.startswith(("https://", "#"))]
    assert links
    assert [file for file in files if not file.exists() and file.stem not in ELSEWHERE] == []
    assert all(file.resolve().is_relative_to(HOW_TO.parent) for file in files)


@pytest.mark.parametrize("page", [page for page in pages() if "#" in page.prose], ids=named)
def test_its_links_lead_to_headings_that_exist(page: Page) -> None:
    found = re.findall(r"\]\(((?:\.\./)?[\w-]*(?:\.md)?)#([\w-]+)\)", page.prose.replace("\n", " "))

    for target, anchor in found:
        text = Page(HOW_TO / target).prose if target else page.prose
        assert anchor in {slug(heading) for heading in re.findall(r"^#+ (.*)$", text, re.MULTILINE)}, target


def test_the_index_names_each_page_in_one_line() -> None:
    lines = re.findall(r"^- I want to \[(.*)\]\((.*)\.md\)(?:\.| .*\.)$", INDEX, re.MULTILINE)

    names = [name for _, name in lines]
    assert sorted(names) == sorted({*(page.name for page in pages()), *ELSEWHERE})


def slug(heading: str) -> str:
    """Return the id that Markdown gives a heading."""
    return re.sub(r"[\s]+", "-", re.sub(r"[^\w\s-]", "", heading.lower())).strip("-")
