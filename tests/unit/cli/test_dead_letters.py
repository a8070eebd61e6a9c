"""`hybrid dead-letters` as one types it."""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from airflow_provider_hybrid.cli.dead_letters import act as act_module
from airflow_provider_hybrid.cli.dead_letters import discard as discard_module
from airflow_provider_hybrid.cli.dead_letters import redrive as redrive_module
from airflow_provider_hybrid.cli.dead_letters.source import find_source
from airflow_provider_hybrid.cli.main import app
from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.events.rejection import Rejection
from airflow_provider_hybrid.routing.run_id import hash_of as run_id_of
from airflow_provider_hybrid.sqs.dead_letters import discard as discarding_module
from airflow_provider_hybrid.sqs.dead_letters import queues as queues_module
from airflow_provider_hybrid.sqs.dead_letters.holding import Holding
from airflow_provider_hybrid.sqs.dead_letters.send import send_dead_letters
from tests.harness.outputs import output_of
from tests.harness.receiving import hold_without_waiting, receive

Counts = Callable[[str], tuple[int, int]]
Command = Callable[..., Result]

ROUTE_ERROR = Rejection("RouteError", "route 'a': no such field", ("a", "b"))
UNMATCHED = Rejection("Unmatched", "no route wants it")
FIFO = {"FifoQueue": "true"}


@pytest.fixture(autouse=True)
def _moto_needs_no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    hold_without_waiting(monkeypatch)


def somebody_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (act_module, redrive_module, discard_module):
        monkeypatch.setattr(module, "somebody_is_there", lambda: True)


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
    letters: list[dict[str, Any]] = output_of("dead-letters list", result.stdout)["dead_letters"]
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
    assert f"There is no dead letter in {dead_letter_queue_url}" in result.stdout


HOSTILE = "[red]\x1b[31m\x9b2J\u202e\x07[/red]\r\n"


@pytest.mark.parametrize(
    "words", [["list"], ["show", "m-1"], ["redrive", "--all", "--dry-run"], ["discard", "--all", "--dry-run"]]
)
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

    assert [letter["id"] for letter in output_of("dead-letters list", result.stdout)["dead_letters"]] == [
        "m-1"
    ]


@pytest.mark.parametrize(
    "words", [["list"], ["show", "m-1"], ["redrive", "--all", "--yes"], ["discard", "--all", "--yes"]]
)
def test_without_a_dead_letter_queue_both_ways_to_one_are_told(
    tmp_path: Path, queue_url: str, words: list[str]
) -> None:
    result = CliRunner().invoke(app, ["dead-letters", *words, "--config", str(write(tmp_path, queue_url))])

    assert result.exit_code == 2
    assert "'dead_letter_queue_url'" in result.stderr
    assert f"{queue_url!r} has no redrive policy" in result.stderr


@pytest.mark.parametrize(
    "words", [["list"], ["show", "m-1"], ["redrive", "--all", "--yes"], ["discard", "--all", "--yes"]]
)
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
    shown = output_of("dead-letters show", command("show", "m-unmatched", "--json").stdout)

    assert (shown["id"], shown["body"]) == ("m-unmatched", '{"order": 7}')
    assert shown["explanation"]["ending"] == "starts"


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
    somebody_is_there(monkeypatch)
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
@pytest.mark.parametrize(
    "command_words", [["list"], ["redrive"], ["redrive", "--dry-run"], ["discard", "--yes"]]
)
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
    somebody_is_there(monkeypatch)

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


def test_a_list_that_was_narrowed_says_so(command: Command) -> None:
    assert "There is no dead letter of this kind in " in command("list", "--error", "Unmatched").stdout
    assert "of this kind" not in command("list").stdout


@pytest.mark.usefixtures("three")
def test_redrive_tells_programs_what_became_of_each(command: Command) -> None:
    planned = output_of(
        "dead-letters redrive", command("redrive", "--error", "Unmatched", "--dry-run", "--json").stdout
    )
    result = command("redrive", "m-unmatched", "m-gone", "--json")

    one = {"id": "m-unmatched", "fault": None}
    assert planned == {"act": "redrive", "dead_letters": [{**one, "outcome": "planned"}], "faults": []}
    assert output_of("dead-letters redrive", result.stdout) == {
        "act": "redrive",
        "dead_letters": [{**one, "outcome": "done"}],
        "faults": ["there is no dead letter 'm-gone'"],
    }
    assert result.exit_code == 1


@pytest.mark.usefixtures("three")
@pytest.mark.parametrize(
    ("words", "gone"),
    [
        (["m-broken"], {"m-broken"}),
        (["--route", "a"], {"m-broken"}),
        (["--error", "Unmatched"], {"m-unmatched"}),
    ],
)
def test_discard_deletes_what_is_chosen_and_releases_the_rest(
    command: Command,
    queue_url: str,
    dead_letter_queue_url: str,
    counts: Counts,
    words: list[str],
    gone: set[str],
) -> None:
    result = command("discard", *words, "--yes")

    assert result.exit_code == 0, result.output
    assert f"{len(gone)} message(s) deleted for ever" in result.stdout
    assert (counts(queue_url), counts(dead_letter_queue_url)) == ((0, 0), (3 - len(gone), 0))
    assert gone.isdisjoint(letter["id"] for letter in listed(command))


@pytest.mark.usefixtures("three")
@pytest.mark.parametrize("words", [["--all"], ["m-broken"], ["--error", "Unmatched"]])
def test_without_a_terminal_discard_always_needs_yes(
    command: Command, dead_letter_queue_url: str, counts: Counts, words: list[str]
) -> None:
    result = command("discard", *words)

    assert result.exit_code == 2
    assert "discard needs --yes" in " ".join(result.stderr.replace("│", " ").split())
    assert command("discard", *words, "--dry-run").exit_code == 0
    assert counts(dead_letter_queue_url) == (3, 0)


@pytest.mark.usefixtures("three")
@pytest.mark.parametrize(("answer", "left"), [("n", 3), ("y", 0)])
def test_discard_shows_the_plan_and_asks(
    command: Command,
    config: Path,
    dead_letter_queue_url: str,
    counts: Counts,
    monkeypatch: pytest.MonkeyPatch,
    answer: str,
    left: int,
) -> None:
    somebody_is_there(monkeypatch)

    words = ["dead-letters", "discard", "--all", "--config", str(config)]
    result = CliRunner().invoke(app, words, input=answer)

    question = f"Delete 3 message(s) from {dead_letter_queue_url} for ever?"
    before, asked, _ = result.output.partition(question)
    assert asked
    assert "m-broken" in before
    assert "They are in no file: --save FILE writes them first." in before
    assert counts(dead_letter_queue_url) == (left, 0)


@pytest.mark.usefixtures("three")
def test_what_is_saved_before_can_be_explained_with_its_identity(
    command: Command, config: Path, dead_letter_queue_url: str, counts: Counts, tmp_path: Path
) -> None:
    file = tmp_path / "discarded.jsonl"

    result = command("discard", "--all", "--yes", "--save", str(file))

    assert result.exit_code == 0
    assert counts(dead_letter_queue_url) == (0, 0)
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    by_body = {line["Body"]: line for line in lines}
    assert by_body.keys() == {"{}", '{"order": 7}', "sent"}
    assert by_body["{}"]["MessageAttributes"]["HybridMessageId"]["StringValue"] == "m-broken"
    explained = CliRunner().invoke(app, ["explain", str(file), "--config", str(config), "--json"])
    runs = [run for message in json.loads(explained.stdout)["messages"] for run in message["launches"]]
    assert [run["trigger_run_id"].split("__")[-1] for run in runs] == [run_id_of("m-unmatched")]


@pytest.mark.usefixtures("three")
@pytest.mark.parametrize("place", ["there.jsonl", "no/such/folder.jsonl"])
def test_what_cannot_be_saved_is_not_deleted(
    command: Command, dead_letter_queue_url: str, counts: Counts, tmp_path: Path, place: str
) -> None:
    (tmp_path / "there.jsonl").write_text("precious")

    result = command("discard", "--all", "--yes", "--save", str(tmp_path / place))

    assert result.exit_code == 2
    assert "Name another file" in " ".join(result.stderr.replace("│", " ").split())
    assert (tmp_path / "there.jsonl").read_text() == "precious"
    assert counts(dead_letter_queue_url) == (3, 0)


@pytest.mark.usefixtures("three")
def test_what_sqs_does_not_delete_is_told(
    command: Command, monkeypatch: pytest.MonkeyPatch, dead_letter_queue_url: str, counts: Counts
) -> None:
    def refuse(_client: Any, _url: str, messages: list[Message]) -> dict[Message, str]:
        return dict.fromkeys(messages, "No: not now")

    monkeypatch.setattr(discarding_module, "delete_messages", refuse)

    result = command("discard", "m-broken", "--yes", "--json")

    assert result.exit_code == 2
    assert output_of("dead-letters discard", result.stdout)["dead_letters"] == [
        {"id": "m-broken", "outcome": "not_done", "fault": "No: not now"}
    ]
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

    told = output_of("dead-letters list", result.stdout)
    assert (len(told["dead_letters"]), told["behind_these"]) == (10, 15)
    assert "About 15 more wait behind these" in command("list").stderr


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


def test_of_a_fifo_group_discard_deletes_exactly_those_of_the_plan(
    fifo: tuple[str, str, Command], counts: Counts
) -> None:
    """Those that wait behind them are in no plan: nobody has seen them."""
    _, dead_url, command = fifo

    result = command("discard", "--all", "--yes")

    assert result.exit_code == 0
    assert "10 message(s) deleted for ever" in result.stdout
    assert "About 15 more wait behind these" in result.stderr
    assert counts(dead_url) == (15, 0)


def test_with_standard_input_closed_nobody_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that was started without standard input has None there."""
    monkeypatch.setattr(sys, "stdin", None)

    assert not act_module.somebody_is_there()
