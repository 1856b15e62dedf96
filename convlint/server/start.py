"""Starting the server on standard input and output."""

from __future__ import annotations

from convlint.server.app import Server
from convlint.server.features import add_actions, add_documents, add_notebooks, add_showing, add_surroundings
from convlint.server.pulling import add_pulling


def server() -> Server:
    """A server with all its features."""
    made = Server()
    for add in (add_documents, add_notebooks, add_surroundings, add_showing, add_actions, add_pulling):
        add(made)
    return made


def start() -> None:
    """Serve one editor until it ends the connection."""
    server().start_io()
