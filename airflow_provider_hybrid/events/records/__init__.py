"""From an AWS service's record to EventBridge's envelope, for Airflow's side and for the interceptor alike.

An event that reaches Airflow on two ways starts one run, because both ways translate it here. The interceptor
carries these files with it, so they need Python's library alone. What translates a record raises
`RecordError` for one that is not as its service sends it.
"""
