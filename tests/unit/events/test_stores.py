"""Stores that speak S3, and what they do otherwise than S3."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from airflow_provider_hybrid.events.event import Event
from airflow_provider_hybrid.events.message import Message
from airflow_provider_hybrid.events.parse import parse_message
from airflow_provider_hybrid.events.records.s3 import S3Keys
from airflow_provider_hybrid.exceptions import MessageParseError
from tests.harness.cases import load


def upload(key: str = "orders/1.csv", keys: S3Keys = "auto", **fields: Any) -> Event:
    """An upload, by a store that calls itself S3 unless the fields say otherwise."""
    record = json.loads(load("s3_put").body)["Records"][0] | fields
    record["s3"]["object"]["key"] = key
    (event,) = parse_message(Message("m-1", json.dumps({"Records": [record]}), s3_keys=keys))
    return event


def key_of(*arguments: Any, **fields: Any) -> str:
    key = upload(*arguments, **fields).detail["object"]["key"]
    assert isinstance(key, str)
    return key


CEPH = {"eventSource": "ceph:s3"}


@pytest.mark.parametrize("written", ["a+b.csv", "50%25.csv", "é.csv", "a b+c%20d.csv", "100%.csv"])
def test_ceph_writes_a_key_as_it_is(written: str) -> None:
    assert key_of(written, **CEPH) == written


@pytest.mark.parametrize(
    "written",
    ["a b.csv", "a b+c.csv", "é+.csv", "100%.csv", "5%_a.csv", "a+%ff", 'a+"b"', "a+<b>", "a+[b]^", "a+|b"],
)
def test_a_key_that_no_encoder_writes_is_taken_as_it_is(written: str) -> None:
    assert key_of(written) == written


@pytest.mark.parametrize("source", ["aws:s3", "minio:s3", "rustfs:s3"])
def test_what_may_be_encoded_is_decoded(source: str) -> None:
    assert key_of("dt%3D2026/a+b%2Bc.csv", eventSource=source) == "dt=2026/a b+c.csv"
    assert key_of("orders%2F%C3%A9.csv", eventSource=source) == "orders/é.csv"


def test_a_setting_says_it_where_the_record_does_not() -> None:
    assert key_of("a+b%2Bc.csv", "raw") == "a+b%2Bc.csv"
    assert key_of("a+b%2Bc.csv", "encoded", **CEPH) == "a b+c.csv"


def test_a_key_that_must_be_encoded_and_is_not_is_an_error() -> None:
    with pytest.raises(MessageParseError, match=r"'s3\.object\.key' is not UTF-8 once decoded"):
        upload("%ff", "encoded")


@pytest.mark.parametrize("name", ["aws_sns_plain", "aws_lambda_sqs"])
def test_the_setting_reaches_an_upload_inside_other_envelopes(name: str) -> None:
    case = load(name)
    inside = json.dumps({"Records": [json.loads(load("s3_put").body)["Records"][0]]})
    body = json.loads(case.body)
    if "Records" in body:
        body["Records"] = [body["Records"][0] | {"body": inside}]
    else:
        body["Message"] = inside

    (event,) = parse_message(replace(case.message(json.dumps(body)), s3_keys="raw"))

    assert event.detail["object"]["key"] == json.loads(inside)["Records"][0]["s3"]["object"]["key"]


@pytest.mark.parametrize(
    ("name", "detail_type"),
    [
        ("s3:ObjectCreated:PutTagging", "Object Tags Added"),
        ("s3:ObjectCreated:DeleteTagging", "Object Tags Deleted"),
        ("s3:ObjectCreated:PutRetention", "ObjectCreated:PutRetention"),
        ("s3:ObjectCreated:PutLegalHold", "ObjectCreated:PutLegalHold"),
        ("s3:ObjectRemoved:NoOP", "ObjectRemoved:NoOP"),
        ("s3:ObjectRemoved:DeleteAllVersions", "Object Deleted"),
        ("s3:ObjectAccessed:Get", "ObjectAccessed:Get"),
        ("s3:ObjectRestore:Post", "Object Restore Initiated"),
        ("s3:ObjectCreated", "ObjectCreated"),
        ("s3:ObjectLifecycle:Expiration:Current", "ObjectLifecycle:Expiration:Current"),
    ],
)
@pytest.mark.parametrize("source", ["minio:s3", "ceph:s3", "rustfs:s3"])
def test_an_event_that_is_no_upload_does_not_look_like_one(name: str, detail_type: str, source: str) -> None:
    event = upload(eventName=name, eventSource=source)

    assert event.detail_type == detail_type
    assert ("reason" in event.detail) is (detail_type == "Object Deleted")


@pytest.mark.parametrize(
    ("name", "detail_type"),
    [("ObjectCreated:Append", "Object Created"), ("ObjectRemoved:Purge", "Object Deleted")],
)
def test_a_name_that_s3_adds_tomorrow_is_of_its_family_and_names_its_reason(
    name: str, detail_type: str
) -> None:
    event = upload(eventName=name)

    assert (event.detail_type, event.detail["reason"]) == (detail_type, name.partition(":")[2])


@pytest.mark.parametrize("source", ["aws:s3", "minio:s3", "ceph:s3"])
@pytest.mark.parametrize("kind", ["Put", "Post", "Copy", "CompleteMultipartUpload"])
def test_an_upload_to_any_store_is_an_object_created_with_a_reason(kind: str, source: str) -> None:
    event = upload(eventName=f"s3:ObjectCreated:{kind}", eventSource=source)

    assert event.detail_type == "Object Created"
    assert event.detail["reason"]


class TestAStoreWhoseSequencerNeverChanges:
    FIRST = load("localstack_s3_first_upload")
    SECOND = load("localstack_s3_second_upload")

    def id_of(self, body: str, **fields: Any) -> str:
        record = json.loads(body)["Records"][0] | fields
        (event,) = parse_message(Message("m-1", json.dumps({"Records": [record]})))
        return event.id

    def test_two_uploads_are_two_events(self) -> None:
        assert self.id_of(self.FIRST.body) != self.id_of(self.SECOND.body)

    def test_the_same_content_at_another_time_is_another_upload(self) -> None:
        assert self.id_of(self.FIRST.body) != self.id_of(
            self.FIRST.body, eventTime="2026-11-23T02:00:00.000Z"
        )

    def test_other_content_at_the_same_time_is_another_upload(self) -> None:
        second = json.loads(self.SECOND.body)["Records"][0]

        assert self.id_of(self.FIRST.body) != self.id_of(self.FIRST.body, s3=second["s3"])

    def test_a_copy_of_the_notification_is_the_same_upload(self) -> None:
        copy = self.id_of(self.FIRST.body, eventVersion="2.6", responseElements={"x-amz-request-id": "other"})

        assert copy == self.id_of(self.FIRST.body)
