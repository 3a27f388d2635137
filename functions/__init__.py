"""The Lambda functions, a folder each; the import name of a module is its path from the root."""
