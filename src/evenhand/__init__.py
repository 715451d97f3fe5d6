"""Evenhand: hard decisions about money and health services, with evidence, in the open, and so that they last."""

__version__ = "0.1.0"
