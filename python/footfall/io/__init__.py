"""Sources: frames, Arrow and files, as Arrow streams."""
