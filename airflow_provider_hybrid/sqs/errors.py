"""The errors of AWS and the network: which of them pass, and what to do about the others."""

from __future__ import annotations

import asyncio
import errno
import socket
import ssl
from builtins import ConnectionError as ConnectionLost
from typing import NamedTuple

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectionClosedError,
    ConnectionError,  # noqa: A004 - botocore's, not the builtin
    NoCredentialsError,
    NoRegionError,
    PartialCredentialsError,
    ProxyConnectionError,
    ReadTimeoutError,
    ResponseStreamingError,
    SSLError,
)

from airflow_provider_hybrid.sqs.queue import Queue
from airflow_provider_hybrid.sqs.url import without_credentials

AWS_ERRORS = (BotoCoreError, ClientError, OSError, asyncio.TimeoutError)
"""The errors that a call of AWS raises when AWS, the network or a setting is at fault.

botocore wraps the errors of its HTTP libraries in its own. Any other exception is a fault of this package:
nobody catches it, so that people see its traceback.
"""

_TRANSIENT = {
    "RequestThrottled",
    "Throttling",
    "ThrottlingException",
    "TooManyRequestsException",
    "OverLimit",
    "KmsThrottled",
    "KMS.ThrottlingException",
    "RequestTimeout",
    "ServiceUnavailable",
    "InternalError",
    "InternalFailure",
}
_MISSING = {"AWS.SimpleQueueService.NonExistentQueue", "QueueDoesNotExist", "NonExistentQueue"}
_KEY_DENIED = {"KmsAccessDenied", "KMS.AccessDeniedException"}
_DENIED = {"AccessDenied", "AccessDeniedException", "UnauthorizedOperation", *_KEY_DENIED}
_BAD_CREDENTIALS = {
    "InvalidClientTokenId",
    "InvalidAccessKeyId",
    "UnrecognizedClientException",
    "SignatureDoesNotMatch",
    "InvalidSecurity",
    "MissingAuthenticationToken",
    "AuthFailure",
    "ExpiredToken",
    "ExpiredTokenException",
}
_SERVER_FAULT = 500
_LOST = (ConnectionError, ConnectionClosedError, ReadTimeoutError, ResponseStreamingError)
_CUT_OFF = (ssl.SSLEOFError, ssl.SSLZeroReturnError)
_PASSING = (ConnectionLost, TimeoutError, asyncio.TimeoutError, socket.gaierror, *_CUT_OFF)
_UNREACHABLE = {errno.ENETDOWN, errno.ENETUNREACH, errno.ENETRESET, errno.EHOSTDOWN, errno.EHOSTUNREACH}

LONGEST_ANSWER = 500
"""Characters of an AWS error's first line that are shown."""


class Diagnosis(NamedTuple):
    """An error in plain words, without any credential.

    Args:
        found: What is wrong.
        mend: What to do; empty if the error passes by itself.
    """

    found: str
    mend: str


def is_transient(error: Exception) -> bool:
    """Say whether waiting can help: throttling, time-outs, lost connections, SQS's own failures.

    It does not help where a certificate does not verify, a file is missing, nobody knows the host's name, or
    the user's own proxy does not answer.

    https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/CommonErrors.html
    """
    if isinstance(error, ClientError):
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        return _code(error) in _TRANSIENT or status >= _SERVER_FAULT
    cause = _first_cause(error)
    if isinstance(error, ProxyConnectionError) or _is_unknown_name(cause):
        return False
    if isinstance(error, SSLError):
        return isinstance(cause, _CUT_OFF)
    return isinstance(error, _LOST) or _is_network_trouble(cause)


def is_denied(error: ClientError) -> bool:
    """Say whether AWS refuses a call for the lack of a right."""
    return _code(error) in _DENIED


def explain(error: Exception, queue: Queue) -> str:
    """Say in plain words what is wrong and what to do.

    The text holds no credential: for a signature that does not match AWS quotes the whole request, session
    token included, and an endpoint's URL may name a user.

    Args:
        error: One of `AWS_ERRORS`.
        queue: The queue that was called.
    """
    found, mend = diagnose(error, queue)
    return f"{found}. {mend}." if mend else f"{found}."


def diagnose(error: Exception, queue: Queue) -> Diagnosis:
    """Say what is wrong, and apart from it what to do; arguments as for `explain`."""
    return Diagnosis(*map(without_credentials, _diagnose(error, queue)))


def in_short(error: Exception) -> str:
    """Return the first line of an error, without any credential in it."""
    return without_credentials(_first_line(error))


def _diagnose(error: Exception, queue: Queue) -> tuple[str, str]:
    connection = queue.connection
    if isinstance(error, NoCredentialsError | PartialCredentialsError):
        if queue.aws_conn_id:
            return f"No AWS credentials: {connection} gives none", "Set its login and password, or a role"
        mend = "Give the machine a role, or name a connection as 'aws_conn_id'"
        return "No AWS credentials: this machine has none of its own", mend
    if isinstance(error, NoRegionError):
        nor = f"nor does {connection}" if queue.aws_conn_id else "nor do this machine's own AWS settings"
        found = f"No AWS region: {queue.url!r} names none, {nor}"
        return found, "Set 'region_name' in the dispatcher's Variable or the DAG file"
    if isinstance(error, ClientError):
        code, said = _code(error), _first_line(error.response["Error"].get("Message")).rstrip(".")
        advice = _advice(code, error.operation_name, queue)
        service = "STS" if _is_role(error.operation_name) else "SQS"
        return f"{service} answers {error.operation_name} with {code}: {said}", advice
    said = (str(error) or type(error).__name__).rstrip(".")
    where = f"queue_url {queue.url!r} and {connection}"
    return f"SQS cannot be called with {where}: {said}", _where_to_look(error)


def _advice(code: str, operation: str, queue: Queue) -> str:
    connection = queue.connection
    if code in _MISSING:
        setting = "'queue_url' or 'dead_letter_queue_url' in the dispatcher's Variable or the DAG file"
        return f"There is no queue {queue.url!r}: mend {setting}, or create it"
    if code in _KEY_DENIED:
        # https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html
        return (
            f"{connection} may not use the key of {queue.url!r}: allow kms:Decrypt on the key, and to send "
            f"also kms:GenerateDataKey, in its policy or in the rights of {connection}"
        )
    if code in _DENIED and _is_role(operation):
        return (
            f"{connection} may not assume its role: allow sts:{operation} on the role, and look at "
            "the role's trust policy"
        )
    if code in _DENIED:
        # A batch call needs the right to the single call:
        # https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsqs.html
        action = operation.removesuffix("Batch")
        return f"The rights of {connection} do not suffice: allow sqs:{action} on {queue.url!r}"
    if code in _BAD_CREDENTIALS:
        return f"The credentials of {connection} are not valid: renew them"
    return f"Look at the queue {queue.url!r}, and at {connection}"


def _is_role(operation: str) -> bool:
    """Say whether a call is one of STS, by which the connection assumes its role before it calls SQS."""
    return operation.startswith("AssumeRole")


def _where_to_look(error: Exception) -> str:
    """Name the settings that cause an error that waiting does not mend; empty for any other error."""
    cause = _first_cause(error)
    if isinstance(error, ProxyConnectionError):
        return "Look at the proxy: HTTPS_PROXY, or 'proxies' in 'config_kwargs' of the connection's extra"
    if _is_unknown_name(cause):
        return "Nobody knows this host: look at queue_url, the region, and the extra's 'endpoint_url'"
    if isinstance(cause, ssl.SSLError) and not isinstance(cause, _CUT_OFF):
        return (
            "Look at the CA bundle: 'verify' in the connection's extra, or AWS_CA_BUNDLE; and at the address"
        )
    if isinstance(cause, FileNotFoundError | PermissionError | IsADirectoryError):
        return "Look at the files that the connection's extra and the AWS_ variables name: CA bundle, token"
    return ""


def _is_network_trouble(cause: BaseException) -> bool:
    if isinstance(cause, _PASSING):
        return True
    return isinstance(cause, OSError) and cause.errno in _UNREACHABLE


def _is_unknown_name(cause: BaseException) -> bool:
    """Say whether the name service knows no such host; its other troubles pass."""
    return isinstance(cause, socket.gaierror) and cause.errno == socket.EAI_NONAME


def _first_cause(error: BaseException) -> BaseException:
    """Return the error that an error began with; botocore's errors keep their cause in their arguments."""
    cause = error.kwargs.get("error") if isinstance(error, BotoCoreError) else None
    if not isinstance(cause, BaseException):
        cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return _first_cause(cause) if cause else error


def _code(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))


def _first_line(said: object) -> str:
    return str(said).partition("\n")[0][:LONGEST_ANSWER]
