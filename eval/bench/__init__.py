"""Compare Pullquote with other systems over the same documents, questions and encoder; time its
parts."""
