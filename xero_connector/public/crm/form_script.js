/* Xero Connector writes this at every migrate; what is changed here is lost. Switch it off to do without it. */
const DOCTYPE = "__DOCTYPE__";
const HEADER = "__HEADER__";

function xero() {
	return import("/assets/xero_connector/crm/index.js?v=__VERSION__");
}

function setupForm(page) {
	if (HEADER !== "setupForm") return { actions: [] };
	const none = (error) => (console.error(error), { actions: [] });
	return xero()
		.then((crm) => crm.setupPage(page, DOCTYPE))
		.catch(none);
}

class __CLASS__ {
	onLoad() {
		this.showXero();
	}

	refresh() {
		this.showXero();
	}

	showXero() {
		if (this.doc.__newDocument) return;
		const helpers = {
			createDialog,
			socket,
			router,
			toast: typeof toast === "undefined" ? null : toast,
			createToast: typeof createToast === "undefined" ? null : createToast,
			h: typeof h === "undefined" ? null : h,
		};
		xero()
			.then((crm) => crm.enterForm(this, DOCTYPE, helpers, HEADER === "form"))
			.catch(console.error);
	}
}
