"""The interfaces: command line, HTTP, MCP, LangChain."""
