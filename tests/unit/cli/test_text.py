"""What every command says of a file that it cannot read: one sentence, and exit code 2."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from airflow_provider_hybrid.cli.main import app

DOCUMENT = json.dumps(
    {
        "queue_url": "https://sqs.eu-west-1.amazonaws.com/123456789012/orders",
        "routes": [{"name": "a", "//": "é", "event_pattern": {"source": ["shop"]}, "trigger_dag_id": "a"}],
    },
    ensure_ascii=False,
)
COMMANDS = (
    ("validate", "--no-dags", "--config", "FILE"),
    ("explain", "FILE", "--config", "GOOD"),
    ("explain", "GOOD", "--config", "FILE"),
    ("doctor", "--config", "FILE"),
    ("dead-letters", "list", "--config", "FILE"),
    ("dead-letters", "show", "m-1", "--config", "FILE"),
    ("dead-letters", "redrive", "--all", "--yes", "--config", "FILE"),
)


@pytest.fixture
def good(tmp_path: Path) -> Path:
    file = tmp_path / "good.json"
    file.write_text(DOCUMENT, encoding="utf-8")
    return file


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
@pytest.mark.parametrize(
    ("data", "said"),
    [
        (DOCUMENT.encode("utf-16"), "is not UTF-8 but, it seems, UTF-16 or UTF-32; save it as UTF-8"),
        (DOCUMENT.encode("utf-16-be"), "UTF-16"),
        (DOCUMENT.encode("utf-32"), "UTF-32"),
        (DOCUMENT.encode("latin-1"), "is not UTF-8 (byte "),
        (b"", "holds no text"),
        (b"\xef\xbb\xbf \n", "holds no text"),
        (None, "No such file or directory"),
    ],
    ids=["utf-16", "utf-16 without mark", "utf-32", "latin-1", "nothing", "only a mark", "no file"],
)
def test_what_cannot_be_read_is_one_sentence(
    command: tuple[str, ...], data: bytes | None, said: str, good: Path, tmp_path: Path
) -> None:
    file = tmp_path / "config.json"
    if data is not None:
        file.write_bytes(data)
    places = {"FILE": str(file), "GOOD": str(good)}

    result = CliRunner().invoke(app, [places.get(word, word) for word in command])

    assert result.exit_code == 2
    assert not isinstance(result.exception, UnicodeError)
    sentence, *_what_to_do = result.stderr.splitlines()
    assert str(file) in sentence
    assert said in sentence


def test_a_byte_order_mark_is_read_over(good: Path, tmp_path: Path) -> None:
    marked = tmp_path / "marked.json"
    marked.write_text(DOCUMENT, encoding="utf-8-sig")
    message = tmp_path / "message.json"
    message.write_text(
        '{"source": "shop", "id": "1", "detail-type": "x", "detail": {}}', encoding="utf-8-sig"
    )

    result = CliRunner().invoke(app, ["explain", str(message), "--config", str(marked), "--json"])

    assert result.exit_code == 0, result.output
    assert len(json.loads(result.stdout)["messages"][0]["launches"]) == 1


def test_a_configuration_may_come_from_standard_input() -> None:
    result = CliRunner().invoke(
        app, ["validate", "--no-dags", "--config", "-"], input=DOCUMENT.encode("utf-8-sig")
    )

    assert result.exit_code == 0, result.output
