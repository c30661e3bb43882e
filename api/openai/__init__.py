"""The routes of OpenAI's clients, answered from the articles."""
