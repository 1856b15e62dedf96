"""Files, discovery, the framework-word prefilter, notebooks, suppression comments and positions."""
