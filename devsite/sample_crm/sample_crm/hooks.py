app_name = "sample_crm"
app_title = "Sample CRM"
app_publisher = "xero_connector contributors"
app_description = "Stand-ins for the doctypes of Frappe CRM and ERPNext, for the embedded site"
app_email = "devsite@example.com"
app_license = "MIT"

add_to_apps_screen = [
	{
		"name": "sample_crm",
		"logo": "/assets/sample_crm/logo.svg",
		"title": "Sample CRM",
		"route": "/desk/sample-crm",
	}
]

before_install = "sample_crm.install.before_install"
after_install = "sample_crm.install.after_install"

# as Frappe CRM does: a plain Sales User reads only what is theirs
permission_query_conditions = {
	"CRM Deal": "sample_crm.permissions.deal_conditions",
	"CRM Lead": "sample_crm.permissions.lead_conditions",
}
has_permission = {
	"CRM Deal": "sample_crm.permissions.may_access_deal",
	"CRM Lead": "sample_crm.permissions.may_access_lead",
}
