"""What starts DAG runs."""
