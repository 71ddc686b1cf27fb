/** What can be done with one document of the list. */

export function documentActions(core, act) {
	const { host, api, get, dispatch } = core;

	return {
		togglePayments: (id) => dispatch({ type: "payments_toggled", id }),
		toggleActions: (id) => dispatch({ type: "actions_toggled", id }),

		async togglePin({ id, pinned }) {
			const call = pinned ? api.unlinkDocument : api.linkDocument;
			const done = await core.once(`pin:${id}`, () => call(core.where(), id));
			if (!done) return;
			dispatch({ type: "pinned", id, pinned: !pinned });
			host.toast(pinned ? host.t("Unpinned from this record.") : host.t("Pinned to this record."), "success");
			await act.reload();
		},

		downloadPdf: ({ id }) => core.once(`pdf:${id}`, () => api.downloadPdf(get().target, id)),

		/** The address comes from Xero; it becomes a link, since browsers block a window that opens after a wait. */
		findOnlineInvoice: ({ id }) =>
			core.once(`online:${id}`, async () => {
				const { target } = get().requests;
				const { url } = await api.onlineInvoice(get().target, id);
				if (target === get().requests.target) dispatch({ type: "online_invoice_found", id, url });
			}),

		/** The clipboard is there on https pages only, and the browser may refuse it. */
		async copyLink(url) {
			try {
				await navigator.clipboard.writeText(url);
				host.toast(host.t("The link is copied."), "success");
			} catch {
				host.toast(host.t("The browser does not allow copying here. Open the link and copy its address."), "info");
			}
		},
	};
}
