"""What the package shares: options, time points, optional imports, conversions."""
