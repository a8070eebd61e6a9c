"""From an AWS service's record to EventBridge's envelope, for Airflow's side and for the interceptor alike.

An event that reaches Airflow on two ways starts one run, because both ways translate it here. The interceptor
carries these files with it, so they need only Python's standard library. Each translation raises
`RecordError` for a record that is not as its service sends it.
"""
