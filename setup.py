"""For tools that still look for a setup.py to learn the app's name; pyproject.toml says the rest."""

from setuptools import setup

setup(name="xero_connector", packages=["xero_connector"])
