"""Make the AWS side of `docker-compose.yaml`: buckets, and the stack of the interceptor's template.

boto3 finds the address and the credentials in the environment.
"""

from __future__ import annotations

from contextlib import suppress

import boto3

from airflow_provider_hybrid.interceptor.source import template

STACK = "partner-events"
BUCKET = "partner-a"
REPORTS = "partner-reports"


def main() -> None:
    """Create it all."""
    s3, cloudformation = boto3.client("s3"), boto3.client("cloudformation")
    for bucket in (BUCKET, REPORTS):
        s3.create_bucket(Bucket=bucket)
    with suppress(cloudformation.exceptions.AlreadyExistsException):  # `up` runs this each time
        cloudformation.create_stack(
            StackName=STACK,
            TemplateBody=template(),
            Capabilities=["CAPABILITY_IAM"],
            Parameters=[
                {"ParameterKey": "WayIn", "ParameterValue": "interceptor"},
                {"ParameterKey": "Bucket1", "ParameterValue": BUCKET},
            ],
        )
    cloudformation.get_waiter("stack_create_complete").wait(
        StackName=STACK, WaiterConfig={"Delay": 1, "MaxAttempts": 60}
    )
    (stack,) = cloudformation.describe_stacks(StackName=STACK)["Stacks"]
    outputs = {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}
    below = {"Key": {"FilterRules": [{"Name": "prefix", "Value": "orders/"}]}}
    s3.put_bucket_notification_configuration(
        Bucket=BUCKET,
        NotificationConfiguration={
            "LambdaFunctionConfigurations": [
                {
                    "LambdaFunctionArn": outputs["InterceptorArn"],
                    "Events": ["s3:ObjectCreated:*"],
                    "Filter": below,
                }
            ]
        },
    )
    print(f"Uploads to s3://{BUCKET}/orders/ are told to {outputs['QueueUrl']}")


if __name__ == "__main__":
    main()
