"""Statistics: numbers and arrays in, small results out; no frames, no charts."""
