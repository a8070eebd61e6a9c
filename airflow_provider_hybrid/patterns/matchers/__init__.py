"""The matchers: a file for each kind of element in a pattern's list, and `leaf`, which reads such a list.

The rules are AWS's, from the page "Comparison operators for use in event patterns":
https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
Where that page is silent, they are those of EventBridge's own engine, https://github.com/aws/event-ruler.
"""
