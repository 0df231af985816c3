"""Who should take it: rules.py decides and explains, dispatcher.py runs the decisions live."""
