"""Python's semantics on abstract values: expressions, statements, calls, classes, imports, paths, budgets."""
