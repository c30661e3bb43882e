"""Chat models: one protocol, the ways to reach one, and their failures brought to one scale."""
