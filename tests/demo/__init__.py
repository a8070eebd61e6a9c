"""The demo: uploads to S3 become the right DAG runs in a real Airflow, checked against what was uploaded."""
