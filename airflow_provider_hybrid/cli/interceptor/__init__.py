"""`hybrid interceptor`: what is deployed on the AWS side."""
