"""Rules of the plugin, one module a rule; convlint imports every module of this package."""
