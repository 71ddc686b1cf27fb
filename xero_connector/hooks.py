from xero_connector import __version__

app_name = "xero_connector"
app_title = "Xero Connector"
app_publisher = "xero_connector contributors"
app_description = "Xero inside Frappe CRM and ERPNext: invoices, balances and drafts on every record"
app_email = "maintainers@example.com"
app_license = "mit"

after_install = "xero_connector.install.after_install"
after_migrate = "xero_connector.install.after_migrate"
after_app_install = "xero_connector.install.after_app_install"
before_uninstall = "xero_connector.uninstall.before_uninstall"

# one listener for every form with our field, also those of another app's record types
app_include_js = f"/assets/xero_connector/desk/record.js?v={__version__}"

# the lists from which records are sent to Xero
doctype_list_js = {
	"CRM Deal": "public/desk/lists/crm_deal.js",
	"Opportunity": "public/desk/lists/opportunity.js",
	"Sales Invoice": "public/desk/lists/sales_invoice.js",
}

add_to_apps_screen = [
	{
		"name": app_name,
		"logo": "/assets/xero_connector/images/xero_connector.svg",
		"title": "Xero",
		"route": "/xero",
		"has_permission": "xero_connector.api.home.is_shown_in_apps",
	}
]

website_route_rules = [
	{"from_route": "/xero/<doctype>/<path:docname>", "to_route": "xero"},
]

# The list of record types stands in site/hosts; events of doctypes that a site does not have never happen.
_forget = {"on_trash": "xero_connector.events.forget_record"}
_keep = "xero_connector.events.keep_own_fields"
_details = dict.fromkeys(("on_update", "after_rename"), "xero_connector.events.mark_contacts")
_sale = {**_forget, "before_validate": _keep, "on_change": "xero_connector.events.mark_won"}
_taxes = {"on_update": "xero_connector.events.check_taxes"}
_party = {**_forget, **_details}
doc_events = {
	"CRM Lead": _forget,
	**dict.fromkeys(("Contact", "CRM Organization", "Supplier"), _party),
	"Address": _details,
	**dict.fromkeys(("CRM Deal", "Opportunity"), _sale),
	**dict.fromkeys(("Item Tax Template", "Sales Taxes and Charges Template"), _taxes),
	"Project": {**_forget, "before_validate": _keep},
	"Customer": {**_forget, **_details, "before_validate": _keep},
	"Sales Invoice": {
		**_forget,
		"before_validate": _keep,
		"before_update_after_submit": _keep,
		"before_cancel": _keep,
		"on_submit": "xero_connector.events.mark_submitted",
		"on_cancel": "xero_connector.events.withdraw_wishes",
	},
}

# Frappe's own pages of the mirror and of what is sent: the roles of the doctypes, and the settings
_mirrored = (
	"Xero Contact",
	"Xero Invoice",
	"Xero Outbox",
	"Xero Log",
	"Xero Run",
	"Xero Remark",
	"Xero Reminder",
	"Xero Reconciliation",
	"Xero Match",
)
has_permission = {
	**dict.fromkeys(_mirrored, "xero_connector.site.access.mirror_permission"),
	**dict.fromkeys(("Number Card", "Dashboard Chart"), "xero_connector.api.cards.has_permission"),
}
permission_query_conditions = dict.fromkeys(_mirrored, "xero_connector.site.access.mirror_conditions")

scheduler_events = {
	"cron": {
		"* * * * *": ["xero_connector.tasks.work_webhooks"],
		"30 6 * * *": ["xero_connector.tasks.remind"],
		"*/5 * * * *": [
			"xero_connector.tasks.read_all",
			"xero_connector.tasks.send_due",
			"xero_connector.tasks.check_health",
		],
		"0 2 * * *": ["xero_connector.tasks.reconcile_all"],
	},
}

# for print formats of Xero Contact: what stands on a statement of account
jinja = {"methods": ["xero_connector.api.statements.xero_statement"]}

# records can be deleted although Xero rows point at them; events.forget_record removes what is left
ignore_links_on_delete = ["Xero Link", "Xero Outbox", "Xero Log", "Xero Reminder", "Xero Match"]

# in days; Log Settings lets an administrator choose another number
default_log_clearing_doctypes = {"Xero Log": 90, "Xero Reconciliation": 90, "Xero Webhook Event": 31}
