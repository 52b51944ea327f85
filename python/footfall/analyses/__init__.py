"""One module per analysis: its method, its result, and the call of its chart."""
