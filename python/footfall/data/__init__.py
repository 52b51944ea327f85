"""The nouns: what a shop knows, brought in once and kept."""
