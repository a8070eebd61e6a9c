"""A record of a Kinesis data stream, as Lambda receives it.

https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html
"""

from __future__ import annotations

import base64
import json
from typing import Any

from airflow_provider_hybrid.testing.samples.sample import ACCOUNT, REGION, TIME, Sample, moment_of

NAME = "kinesis:record"


def records(
    name: str,
    *,
    stream: str = "example-stream",
    data: Any = None,
    partition_key: str = "1",
    time: str = TIME,
    region: str = REGION,
) -> Sample:
    """Make a list of one record.

    Args:
        name: The sample's name.
        stream: The stream's name.
        data: What the producer put into the record: a text, or a JSON value, ``{"order": 7}`` without it.
        partition_key: The record's partition key.
        time: When it arrived, ISO 8601 in UTC.
        region: The stream's region.
    """
    data = {"order": 7} if data is None else data
    text = data if isinstance(data, str) else json.dumps(data)
    number = "49590338271490256608559692538361571095921575989136588898"
    record = {
        "kinesis": {
            "kinesisSchemaVersion": "1.0",
            "partitionKey": partition_key,
            "sequenceNumber": number,
            "data": base64.b64encode(text.encode()).decode(),
            "approximateArrivalTimestamp": moment_of(time).timestamp(),
        },
        "eventSource": "aws:kinesis",
        "eventVersion": "1.0",
        "eventID": f"shardId-000000000006:{number}",
        "eventName": "aws:kinesis:record",
        "invokeIdentityArn": f"arn:aws:iam::{ACCOUNT}:role/lambda-role",
        "awsRegion": region,
        "eventSourceARN": f"arn:aws:kinesis:{region}:{ACCOUNT}:stream/{stream}",
    }
    return Sample(name, {"Records": [record]})
