/** The lines of a draft. */

const EMPTY = {
	item_code: "",
	description: "",
	quantity: "1",
	unit_amount: "",
	discount_rate: "",
	discount_amount: "",
	account_code: "",
	tax_type: "",
};

export function linesActions({ get }, act) {
	/** Account and tax rate of a line that nobody has chosen others for. */
	function usual() {
		const { account_code = "", tax_type = "" } = get().form.prepared.values.lines[0] ?? {};
		return { account_code, tax_type };
	}

	const pathOf = (index, field) => `lines.${index}.${field}`;

	return {
		addLine() {
			act.editForm({ lines: [...get().form.values.lines, { ...EMPTY, ...usual() }] });
		},

		removeLine(index) {
			act.editForm({ lines: get().form.values.lines.filter((_, other) => other !== index) });
		},

		takeRecordLines: () => act.editForm({ lines: get().form.prepared.record_lines }),

		/** Fills what is empty; the usual account and tax rate give way to the item's own. */
		fillFromItem(index) {
			const { values, prepared } = get().form;
			const line = values.lines[index];
			const item = prepared.choices.items.find(({ value }) => value === line.item_code.trim());
			if (!item) return;
			const given = usual();
			const isFree = (field) => item[field] && ["", given[field]].includes(line[field]);
			const fields = ["description", "unit_amount", "account_code", "tax_type"].filter(isFree);
			if (fields.length) act.editForm(Object.fromEntries(fields.map((field) => [pathOf(index, field), item[field]])));
		},

		/** An account has a tax rate of its own; one that was chosen by hand stays. */
		chooseAccount(index, account_code) {
			const { values, prepared } = get().form;
			const line = values.lines[index];
			const taxOf = (code) => prepared.choices.accounts.find(({ value }) => value === code)?.tax_type ?? "";
			const isFree = ["", taxOf(line.account_code)].includes(line.tax_type);
			const tax_type = (isFree && taxOf(account_code)) || line.tax_type;
			act.editForm({ [pathOf(index, "account_code")]: account_code, [pathOf(index, "tax_type")]: tax_type });
		},
	};
}
