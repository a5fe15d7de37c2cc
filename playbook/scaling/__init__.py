"""Scaling: organisation, incentives, waves, risks, training, readiness, tracking."""
