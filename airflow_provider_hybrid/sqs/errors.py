"""The errors of AWS and the network: which of them pass, and what to do about the others."""

from __future__ import annotations

import asyncio
import errno
import socket
import ssl
from builtins import ConnectionError as ConnectionLost

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
"""What a call of AWS raises when AWS, the network or a setting is at fault.

botocore's classes hold what its HTTP libraries raise. Any other exception is a fault of this package: nobody
catches it here, so that its traceback is seen.
"""

_THROTTLED = {
    "RequestThrottled",
    "Throttling",
    "ThrottlingException",
    "TooManyRequestsException",
    "OverLimit",
    "KmsThrottled",
    "RequestTimeout",
    "ServiceUnavailable",
    "InternalError",
    "InternalFailure",
}
_MISSING = {"AWS.SimpleQueueService.NonExistentQueue", "QueueDoesNotExist", "NonExistentQueue"}
_DENIED = {"AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "KmsAccessDenied"}
_UNKNOWN = {
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
"""Characters of SQS's own words that are shown, of the first line only."""


def is_transient(error: Exception) -> bool:
    """Say whether waiting can help: throttling, time-outs, lost connections, SQS's own failures.

    It does not help where a certificate does not verify, a file is missing, nobody knows the host's name, or
    the user's own proxy does not answer.

    https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/CommonErrors.html
    """
    if isinstance(error, ClientError):
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        return _code(error) in _THROTTLED or status >= _SERVER_FAULT
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

    No credential is in it: a signature that does not match makes AWS quote the whole request, session token
    included, and an endpoint's URL may name a user.

    Args:
        error: One of `AWS_ERRORS`.
        queue: The queue that was called.
    """
    return without_credentials(_explain(error, queue))


def in_short(error: Exception) -> str:
    """Return the first line of an error, no credential in it, for what needs nobody's action."""
    return without_credentials(_first_line(error))


def _explain(error: Exception, queue: Queue) -> str:
    connection = queue.connection
    if isinstance(error, NoCredentialsError | PartialCredentialsError):
        return f"No AWS credentials: {connection} gives none. Set its login and password, or a role."
    if isinstance(error, NoRegionError):
        setting = "'region_name' in the dispatcher's Variable or the DAG file"
        return f"No AWS region: {queue.url!r} names none, nor does {connection}. Set {setting}."
    if isinstance(error, ClientError):
        code, said = _code(error), _first_line(error.response["Error"].get("Message")).rstrip(".")
        advice = _advice(code, error.operation_name, queue)
        service = "STS" if _is_role(error.operation_name) else "SQS"
        return f"{service} answers {error.operation_name} with {code}: {said}. {advice}"
    said = (str(error) or type(error).__name__).rstrip(".")
    where = f"queue_url {queue.url!r} and {connection}"
    return f"SQS cannot be called with {where}: {said}. {_where_to_look(error)}".rstrip()


def _advice(code: str, operation: str, queue: Queue) -> str:
    connection = queue.connection
    if code in _MISSING:
        setting = "'queue_url' or 'dead_letter_queue_url' in the dispatcher's Variable or the DAG file"
        return f"There is no queue {queue.url!r}: mend {setting}, or create it."
    if code in _DENIED and _is_role(operation):
        return (
            f"{connection} may not take its role: allow sts:{operation} on the role, and look whom it trusts."
        )
    if code in _DENIED:
        # https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsqs.html: a batch call
        # needs the right to the single one.
        action = operation.removesuffix("Batch")
        return f"The rights of {connection} do not reach: allow sqs:{action} on {queue.url!r}."
    if code in _UNKNOWN:
        return f"The credentials of {connection} are not valid: renew them."
    return f"The call was made on {queue.url!r} with {connection}."


def _is_role(operation: str) -> bool:
    """Say whether a call is STS's, which the connection's role needs before SQS is called."""
    return operation.startswith("AssumeRole")


def _where_to_look(error: Exception) -> str:
    """Name the settings that lead to an error that no waiting mends; nothing for another one."""
    cause = _first_cause(error)
    if isinstance(error, ProxyConnectionError):
        return "Look at the proxy: HTTPS_PROXY, or 'proxies' in 'config_kwargs' of the connection's extra."
    if _is_unknown_name(cause):
        return "Nobody knows this host: look at queue_url, the region, and the extra's 'endpoint_url'."
    if isinstance(cause, ssl.SSLError) and not isinstance(cause, _CUT_OFF):
        return (
            "Look at the CA bundle: 'verify' in the connection's extra, or AWS_CA_BUNDLE; and at the address."
        )
    if isinstance(cause, FileNotFoundError | PermissionError | IsADirectoryError):
        return "Look at the files that the connection's extra and the AWS_ variables name: CA bundle, token."
    return ""


def _is_network_trouble(cause: BaseException) -> bool:
    if isinstance(cause, _PASSING):
        return True
    return isinstance(cause, OSError) and cause.errno in _UNREACHABLE


def _is_unknown_name(cause: BaseException) -> bool:
    """Say whether the name service knows no such host; other troubles of it pass."""
    return isinstance(cause, socket.gaierror) and cause.errno == socket.EAI_NONAME


def _first_cause(error: BaseException) -> BaseException:
    """Follow an error to the one that it began with; botocore's errors keep theirs among their arguments."""
    cause = error.kwargs.get("error") if isinstance(error, BotoCoreError) else None
    if not isinstance(cause, BaseException):
        cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return _first_cause(cause) if cause else error


def _code(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))


def _first_line(said: object) -> str:
    return str(said).partition("\n")[0][:LONGEST_ANSWER]
