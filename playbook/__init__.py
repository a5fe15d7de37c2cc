"""An interactive playbook for building customer-oriented processes."""

__version__ = "0.1.0"
