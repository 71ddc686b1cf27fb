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

# Entries of doctypes that a site does not have are harmless. The same list stands in site/hosts.
doctype_js = {
	"Contact": "public/desk/record.js",
	"CRM Deal": "public/desk/record.js",
	"CRM Lead": "public/desk/record.js",
	"CRM Organization": "public/desk/record.js",
	"Customer": "public/desk/record.js",
	"Opportunity": "public/desk/record.js",
	"Project": "public/desk/record.js",
	"Sales Invoice": "public/desk/record.js",
	"Supplier": "public/desk/record.js",
}

_forget = {"on_trash": "xero_connector.events.forget_record"}
doc_events = {doctype: _forget for doctype in doctype_js}

scheduler_events = {
	"cron": {
		"*/5 * * * *": ["xero_connector.tasks.read_all", "xero_connector.tasks.send_due"],
	},
}

# records can be deleted although Xero rows point at them; events.forget_record removes what is left
ignore_links_on_delete = ["Xero Link", "Xero Outbox"]
