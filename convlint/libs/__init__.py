"""What libraries mean to the interpreter: one declaration a layer, each ending in a shape law."""
