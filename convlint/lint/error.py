"""What stops a run that is to load rules."""


class PluginError(Exception):
    """A plugin that is named and cannot be used: `plugin` is its name, the text says why and what to do."""

    def __init__(self, plugin: str, message: str) -> None:
        super().__init__(message)
        self.plugin = plugin
