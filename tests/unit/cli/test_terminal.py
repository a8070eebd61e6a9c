"""What a stranger wrote does not steer the terminal of who looks at it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from airflow_provider_hybrid.cli.main import app
from airflow_provider_hybrid.cli.printing import printable

HOSTILE = "\x1b[2J\x1b]0;owned\x07 \x9b31m \u202egpj.exe [red]x[/] \r\b\x7f"
STEERING = {"\x1b", "\x07", "\x9b", "\u202e", "\r", "\b", "\x7f"}
"""CSI, OSC, BEL, CSI as one character, right-to-left override, return, backspace, delete."""


def test_what_steers_is_shown_and_what_reads_stays() -> None:
    assert printable("größe 値 🎉\nb", keep="\n") == "größe 値 🎉\nb"
    assert printable("\x1b[31m\x9b\u202e") == r"\x1b[31m\x9b\u202e"


@pytest.mark.parametrize("field", ["id", "source", "detail-type", "text", "MessageId"])
@pytest.mark.parametrize("partner", ["wanted", "not wanted"])
def test_explain_shows_hostile_text_as_text(tmp_path: Path, field: str, partner: str) -> None:
    config = tmp_path / "config.json"
    route = {
        "name": "a",
        "event_pattern": {"detail": {"partner": ["wanted"], "text": [{"exists": True}]}},
        "trigger_dag_id": "dag_a",
        "conf": {"text": "{{ event.detail.text }}", "id": "{{ event.id }}"},
    }
    config.write_text(json.dumps({"queue_url": "https://sqs/1/events", "routes": [route]}))
    event = {"id": "1", "source": "s", "detail-type": "t", field: HOSTILE}
    event["detail"] = {"partner": partner, "text": HOSTILE, HOSTILE: HOSTILE}  # type: ignore[assignment]
    message = {"MessageId": "m", "ReceiptHandle": "h", field: HOSTILE, "Body": json.dumps(event)}

    result = CliRunner().invoke(
        app, ["explain", "-", "--config", str(config)], input=json.dumps(message), color=True
    )

    assert result.exception is None or isinstance(result.exception, SystemExit)
    assert set(result.stdout) & STEERING == set()
    assert "[red]x[/]" in result.stdout
