"""Xero inside Frappe CRM and ERPNext."""

__version__ = "0.1.0"
