"""What came with an event: the innermost message, for templates."""

from __future__ import annotations

from airflow_provider_hybrid.events.parse import open_message
from tests.harness.cases import load


def test_behind_sns_are_subject_topic_and_the_publishers_attributes() -> None:
    case = load("ministack_sns_plain")

    ((_, message),) = open_message(case.message(attributes={"SentTimestamp": "1795312800000"}))

    assert message.body == '{"order": 7}'
    assert message.attributes == {
        "SentTimestamp": "1795312800000",
        "Subject": "New order",
        "TopicArn": "arn:aws:sns:us-east-1:000000000000:orders",
    }
    assert message.message_attributes["tenant"] == {"DataType": "String", "StringValue": "acme"}
    assert message.message_attributes["weight"] == {"DataType": "Number", "StringValue": "1.5"}
    assert message.message_attributes["blob"] == {"DataType": "Binary", "BinaryValue": ""}


def test_with_raw_delivery_the_publishers_attributes_are_sqss() -> None:
    case = load("ministack_sns_raw_plain")

    ((_, message),) = open_message(case.message())

    assert message == case.message()
    assert message.message_attributes["blob"] == {"DataType": "Binary", "BinaryValue": "AP8="}


def test_a_message_through_lambda_is_as_its_own_queue_handed_it_out() -> None:
    _, (_, message) = open_message(load("aws_lambda_sqs").message(receipt_handle="outer"))

    assert message.queue_name == "my-queue"
    assert message.attributes["MessageDeduplicationId"] == "1"
    assert message.message_attributes == {"myAttribute": {"DataType": "String", "StringValue": "myValue"}}
    assert message.receipt_handle == "outer"


def test_a_cloudevents_extensions_are_attributes_in_both_modes() -> None:
    ((_, structured),) = open_message(load("cloudevents_json").message())
    ((_, binary),) = open_message(load("cloudevents_binary_mode_json").message())

    for message in (structured, binary):
        assert message.message_attributes["ce-comexampleextension1"]["StringValue"] == "value"
        assert message.message_attributes["ce-comexampleothervalue"]["StringValue"] == "5"
    assert "ce-subject" not in structured.message_attributes
    assert "ce-data" not in structured.message_attributes
