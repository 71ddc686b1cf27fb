"""The company of an organisation is a rule of the settings since there are others."""

import frappe

_ORGANISATION, _SETTINGS = "Xero Organisation", "Xero Settings"


def execute() -> None:
	if not frappe.db.has_column(_ORGANISATION, "company"):
		return
	table = frappe.qb.DocType(_ORGANISATION)
	rows = frappe.qb.from_(table).select(table.name, table.company).where(table.company != "").run()
	settings = frappe.get_doc(_SETTINGS)
	known = {rule.value for rule in settings.organisation_rules if rule.basis == "Company"}
	new = sorted((company, name) for name, company in rows if company not in known)
	for company, organisation in new:
		rule = {"basis": "Company", "value": company, "organisation": organisation}
		settings.append("organisation_rules", rule)
	if new:
		# settings that somebody else has to put right are no reason to stop a migration
		settings.flags.ignore_validate = True
		settings.save(ignore_permissions=True)
