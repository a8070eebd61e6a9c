"""Which trouble passes, and what is said of the rest."""

from __future__ import annotations

import asyncio
import errno
import socket
import ssl

import pytest
from botocore.exceptions import (
    ClientError,
    ConnectionClosedError,
    ConnectTimeoutError,
    EndpointConnectionError,
    HTTPClientError,
    NoCredentialsError,
    NoRegionError,
    ProxyConnectionError,
    ReadTimeoutError,
    SSLError,
)

from airflow_provider_hybrid.sqs.errors import explain, is_transient
from airflow_provider_hybrid.sqs.queue import Queue

URL = "https://sqs.eu-west-1.amazonaws.com/123456789012/events"


def client_error(code: str, status: int = 400, operation: str = "ReceiveMessage") -> ClientError:
    answer = {
        "Error": {"Code": code, "Message": "SQS's words"},
        "ResponseMetadata": {"HTTPStatusCode": status},
    }
    return ClientError(answer, operation)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("error", "transient"),
    [
        (client_error("ThrottlingException"), True),
        (client_error("RequestThrottled", 403), True),
        (client_error("InternalFailure", 500), True),
        (client_error("Whatever", 503), True),
        (EndpointConnectionError(endpoint_url=URL), True),
        (ConnectTimeoutError(endpoint_url=URL), True),
        (ReadTimeoutError(endpoint_url=URL), True),
        (ConnectionResetError(), True),
        (client_error("QueueDoesNotExist"), False),
        (client_error("AccessDenied", 403), False),
        (client_error("InvalidClientTokenId", 403), False),
        (NoCredentialsError(), False),
        (ConnectionRefusedError(), True),
        (TimeoutError(), True),
        (asyncio.TimeoutError(), True),
        (OSError(errno.ENETUNREACH, "Network is unreachable"), True),
        (FileNotFoundError(errno.ENOENT, "No such file or directory"), False),
        (PermissionError(errno.EACCES, "Permission denied"), False),
        (OSError(errno.ENOSPC, "No space left on device"), False),
        (
            EndpointConnectionError(endpoint_url=URL, error=socket.gaierror(socket.EAI_AGAIN, "try again")),
            True,
        ),
        (
            EndpointConnectionError(endpoint_url=URL, error=socket.gaierror(socket.EAI_NONAME, "unknown")),
            False,
        ),
        (SSLError(endpoint_url=URL, error=ssl.SSLEOFError()), True),
        (SSLError(endpoint_url=URL, error=ssl.SSLCertVerificationError()), False),
        (SSLError(endpoint_url=URL, error=ssl.SSLError(1, "WRONG_VERSION_NUMBER")), False),
        (ProxyConnectionError(proxy_url=URL, error=ConnectionRefusedError()), False),
        (ConnectionClosedError(endpoint_url=URL, error="closed"), True),
        (HTTPClientError(error=ConnectionResetError()), True),
        (HTTPClientError(error=FileNotFoundError()), False),
        (HTTPClientError(error=ValueError("Failed to parse: pro xy")), False),
    ],
    ids=repr,
)
def test_only_what_passes_by_itself_is_transient(error: Exception, transient: bool) -> None:
    assert is_transient(error) is transient


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (client_error("QueueDoesNotExist"), ["no queue", URL, "'queue_url'"]),
        (client_error("AWS.SimpleQueueService.NonExistentQueue"), ["no queue", URL]),
        (client_error("AccessDenied"), ["connection 'aws_orders'", "allow sqs:ReceiveMessage"]),
        (client_error("InvalidClientTokenId"), ["connection 'aws_orders'", "renew"]),
        (client_error("InvalidAddress"), ["SQS's words", URL]),
        (NoCredentialsError(), ["No AWS credentials", "connection 'aws_orders'"]),
        (NoRegionError(), ["No AWS region", "'region_name'"]),
        (EndpointConnectionError(endpoint_url=URL), ["cannot be called", URL]),
        (asyncio.TimeoutError(), ["cannot be called", "TimeoutError"]),
        (
            client_error("AccessDenied", 403, "AssumeRole"),
            ["STS answers", "allow sts:AssumeRole on the role"],
        ),
    ],
)
def test_an_explanation_says_what_is_wrong_and_what_to_do(error: Exception, words: list[str]) -> None:
    explanation = explain(error, Queue(URL, "aws_orders"))

    assert [word for word in words if word not in explanation] == []
