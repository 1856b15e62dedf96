"""The language server; the only importer of pygls.

`tasks` is what the server and its worker say to each other, `worker` the process that analyses, `process` the
server's end of it, `desk` decides what is analysed when, `documents` and `books` (notebooks) are what
is open, `app` speaks the protocol.
"""
