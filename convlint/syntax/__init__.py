"""LibCST lowered to the standard library's `ast` nodes with exact positions; the only importer of libcst."""
