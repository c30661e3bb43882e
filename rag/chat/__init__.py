"""Chat models: one protocol, the providers that implement it, and one classification of their
failures."""
