"""The final DAG: runs once per day, when all three partners have delivered that day.

`PartitionedAssetTimetable` collects the partners' asset events by partition key, here the day, and starts a
run for a key as soon as every asset has it. Each event says where its summary is, so this DAG knows no bucket
but that of its own report.
"""

from __future__ import annotations

import json
import logging
from datetime import timedelta
from decimal import Decimal
from typing import Any

from airflow.providers.amazon.aws.hooks.s3 import S3Hook
from airflow.sdk import Asset, PartitionedAssetTimetable, dag, task

REPORT_BUCKET = "partner-reports"
PARTNERS = [Asset("partner_a_orders"), Asset("partner_b_orders"), Asset("partner_c_orders")]

log = logging.getLogger(__name__)


@dag(
    schedule=PartitionedAssetTimetable(assets=PARTNERS[0] & PARTNERS[1] & PARTNERS[2]),
    tags=["partner"],
    doc_md=__doc__,
    default_args={"retries": 2, "retry_delay": timedelta(seconds=10)},
)
def aggregate_partners() -> None:
    @task
    def report(partition_key: str, triggering_asset_events: Any) -> str:
        s3 = S3Hook()
        totals = {}
        for asset in PARTNERS:
            # Where a partner has delivered a day twice, the last one counts.
            latest = triggering_asset_events[asset][-1]
            bucket, key = s3.parse_s3_url(latest.extra["summary"])
            totals[asset.name] = json.loads(s3.read_key(key, bucket))["total"]
        total = str(sum(Decimal(part) for part in totals.values()))
        document = json.dumps({"day": partition_key, "total": total, "partners": totals})
        s3.load_string(document, f"reports/{partition_key}.json", REPORT_BUCKET, replace=True)
        log.info("%s: the total of %d partners is %s", partition_key, len(totals), total)
        return total

    report()


aggregate_partners()
