"""The Model Context Protocol: a server for the models of other programs."""
