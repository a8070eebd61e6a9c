"""`hybrid dead-letters` as one types it."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from airflow_provider_hybrid.cli.dead_letters import redrive as redrive_module
from airflow_provider_hybrid.cli.dead_letters.source import find_source
from airflow_provider_hybrid.cli.main import app
from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.events.rejection import Rejection
from airflow_provider_hybrid.sqs.dead_letters import queues as queues_module
from airflow_provider_hybrid.sqs.dead_letters.holding import Holding
from airflow_provider_hybrid.sqs.dead_letters.send import send_dead_letters
from tests.harness.receiving import hold_without_waiting, receive

Counts = Callable[[str], tuple[int, int]]
Command = Callable[..., Result]

ROUTE_ERROR = Rejection("RouteError", "route 'a': no such field", ("a", "b"))
UNMATCHED = Rejection("Unmatched", "no route wants it")
FIFO = {"FifoQueue": "true"}


@pytest.fixture(autouse=True)
def _moto_needs_no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    hold_without_waiting(monkeypatch)


@pytest.fixture
def config(tmp_path: Path, queue_url: str, dead_letter_queue_url: str) -> Path:
    return write(tmp_path, queue_url, dead_letter_queue_url=dead_letter_queue_url)


def write(folder: Path, queue_url: str, **settings: Any) -> Path:
    route = {"name": "orders", "event_pattern": {"detail": {"order": [7]}}, "trigger_dag_id": "dag_orders"}
    file = folder / "config.json"
    file.write_text(json.dumps({"queue_url": queue_url, "routes": [route], **settings}))
    return file


@pytest.fixture
def command(config: Path) -> Command:
    return lambda *words: CliRunner().invoke(app, ["dead-letters", *words, "--config", str(config)])


@pytest.fixture
def put(sqs: Any, dead_letter_queue_url: str) -> Callable[..., None]:
    """Put a dead letter there as a dispatcher does."""

    def send(name: str, rejection: Rejection, body: str = "{}") -> None:
        message = Message(name, body)
        assert send_dead_letters(sqs, dead_letter_queue_url, {message: rejection}, "scheduled__1") == {}

    return send


@pytest.fixture
def three(put: Callable[..., None], sqs: Any, dead_letter_queue_url: str) -> None:
    """One that a route could not handle, one that none wants, one of which nobody says why."""
    put("m-broken", ROUTE_ERROR)
    put("m-unmatched", UNMATCHED, '{"order": 7}')
    sqs.send_message(QueueUrl=dead_letter_queue_url, MessageBody="sent")


def listed(command: Command, *words: str) -> list[dict[str, Any]]:
    result = command("list", "--json", *words)
    assert result.exit_code == 0, result.output
    letters: list[dict[str, Any]] = json.loads(result.stdout)
    return letters


@pytest.mark.usefixtures("three")
def test_list_tells_programs_all_there_is(
    command: Command, counts: Counts, dead_letter_queue_url: str
) -> None:
    by_type = {letter["error_type"]: letter for letter in listed(command)}

    assert by_type.keys() == {"RouteError", "Unmatched", "Unknown"}
    broken = by_type["RouteError"]
    assert broken["id"] == "m-broken"
    assert broken["message_id"] not in {"m-broken", ""}
    assert broken["error_message"] == "route 'a': no such field"
    assert (broken["routes"], broken["dispatcher_run"]) == (["a", "b"], "scheduled__1")
    assert broken["sent"].startswith("20")
    assert by_type["Unknown"]["dispatcher_run"] is None
    assert counts(dead_letter_queue_url) == (3, 0), "as before"


@pytest.mark.usefixtures("three")
def test_list_tells_people(command: Command) -> None:
    result = command("list")

    assert result.exit_code == 0
    (line,) = [line for line in result.stdout.splitlines() if "m-broken" in line]
    for words in ("RouteError", "a, b", "scheduled__1", "route 'a': no such field"):
        assert words in line
    assert "3 dead letter(s)" in result.stdout
    assert "SQS moved it" not in result.stdout, "nothing says so"


@pytest.mark.usefixtures("three")
@pytest.mark.parametrize(
    ("words", "ids"),
    [
        (["--route", "b"], ["m-broken"]),
        (["--error", "Unmatched"], ["m-unmatched"]),
        (["--route", "b", "--error", "Unmatched"], []),
        (["--route", "orders"], []),
    ],
)
def test_list_can_be_narrowed(command: Command, words: list[str], ids: list[str]) -> None:
    assert [letter["id"] for letter in listed(command, *words)] == ids


def test_nothing_is_listed_where_there_is_nothing(command: Command, dead_letter_queue_url: str) -> None:
    result = command("list")

    assert result.exit_code == 0
    assert f"No dead letter of this kind in {dead_letter_queue_url}" in result.stdout


HOSTILE = "[red]\x1b[31m\x9b2J\u202e\x07[/red]\r\n"


@pytest.mark.parametrize("words", [["list"], ["show", "m-1"], ["redrive", "--all", "--dry-run"]])
def test_no_control_character_reaches_the_terminal(
    command: Command, sqs: Any, dead_letter_queue_url: str, words: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQS itself refuses some of them, but a queue may be anybody's."""
    text = {"DataType": "String", "StringValue": HOSTILE}
    names = ("HybridErrorType", "HybridErrorMessage", "HybridRoute", "HybridDispatcherRun", "other")
    message = Message(
        "m-1",
        '{"order": 7, "text": ' + json.dumps(HOSTILE, ensure_ascii=False) + "}",
        message_attributes=dict.fromkeys(names, text),
        attributes={"SentTimestamp": "1795312800000"},
    )
    good = Message(
        "m-1", json.dumps({"order": 7, "text": HOSTILE}), message_attributes=message.message_attributes
    )
    for hostile in (message, good):
        monkeypatch.setattr(Holding, "read", lambda _, hostile=hostile: iter([[hostile]]))
        result = command(*words)

        assert result.exit_code == 0, result.output
        printed = result.stdout + result.stderr
        assert [c for c in printed if not c.isprintable() and c != "\n"] == []
        assert "[red]" in printed, "as it stands, not as rich's markup"


def test_the_dead_letter_queue_is_found_by_the_redrive_policy(
    tmp_path: Path, sqs: Any, queue_url: str, dead_letter_queue_url: str, put: Callable[..., None]
) -> None:
    answer = sqs.get_queue_attributes(QueueUrl=dead_letter_queue_url, AttributeNames=["QueueArn"])
    policy = {"deadLetterTargetArn": answer["Attributes"]["QueueArn"], "maxReceiveCount": 5}
    sqs.set_queue_attributes(QueueUrl=queue_url, Attributes={"RedrivePolicy": json.dumps(policy)})
    put("m-1", UNMATCHED)

    result = CliRunner().invoke(
        app, ["dead-letters", "list", "--config", str(write(tmp_path, queue_url)), "--json"]
    )

    assert [letter["id"] for letter in json.loads(result.stdout)] == ["m-1"]


@pytest.mark.parametrize("words", [["list"], ["show", "m-1"], ["redrive", "--all", "--yes"]])
def test_without_a_dead_letter_queue_both_ways_to_one_are_told(
    tmp_path: Path, queue_url: str, words: list[str]
) -> None:
    result = CliRunner().invoke(app, ["dead-letters", *words, "--config", str(write(tmp_path, queue_url))])

    assert result.exit_code == 2
    assert "'dead_letter_queue_url'" in result.stderr
    assert f"{queue_url!r} has no redrive policy" in result.stderr


@pytest.mark.parametrize("words", [["list"], ["show", "m-1"], ["redrive", "--all", "--yes"]])
def test_a_queue_that_is_not_there_is_told_in_plain_words(
    tmp_path: Path, queue_url: str, words: list[str]
) -> None:
    config = write(tmp_path, queue_url, dead_letter_queue_url=f"{queue_url}-nowhere")

    result = CliRunner().invoke(app, ["dead-letters", *words, "--config", str(config)])

    assert result.exit_code == 2
    assert f"There is no queue '{queue_url}-nowhere'" in result.stderr


@pytest.mark.usefixtures("three")
def test_show_tells_all_of_a_message_and_what_would_happen_to_it_now(
    command: Command, counts: Counts, dead_letter_queue_url: str
) -> None:
    result = command("show", "m-unmatched")

    assert result.exit_code == 0
    for words in ("Unmatched", "no route wants it", '{"order": 7}', "dag_orders orders__m-unmatched"):
        assert words in result.stdout
    assert counts(dead_letter_queue_url) == (3, 0), "as before"


@pytest.mark.usefixtures("three")
def test_show_tells_programs_too(command: Command) -> None:
    shown = json.loads(command("show", "m-unmatched", "--json").stdout)

    assert (shown["id"], shown["body"]) == ("m-unmatched", '{"order": 7}')
    assert shown["explanation"]["ending"] == "deleted once its 1 run exists"


@pytest.mark.usefixtures("three")
def test_what_is_not_there_cannot_be_shown(command: Command) -> None:
    result = command("show", "m-nothing")

    assert result.exit_code == 2
    assert "there is no message 'm-nothing'" in result.stderr


@pytest.mark.usefixtures("three")
@pytest.mark.parametrize(
    ("words", "back"),
    [
        (["m-broken"], {"m-broken"}),
        (["m-broken", "m-unmatched"], {"m-broken", "m-unmatched"}),
        (["--route", "a"], {"m-broken"}),
        (["--error", "Unmatched"], {"m-unmatched"}),
    ],
)
def test_redrive_sends_back_what_is_chosen_and_releases_the_rest(
    command: Command,
    sqs: Any,
    queue_url: str,
    dead_letter_queue_url: str,
    counts: Counts,
    words: list[str],
    back: set[str],
) -> None:
    result = command("redrive", *words)

    assert result.exit_code == 0, result.output
    assert f"{len(back)} message(s) sent back" in result.stdout
    assert {message.identity for message in receive(sqs, queue_url, len(back))} == back
    assert counts(dead_letter_queue_url) == (3 - len(back), 0)


@pytest.mark.usefixtures("three")
def test_redrive_sends_all_back_and_may_be_repeated(
    command: Command, queue_url: str, dead_letter_queue_url: str, counts: Counts
) -> None:
    for _ in range(2):
        assert command("redrive", "--all", "--yes").exit_code == 0

    assert (counts(queue_url), counts(dead_letter_queue_url)) == ((3, 0), (0, 0))


@pytest.mark.usefixtures("three")
def test_a_dry_run_only_shows(
    command: Command, queue_url: str, dead_letter_queue_url: str, counts: Counts
) -> None:
    result = command("redrive", "--error", "Unmatched", "--dry-run")

    assert result.exit_code == 0
    assert "m-unmatched" in result.stdout
    assert "m-broken" not in result.stdout
    assert (counts(queue_url), counts(dead_letter_queue_url)) == ((0, 0), (3, 0))


@pytest.mark.usefixtures("three")
def test_where_nothing_is_chosen_it_says_how(
    command: Command, queue_url: str, dead_letter_queue_url: str, counts: Counts
) -> None:
    result = command("redrive")

    assert result.exit_code == 2
    assert "nothing is chosen" in result.stderr
    assert (counts(queue_url), counts(dead_letter_queue_url)) == ((0, 0), (3, 0))


@pytest.mark.usefixtures("three")
@pytest.mark.parametrize(("words", "code"), [(["m-broken", "m-gone"], 1), (["m-gone"], 2)])
def test_what_is_not_there_is_named(command: Command, words: list[str], code: int) -> None:
    result = command("redrive", *words)

    assert result.exit_code == code
    assert "there is no dead letter 'm-gone'" in result.stderr


@pytest.mark.usefixtures("three")
@pytest.mark.parametrize(("answer", "left"), [("n", 3), ("y", 0)])
def test_on_a_terminal_it_asks_before(
    config: Path,
    dead_letter_queue_url: str,
    counts: Counts,
    monkeypatch: pytest.MonkeyPatch,
    answer: str,
    left: int,
) -> None:
    monkeypatch.setattr(redrive_module, "somebody_is_there", lambda: True)
    words = ["dead-letters", "redrive", "--all", "--config", str(config)]

    result = CliRunner().invoke(app, words, input=answer)

    assert "Send 3 dead letter(s)" in result.output
    assert counts(dead_letter_queue_url) == (left, 0)


@pytest.mark.usefixtures("three")
def test_without_a_terminal_all_needs_yes(
    command: Command, queue_url: str, dead_letter_queue_url: str, counts: Counts
) -> None:
    result = command("redrive", "--all")

    assert result.exit_code == 2
    assert "--all needs --yes" in result.stderr
    assert (counts(queue_url), counts(dead_letter_queue_url)) == ((0, 0), (3, 0))
    assert command("redrive", "--all", "--dry-run").exit_code == 0


@pytest.mark.usefixtures("three")
@pytest.mark.parametrize("command_words", [["list"], ["redrive"], ["redrive", "--dry-run"]])
@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--route", "order"], ["no route is called 'order': there are a, b, orders"]),
        (
            ["--error", "unmatched"],
            ["there is no error type 'unmatched', but ", "Undelivered, Unknown, Unmatched"],
        ),
        (["--route", "A", "--error", "x"], ["no route is called 'A'", "there is no error type 'x'"]),
    ],
)
def test_a_name_that_nobody_knows_is_a_fault(
    command: Command,
    queue_url: str,
    dead_letter_queue_url: str,
    counts: Counts,
    command_words: list[str],
    words: list[str],
    told: list[str],
) -> None:
    result = command(*command_words, *words)

    assert result.exit_code == 2
    assert [word for word in told if word not in result.stderr] == []
    assert (counts(queue_url), counts(dead_letter_queue_url)) == ((0, 0), (3, 0))


@pytest.mark.usefixtures("three")
@pytest.mark.parametrize(
    "words", [["--route", "orders"], ["--error", "LaunchError"], ["--error", "Undelivered"]]
)
def test_a_name_that_has_no_dead_letter_just_now_is_none(command: Command, words: list[str]) -> None:
    """A route of the configuration, or a word of our own."""
    result = command("redrive", *words)

    assert result.exit_code == 0
    assert "0 message(s) sent back" in result.stdout


@pytest.mark.usefixtures("three")
def test_yes_answers_the_question(
    command: Command, dead_letter_queue_url: str, counts: Counts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(redrive_module, "somebody_is_there", lambda: True)

    assert command("redrive", "--all", "--yes").exit_code == 0
    assert counts(dead_letter_queue_url) == (0, 0)


@pytest.mark.usefixtures("three")
def test_a_queue_that_takes_nothing_keeps_them_dead_letters(
    tmp_path: Path, queue_url: str, dead_letter_queue_url: str, counts: Counts
) -> None:
    config = write(tmp_path, f"{queue_url}-nowhere", dead_letter_queue_url=dead_letter_queue_url)

    result = CliRunner().invoke(app, ["dead-letters", "redrive", "--all", "--yes", "--config", str(config)])

    assert result.exit_code == 2
    assert f"There is no queue '{queue_url}-nowhere'" in result.stderr
    assert counts(dead_letter_queue_url) == (3, 0)


@pytest.mark.usefixtures("three")
def test_a_polite_kill_gives_back_what_is_held(
    config: Path, dead_letter_queue_url: str, counts: Counts
) -> None:
    def killed() -> None:
        with find_source(config, "").hold() as holding:
            next(holding.read())
            os.kill(os.getpid(), signal.SIGTERM)

    before = signal.getsignal(signal.SIGTERM)
    with pytest.raises(SystemExit):
        killed()

    assert counts(dead_letter_queue_url) == (3, 0)
    assert signal.getsignal(signal.SIGTERM) == before


@pytest.fixture
def fifo(sqs: Any, tmp_path: Path) -> tuple[str, str, Command]:
    """Give a FIFO queue, its dead-letter queue with 25 messages of one group in it, and the command."""
    queue_url, dead_url = (
        sqs.create_queue(QueueName=f"{name}.fifo", Attributes=FIFO)["QueueUrl"] for name in ("events", "dead")
    )
    for number in range(25):
        message = Message(f"m-{number:02}", str(number), {"MessageGroupId": "g-1"})
        send_dead_letters(sqs, dead_url, {message: UNMATCHED}, "")
    config = write(tmp_path, queue_url, dead_letter_queue_url=dead_url)
    return (
        queue_url,
        dead_url,
        lambda *words: CliRunner().invoke(app, ["dead-letters", *words, "--config", str(config)]),
    )


def test_of_a_fifo_group_the_first_are_listed_and_the_rest_counted(fifo: tuple[str, str, Command]) -> None:
    _, _, command = fifo

    result = command("list", "--json")

    assert len(json.loads(result.stdout)) == 10
    assert "About 15 more wait behind these" in result.stderr


def test_a_whole_fifo_group_goes_back_in_its_order(sqs: Any, fifo: tuple[str, str, Command]) -> None:
    queue_url, _, command = fifo

    result = command("redrive", "--all", "--yes")

    assert "25 message(s) sent back" in result.stdout
    assert "and 5 more" in result.stdout
    back: list[str] = []
    while received := sqs.receive_message(QueueUrl=queue_url, MaxNumberOfMessages=10).get("Messages"):
        back += [message["Body"] for message in received]
        for message in received:
            sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])
    assert back == [str(number) for number in range(25)]


def test_what_is_a_dead_letter_again_at_once_is_not_sent_back_twice(
    sqs: Any, fifo: tuple[str, str, Command], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As by a dispatcher that is still as it was: redrive must come to an end."""
    queue_url, dead_url, command = fifo
    real = queues_module.send_back

    def send_back_and_reject(*arguments: Any) -> Any:
        yield from real(*arguments)
        while entries := sqs.receive_message(
            QueueUrl=queue_url,
            MaxNumberOfMessages=10,
            MessageAttributeNames=["All"],
            MessageSystemAttributeNames=["All"],
        ).get("Messages"):
            for entry in entries:
                send_dead_letters(sqs, dead_url, {Message.from_sqs(entry): UNMATCHED}, "")
                sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=entry["ReceiptHandle"])

    monkeypatch.setattr(queues_module, "send_back", send_back_and_reject)

    result = command("redrive", "--all", "--yes")

    assert "25 message(s) sent back" in result.stdout
