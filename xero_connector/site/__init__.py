"""The Frappe side: everything that reads or writes the site's database. Knows nothing of HTTP or the SDK."""
