"""The built-in rules, one a file; installed as the package `convlint_rules`."""
