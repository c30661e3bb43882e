"""Web pages, and what mails, books and Markdown have of their mark-up."""
