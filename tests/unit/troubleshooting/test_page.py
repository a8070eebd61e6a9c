"""docs/troubleshooting.md has an entry for each text that the package says when something is wrong."""

from __future__ import annotations

import difflib
import re
from collections import Counter

import pytest

from airflow_provider_hybrid.troubleshooting import entries_for
from tests.unit.troubleshooting.page import AROUND, PAGE, Entry, entries
from tests.unit.troubleshooting.said import PACKAGE, VALUE, Said, Sources, said_and_written
from tests.unit.troubleshooting.write import KNOWN, known

SAID, WRITTEN = said_and_written()
ENTRIES = entries()
TEXTS = [text for entry in ENTRIES for text in entry.texts]

WITHOUT_ENTRY = {
    "a part of longer texts, which have entries": {
        "'detail', which is one record",
        "'queue_url' or 'dead_letter_queue_url' in the dispatcher's Variable or the DAG file",
        "Airflow's secrets backend",
        "The records of an AWS service",
        "a list",
        "an object",
        "and … DAG(s) with fewer",
        "and … more",
        "Usually a DAG is paused, or its max_active_runs is low",
        "What to do: …",
        "at an unknown time",
        "did you mean …?",
        "heartbeat timeout",
        "standard input",
        "the body",
        "the data",
        "the machine's own AWS credentials",
        "there is none",
        "… on the way",
        "; the samples are …",
        "to do: …",
        "the message: …",
        "; did you mean …?",
        "; there are …",
        ". Did you mean …?",
        "at once",
        "once its … run…",
        "s exist",
        "goes to the dead-letter queue … (or stays, where there is none): …: …",
        "stays in the queue: …",
        "waits in the queue (…); then: …",
    },
    "says that all is well": {
        "Send … back to …?",
        "It counts for the deadline … of DAG ….",
        "It waits while … runs of this DAG are queued.",
        "Nothing is sent, started or stored.",
        "becomes a dead letter again",
        "came late",
        "existed already",
        "has the conf of .",
        "in the as message …",
        "is deleted without a run",
        "it launches DAG runs, and takes what comes",
        "it waits for messages, or for room for further queued runs",
        "its tasks wait for a worker",
        "newest run with … in its id",
        "sent back",
        "starts its runs",
        "stays in the queue",
        "… started this run by the route ….… Dispatcher's run: ….",
        ", task … a DAG that you may not readno DAG has it as an outlet",
    },
    "only a programmer of this package can meet it: somebody catches it": {
        "Airflow's side decides",
        "Airflow's side says what to do about it",
        "a CloudEvent, whatever its body looks like",
        "in the message attribute …",
        "it does not fit into the envelope",
        "module … has no attribute …",
        "… is no key of the record",
        "… is no place in the record",
    },
}
"""Texts that need no entry, by the reason."""

NEEDED = [said for said in SAID if not any(said.text in texts for texts in WITHOUT_ENTRY.values())]

STUB = """\
### A symptom, in the words of somebody who meets it {{ #a-short-name }}

```text
{text}
```

**Meaning.** What the text says.

**Why.** What usually causes it.

**What to do.** The steps, with commands and links.
"""


def test_every_text_has_an_entry() -> None:
    missing = [said for said in NEEDED if said.text not in TEXTS]

    assert not missing, "docs/troubleshooting.md lacks texts.\n" + "\n".join(map(advice, missing))


def test_every_text_on_the_page_is_one_that_the_package_says() -> None:
    gone = [text for text in TEXTS if text not in WRITTEN]

    assert not gone, "docs/troubleshooting.md has texts that the package does not say:\n" + "\n".join(
        f"- {text}\n  now perhaps: {likest(text, WRITTEN) or 'nothing like it'}" for text in gone
    )


def test_every_exception_is_one() -> None:
    told = {said.text for said in SAID}

    assert [text for texts in WITHOUT_ENTRY.values() for text in texts if text not in told] == []


def test_a_text_has_one_entry_and_an_entry_has_one_name() -> None:
    assert [text for text, number in Counter(TEXTS).items() if number > 1] == []
    assert [slug for slug, number in Counter(entry.slug for entry in ENTRIES).items() if number > 1] == []


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.slug)
def test_an_entry_says_what_it_means_why_it_happens_and_what_to_do(entry: Entry) -> None:
    body = PAGE.read_text().split(f"{{ #{entry.slug} }}")[1].partition("\n#")[0]
    parts = ("**Meaning.**", "**Why.**", "**What to do.**")

    assert [part for part in parts if part not in body] == [] or (entry.is_around and parts[0] in body)


def test_the_package_knows_the_page() -> None:
    assert KNOWN.read_text(encoding="utf-8") == known(), "run: python -m tests.unit.troubleshooting.write"


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.slug)
def test_a_text_leads_to_its_entry(entry: Entry) -> None:
    assert {text: entries_for(text.replace(VALUE, "x")) for text in entry.texts} == {
        text: [entry.slug] for text in entry.texts
    }


def test_every_module_that_warns_names_the_entry() -> None:
    warning = re.compile(r"\b(log|logger)\.(warning|error|exception|critical)\(")
    modules = {path: path.read_text() for path in PACKAGE.rglob("*.py")}
    # The interceptor stands alone in Lambda, and logs JSON.
    warn = {path: text for path, text in modules.items() if warning.search(text)}

    assert len(warn) > 9
    assert [path for path, text in warn.items() if "log = logger(__name__)" not in text] == []


def test_the_page_has_the_section_of_the_texts_around_others() -> None:
    assert f"## {AROUND}\n" in PAGE.read_text()
    assert any(entry.is_around for entry in ENTRIES)


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("raise ConfigError(f'the {what!r} stands upside down')", "the … stands upside down"),
        ("log.warning('the %s stands %d times upside down', 1, 2)", "the … stands … times upside down"),
        ("yield Finding('queue', 'fault', 'it stands upside down', '')", "it stands upside down"),
        ("def f():\n fault = 'it is upside down'\n raise QueueError(fault)", "it is upside down"),
        ("def f():\n raise QueueError(why())\ndef why():\n return 'it is upside down'", "it is upside down"),
        ("WHY = 'it is upside down'\ndef f():\n raise HTTPException(400, WHY)", "it is upside down"),
        ("def f():\n for one in ['it is upside down']:\n  raise QueueError(one)", "it is upside down"),
        ("raise failure_without_retry('it is ' 'upside down')", "it is upside down"),
    ],
)
def test_a_text_is_found_wherever_it_comes_from(source: str, text: str) -> None:
    assert {said.text for said in Sources({"new.py": source}).said} == {text}


@pytest.mark.parametrize(
    "source",
    [
        "'''It is a docstring.'''",
        "log.info('it is upside down')",
        "yield Finding('queue', 'fine', 'it is not upside down')",
        "raise QueueError('NoSuchQueue')",
    ],
)
def test_what_is_no_trouble_needs_no_entry(source: str) -> None:
    assert Sources({"new.py": source}).said == set()


def advice(said: Said) -> str:
    like = likest(said.text, TEXTS)
    perhaps = f"Perhaps it belongs to the entry that has: {like}\n" if like else ""
    return f"\nairflow_provider_hybrid/{said.place}: {said.text}\n{perhaps}Or a new entry:\n\n" + STUB.format(
        text=said.text
    )


def likest(text: str, texts: object) -> str:
    return next(iter(difflib.get_close_matches(text, list(texts), n=1, cutoff=0.6)), "")  # type: ignore[call-overload]
