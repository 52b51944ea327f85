"""Models of how often customers buy and what they spend."""
