"""Company tables: what they mean, how they come in, what is worked out of them."""
