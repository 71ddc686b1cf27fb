app_name = "sample_crm"
app_title = "Sample CRM"
app_publisher = "xero_connector contributors"
app_description = "Stand-ins for the doctypes of Frappe CRM and ERPNext, for the embedded site"
app_email = "devsite@example.com"
app_license = "MIT"

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
