"""What SQS's refusals mean: trouble that passes, or something that somebody must mend."""

from __future__ import annotations

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectionError,  # noqa: A004 - botocore's, not the builtin
    HTTPClientError,
    NoCredentialsError,
    NoRegionError,
    PartialCredentialsError,
)

from airflow_provider_hybrid.queues.url import without_credentials

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

LONGEST_ANSWER = 500
"""Characters of SQS's own words that are shown, of the first line only."""


def is_transient(error: Exception) -> bool:
    """Say whether waiting can help: throttling, time-outs, lost connections, SQS's own failures.

    https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/CommonErrors.html
    """
    if isinstance(error, ClientError):
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        return _code(error) in _THROTTLED or status >= _SERVER_FAULT
    return isinstance(error, ConnectionError | HTTPClientError | TimeoutError | OSError)


def is_denied(error: ClientError) -> bool:
    """Say whether AWS refuses a call for the lack of a right."""
    return _code(error) in _DENIED


def explain(error: Exception, queue_url: str, aws_conn_id: str | None) -> str:
    """Say in plain words what is wrong and what to do.

    No credential is in it: a signature that does not match makes AWS quote the whole request, session token
    included, and an endpoint's URL may name a user.

    Args:
        error: What botocore raised.
        queue_url: The queue that was called.
        aws_conn_id: The Airflow connection in use.
    """
    return without_credentials(_explain(error, queue_url, aws_conn_id))


def in_short(error: Exception) -> str:
    """Return the first line of an error, no credential in it, for what needs nobody's action."""
    return without_credentials(_first_line(error))


def _explain(error: Exception, queue_url: str, aws_conn_id: str | None) -> str:
    connection = f"connection {aws_conn_id!r}" if aws_conn_id else "the machine's own AWS credentials"
    if isinstance(error, NoCredentialsError | PartialCredentialsError):
        return f"No AWS credentials: {connection} gives none. Set its login and password, or a role."
    if isinstance(error, NoRegionError):
        setting = "'region_name' in the dispatcher's Variable or the DAG file"
        return f"No AWS region: {queue_url!r} names none, nor does {connection}. Set {setting}."
    if isinstance(error, ClientError):
        code, said = _code(error), _first_line(error.response["Error"].get("Message")).rstrip(".")
        advice = _advice(code, error.operation_name, queue_url, connection)
        return f"SQS answers {error.operation_name} with {code}: {said}. {advice}"
    if isinstance(error, BotoCoreError | OSError):
        return f"SQS cannot be called with queue_url {queue_url!r} and {connection}: {error}"
    return f"{type(error).__name__}: {error}"


def _advice(code: str, operation: str, queue_url: str, connection: str) -> str:
    if code in _MISSING:
        setting = "'queue_url' or 'dead_letter_queue_url' in the dispatcher's Variable or the DAG file"
        return f"There is no queue {queue_url!r}: mend {setting}, or create it."
    if code in _DENIED:
        # https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsqs.html: a batch call
        # needs the right to the single one.
        action = operation.removesuffix("Batch")
        return f"The rights of {connection} do not reach: allow sqs:{action} on {queue_url!r}."
    if code in _UNKNOWN:
        return f"The credentials of {connection} are not valid: renew them."
    return f"The call was made on {queue_url!r} with {connection}."


def _code(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))


def _first_line(said: object) -> str:
    return str(said).partition("\n")[0][:LONGEST_ANSWER]
