"""An object on S3: put there, so that S3 itself tells the queue of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from airflow_provider_hybrid.exceptions import HybridError
from airflow_provider_hybrid.sqs.queue import Queue

SCHEME = "s3://"

CONTENT = b"Sent by `hybrid send`.\n"
"""What an object holds if nobody names a file. Some routes want no empty object: those stand for folders."""

_ADDRESS = re.compile(r"s3://(?P<bucket>[^/]+)/(?P<key>.*)", re.DOTALL)


class UploadError(HybridError):
    """An object was not put on S3; says why and what to do."""


@dataclass(frozen=True)
class S3Object:
    """The place of an object.

    Args:
        bucket: Its bucket.
        key: Its key.
    """

    bucket: str
    key: str

    @classmethod
    def parse(cls, address: str, file_name: str = "") -> S3Object:
        """Read ``s3://bucket/key``.

        Args:
            address: The address. As for `aws s3 cp`, a file keeps its name in one that ends with a slash.
            file_name: The name of the file that goes there; empty if there is none.

        Raises:
            UploadError: If it names no object.
        """
        found = _ADDRESS.fullmatch(address)
        key = found["key"] if found else ""
        if found and (not key or key.endswith("/")):
            key += file_name
        if not found or not key or key.endswith("/"):
            raise UploadError(f"{address!r} names no object. Write s3://<bucket>/<key>")
        return cls(found["bucket"], key)

    def __str__(self) -> str:
        """Write its address."""
        return f"{SCHEME}{self.bucket}/{self.key}"


def put(place: S3Object, content: bytes, queue: Queue, *, overwrite: bool) -> bool:
    """Put an object on S3, by the connection to a queue.

    Args:
        place: Where to.
        content: What it holds.
        queue: The queue.
        overwrite: Whether to replace an object that is there already.

    Returns:
        Whether it was put there: False if there is such an object.

    Raises:
        UploadError: If S3 does not take it.
    """
    # Imported here: AWS's libraries take long, and `hybrid --help` need not wait for them.
    from airflow.providers.amazon.aws.hooks.s3 import S3Hook
    from botocore.exceptions import ClientError

    from airflow_provider_hybrid.sqs.errors import AWS_ERRORS, in_short

    try:
        client = S3Hook(aws_conn_id=queue.aws_conn_id, region_name=queue.region).get_conn()
        if not overwrite and _is_there(client, place):
            return False
        # Also if it came in this moment, or if the look at it is not allowed, S3 refuses to replace it:
        # https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
        condition = {} if overwrite else {"IfNoneMatch": "*"}
        client.put_object(Bucket=place.bucket, Key=place.key, Body=content, **condition)
    except ClientError as error:
        code = error.response["Error"]["Code"]
        if code == "PreconditionFailed":
            return False
        said = in_short(error).rstrip(".")
        raise UploadError(f"S3 does not take {place}: {said}. {_advice(code, place, queue)}") from error
    except AWS_ERRORS as error:
        raise UploadError(
            f"S3 cannot be called with {queue.connection}: {in_short(error).rstrip('.')}. Look at its extra: "
            "'endpoint_url', 'region_name'"
        ) from error
    return True


def _is_there(client: Any, place: S3Object) -> bool:
    from botocore.exceptions import ClientError

    try:
        client.head_object(Bucket=place.bucket, Key=place.key)
    except ClientError as error:
        # S3 answers 403 where it does not tell who asks.
        if error.response["ResponseMetadata"]["HTTPStatusCode"] in {403, 404}:
            return False
        raise
    return True


def _advice(code: str, place: S3Object, queue: Queue) -> str:
    if code == "NoSuchBucket":
        return f"Create the bucket {place.bucket!r}, or look at the name"
    return (
        f"Allow s3:PutObject on arn:aws:s3:::{place.bucket}/* for {queue.connection}, or name the connection "
        "of somebody who may: --aws-conn-id"
    )
