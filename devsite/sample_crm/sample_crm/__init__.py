"""Stand-ins for the doctypes of Frappe CRM and ERPNext that xero_connector touches.

For the embedded site only: it must never be installed on a bench, where the real apps are.
"""

__version__ = "1.0.0"
