"""New articles: from a file, page or feed to claims that wait for review."""
