"""What Python's builtins and standard library mean to the interpreter: one file a module or a kind of data.

Law: known data is computed by the host within size guards; nothing that belongs to the analysed program is
ever called, compared or hashed by the host.
"""
