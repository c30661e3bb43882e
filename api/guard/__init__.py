"""What stands before a request is read: who asks, how often, how much."""
