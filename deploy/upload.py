"""Upload a day's orders of a partner: a run of the DAG `partner_a` starts."""

from __future__ import annotations

from datetime import datetime, timezone

import boto3
from aws import BUCKET

ORDERS = b"order_id,quantity,unit_price\n1,2,9.95\n2,1,4.50\n"


def main() -> None:
    """Upload them."""
    key = f"orders/{datetime.now(timezone.utc):%Y-%m-%d}/orders.csv"
    boto3.client("s3").put_object(Bucket=BUCKET, Key=key, Body=ORDERS)
    print(f"Uploaded s3://{BUCKET}/{key}")


if __name__ == "__main__":
    main()
