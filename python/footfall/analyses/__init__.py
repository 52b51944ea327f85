"""Results: data first, then a picture."""
