"""The AWS side, ready to deploy: a Lambda function and the CloudFormation template around it."""
