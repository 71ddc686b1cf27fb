"""Sites from before deals, opportunities and projects said what they have brought."""

from xero_connector.install import add_tabs
from xero_connector.site import sale_figures


def execute() -> None:
	# the columns are custom fields, which otherwise come after the patches
	add_tabs()
	sale_figures.refresh_all()
