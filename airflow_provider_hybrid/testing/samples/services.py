"""Records of other AWS services, as Lambda receives them.

https://docs.aws.amazon.com/lambda/latest/dg/lambda-services.html
"""

from __future__ import annotations

from airflow_provider_hybrid.testing.samples.sample import ACCOUNT, REGION, Sample

SES, CODECOMMIT = "ses:mail", "codecommit:ReferenceChanges"


def mail(name: str, *, sender: str = "a@example.com") -> Sample:
    """Make SES's record of a mail that came.

    Args:
        name: The sample's name.
        sender: Who sent the mail.
    """
    received = {
        "mail": {"messageId": "o3vrnil0e2ic28tr", "source": sender},
        "receipt": {"action": {"type": "Lambda"}},
    }
    return Sample(name, {"Records": [{"eventSource": "aws:ses", "eventVersion": "1.0", "ses": received}]})


def push(
    name: str, *, repository: str = "example-repository", branch: str = "main", region: str = REGION
) -> Sample:
    """Make CodeCommit's record of a push.

    Args:
        name: The sample's name.
        repository: The repository's name.
        branch: The branch's name.
        region: The repository's region.
    """
    commit = {"commit": "5c4ef1049f1d27deadbeeff313e0730018be182b", "ref": f"refs/heads/{branch}"}
    record = {
        "awsRegion": region,
        "codecommit": {"references": [commit]},
        "customData": "example",
        "eventId": "5a824061-17ca-46a9-bbf9-114edeadbeef",
        "eventName": "ReferenceChanges",
        "eventPartNumber": 1,
        "eventSource": "aws:codecommit",
        "eventSourceARN": f"arn:aws:codecommit:{region}:{ACCOUNT}:{repository}",
        "eventTime": "2026-11-22T02:00:00.000+0000",
        "eventTotalParts": 1,
        "eventTriggerConfigId": "5a824061-17ca-46a9-bbf9-114edeadbeef",
        "eventTriggerName": "example-trigger",
        "eventVersion": "1.0",
        "userIdentityARN": f"arn:aws:iam::{ACCOUNT}:root",
    }
    return Sample(name, {"Records": [record]})
