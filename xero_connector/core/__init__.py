"""The rules, in plain Python: no Frappe, no network, nothing to set up before a test."""
