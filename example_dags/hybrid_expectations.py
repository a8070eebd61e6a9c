"""The DAG that tells when an event does not come; ``expect`` in the dispatcher's Variable says which.

Its task fails then, and calls what any task of Airflow can call: here it publishes to an SNS topic, which may
send e-mails. The exception says what is missing, since when, and what happens when it comes after all.
"""

from airflow.providers.amazon.aws.notifications.sns import SnsNotifier

from airflow_provider_hybrid import build_expectations

tell_somebody = SnsNotifier(
    target_arn="arn:aws:sns:eu-west-1:123456789012:late-partners",
    subject="{{ dag_run.run_id }}",
    message="{{ exception }}",
)

dag = build_expectations(default_args={"on_failure_callback": tell_somebody})
