"""The whitelisted functions. Each checks permission, does one thing and answers a plain dict."""
