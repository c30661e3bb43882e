"""Plain text and Markdown, and the mark-up and tables that are typed in them."""
