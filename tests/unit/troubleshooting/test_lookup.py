"""What the package says leads to the entry that explains it, wherever people read it."""

from __future__ import annotations

import json
import logging

import pytest
import typer
from botocore.exceptions import ClientError, NoCredentialsError

from airflow_provider_hybrid.cli.leaving import leaving_with_2
from airflow_provider_hybrid.config.read import parse_config
from airflow_provider_hybrid.documentation import SITE
from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.exceptions import ConfigError, QueueError
from airflow_provider_hybrid.routing.room import Room, RouteLimit
from airflow_provider_hybrid.routing.route import Route
from airflow_provider_hybrid.routing.router import route_message
from airflow_provider_hybrid.sqs.errors import explain
from airflow_provider_hybrid.sqs.queue import Queue
from airflow_provider_hybrid.troubleshooting import (
    LONGEST,
    entries_for,
    logger,
    naming_entries,
    with_addresses,
)
from airflow_provider_hybrid.web.rendering import what_to_do

URL = "https://sqs.eu-west-1.amazonaws.com/123456789012/events"
NO_QUEUE = f"There is no queue {URL!r}: mend 'queue_url' in the dispatcher's Variable, or create it."
ADDRESS = f"{SITE}troubleshooting/#queue-not-found"


def refusal(code: str, operation: str = "ReceiveMessage") -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "AWS's words"}}, operation)


@pytest.mark.parametrize(
    ("error", "slug"),
    [
        (refusal("QueueDoesNotExist"), "queue-not-found"),
        (refusal("AccessDenied"), "rights-missing"),
        (refusal("KMS.AccessDeniedException"), "key-denied"),
        (refusal("AccessDenied", "AssumeRole"), "role-not-assumed"),
        (refusal("InvalidClientTokenId"), "credentials-not-valid"),
        (refusal("OverLimit"), "sqs-refuses"),
        (NoCredentialsError(), "no-credentials"),
        (TimeoutError(), "sqs-silent"),
    ],
)
def test_what_is_said_of_an_answer_of_aws_leads_to_its_entry(error: Exception, slug: str) -> None:
    assert entries_for(explain(error, Queue(URL))) == [slug]


@pytest.mark.parametrize(
    ("document", "slugs"),
    [
        ({}, ["key-missing", "no-routes"]),
        ({"queue_url": URL, "routs": []}, ["unknown-key", "no-routes"]),
        ({"queue_url": "arn:aws:sqs:eu-west-1:1:q", "routes": [{}]}, ["queue-url-wrong", "key-missing"]),
        (
            {
                "queue_url": URL,
                "routes": [{"name": "a", "event_pattern": {"a": [{}]}, "trigger_dag_id": "?"}],
            },
            ["pattern-value", "dag-id-wrong"],
        ),
    ],
)
def test_what_is_said_of_a_configuration_leads_to_the_entry_of_each_fault(
    document: object, slugs: list[str]
) -> None:
    with pytest.raises(ConfigError) as raised:
        parse_config(json.dumps(document))

    assert entries_for(str(raised.value)) == slugs


@pytest.mark.parametrize(
    ("body", "slug"),
    [
        ("text", "body-not-json"),
        ('{"Type": "SubscriptionConfirmation", "TopicArn": "t"}', "sns-confirmation"),
        ('{"Records": [{"eventSource": "aws:s3"}]}', "envelope-broken"),
        ('{"a": 1e999}', "value-not-carried"),
        ('{"a": 1}', "no-route"),
    ],
)
def test_the_reason_of_a_dead_letter_leads_to_its_entry(body: str, slug: str) -> None:
    rejection = route_message(Message("id", body), []).rejection

    assert rejection is not None
    assert entries_for(rejection.error_message) == [slug]


@pytest.mark.parametrize(
    ("template", "slug"),
    [
        ("{{ event.detail.nothing }}", "template-fails"),
        ("{{ event.detail.text * 10000000 }}", "template-too-much"),
        ("{{ event.detail.text | fromjson }}", "fromjson"),
    ],
)
def test_why_a_template_fails_leads_to_its_entry(template: str, slug: str) -> None:
    route = Route("a", {"detail": {"text": ["rubbish"]}}, "dag", {"field": template})

    rejection = route_message(Message("id", '{"text": "rubbish"}'), [route]).rejection

    assert rejection is not None
    assert entries_for(rejection.error_message) == [slug]


def test_why_a_message_waits_leads_to_its_entry() -> None:
    room = Room({"a": 600}, {"route": RouteLimit("a", 500)}, 1000)

    assert entries_for(f"no room: {room.why_full(['a'])}") == ["dag-full"]
    assert entries_for(f"no room: more than 'max_queued_runs_total' allows. {room}") == ["all-full"]


def test_what_the_log_says_of_a_message_leads_to_the_entry_of_the_reason() -> None:
    said = "Message 7 ('s3://a/b'): no route wants event '7', source 'a', detail-type 'b'. It was deleted"

    assert entries_for(said) == ["no-route"]


def test_of_two_texts_the_inner_one_is_explained() -> None:
    said = (
        "1 of 2 message(s) must stay in the queue and will come back:\n"
        "- DAG 'orders' does not start. Airflow's API answers 404: no such DAG (message 7)"
    )

    assert entries_for(said) == ["dag-does-not-start"]


def test_a_frame_without_a_known_text_in_it_leads_to_its_own_entry() -> None:
    assert entries_for("2 of 2 message(s) must stay in the queue and will come back:") == ["messages-stay"]


@pytest.mark.parametrize("said", ["", "nobody has ever said that", "x" * LONGEST + NO_QUEUE])
def test_what_the_page_does_not_know_leads_nowhere(said: str) -> None:
    assert entries_for(said) == []
    assert with_addresses(said) == said
    assert what_to_do(said) == ""


def test_an_address_is_named_once() -> None:
    named = with_addresses(NO_QUEUE)

    assert named == f"{NO_QUEUE}\nWhat to do: {ADDRESS}"
    assert with_addresses(named) == named


@pytest.mark.parametrize("error", [QueueError(NO_QUEUE), QueueError("SQS refuses", NO_QUEUE)])
def test_an_error_that_leaves_a_task_names_its_entry(error: QueueError) -> None:
    said = str(error)

    with pytest.raises(QueueError) as raised, naming_entries():
        raise error

    assert str(raised.value) == f"{said}\nWhat to do: {ADDRESS}"


def test_a_warning_names_its_entry_and_a_remark_does_not(caplog: pytest.LogCaptureFixture) -> None:
    log = logger("airflow_provider_hybrid.of_a_test")

    with caplog.at_level(logging.INFO):
        log.warning("The record lacks %d line(s). %s", 2, "100 % of them")
        log.info("The record lacks %d line(s). %s", 2, "")
        log.warning("%d unknown words", 2)

    assert caplog.messages == [
        f"The record lacks 2 line(s). 100 % of them - what to do: {SITE}troubleshooting/#record-lacks-lines",
        "The record lacks 2 line(s). ",
        "2 unknown words",
    ]


def test_a_command_names_the_entry(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(typer.Exit), leaving_with_2("hybrid validate"):
        raise QueueError(NO_QUEUE)

    assert capsys.readouterr().err == f"hybrid validate: {NO_QUEUE}\nWhat to do: {ADDRESS}\n"


def test_a_page_links_to_the_entry() -> None:
    assert f'<a href="{ADDRESS}" target="_blank" rel="noopener">queue not found</a>' in what_to_do(NO_QUEUE)
