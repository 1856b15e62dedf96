"""Rules, findings and the engine that runs rules over traces."""
