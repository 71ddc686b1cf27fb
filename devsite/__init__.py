"""A Frappe site without a bench: for tests and for a demo on this machine, never for more.

``engine`` makes a copy of a public wheel into an importable ``frappe`` and mends it; ``sites`` makes, copies
and opens sites; ``server``, ``worker`` and ``demo`` run them; ``desk`` builds the browser bundles;
``sample_crm`` stands in for the CRMs that the app serves.
"""
