"""A process that keeps the models open, and answers ``pullquote ask`` over a Unix socket."""
