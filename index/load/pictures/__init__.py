"""Pictures of text, recognised."""
