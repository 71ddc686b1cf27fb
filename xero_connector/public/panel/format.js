/**
 * Money and dates as people read them. Amounts stay decimal strings until they are shown: a JavaScript number
 * would lose cents of large ones. Dates of accounting are calendar days and know no time zone.
 */

const FALLBACK_LOCALE = "en";
const DECIMAL = /^-?\d+(\.\d+)?$/;

/**
 * `locale` is a BCP 47 tag or Frappe's form of it ("pt_BR").
 *
 * @returns {{money, day, month, moment}}
 */
export function createFormat(locale) {
	const tag = usableLocale(locale);
	const currencies = new Map();
	const days = new Intl.DateTimeFormat(tag, { dateStyle: "medium", timeZone: "UTC" });
	const months = new Intl.DateTimeFormat(tag, { month: "short", timeZone: "UTC" });
	const times = new Intl.DateTimeFormat(tag, { hour: "2-digit", minute: "2-digit" });
	const daysAndTimes = new Intl.DateTimeFormat(tag, { dateStyle: "medium", timeStyle: "short" });

	function currencyFormat(currency, digits, display) {
		const key = `${currency} ${digits} ${display}`;
		if (!currencies.has(key)) currencies.set(key, makeCurrencyFormat(tag, currency, digits, display));
		return currencies.get(key);
	}

	return {
		/**
		 * "-1200.50", "NZD" → "-$1,200.50" with as many decimals as the string has.
		 * `display` "code" writes the ISO code where several currencies meet.
		 */
		money(amount, currency, display = "symbol") {
			if (!isDecimal(amount)) return "";
			return currencyFormat(currency, decimalsOf(amount), display).format(amount);
		},

		/** "2026-11-21" → "Nov 21, 2026" in the reader's language; "" without a date. */
		day(iso) {
			return iso ? days.format(new Date(`${iso.slice(0, 10)}T00:00:00Z`)) : "";
		},

		/** "2025-12" → "Dec". */
		month(iso) {
			return months.format(new Date(`${iso}-01T00:00:00Z`));
		},

		/** A moment in UTC → hh:mm on the reader's clock, with the day when it is not today's. */
		moment(isoUtc, now = new Date()) {
			const moment = new Date(asUtc(isoUtc));
			const isToday = moment.toDateString() === now.toDateString();
			return (isToday ? times : daysAndTimes).format(moment);
		},
	};
}

/** Whether `text` is an amount as the API writes and reads it. */
export function isDecimal(text) {
	return typeof text === "string" && DECIMAL.test(text);
}

/** "0", "0.00" and "-0.00" are zero; null too. */
export function isZero(amount) {
	return !amount || !/[1-9]/.test(amount);
}

/** How wide to draw an amount; only for drawing, since it may round. */
export function magnitude(amount) {
	return Number(amount) || 0;
}

function decimalsOf(amount) {
	return amount.split(".")[1]?.length ?? 0;
}

function makeCurrencyFormat(tag, currency, digits, display) {
	const fraction = { minimumFractionDigits: digits, maximumFractionDigits: digits };
	try {
		return new Intl.NumberFormat(tag, {
			style: "currency",
			currency,
			currencyDisplay: display,
			...fraction,
		});
	} catch {
		const plain = new Intl.NumberFormat(tag, fraction);
		return { format: (amount) => `${currency ?? ""} ${plain.format(amount)}`.trim() };
	}
}

function usableLocale(locale) {
	const tag = String(locale || FALLBACK_LOCALE).replace("_", "-");
	try {
		return Intl.getCanonicalLocales(tag)[0];
	} catch {
		return FALLBACK_LOCALE;
	}
}

/** Frappe writes moments with a blank and without a zone; both forms are UTC here. */
function asUtc(text) {
	const iso = text.replace(" ", "T");
	return /(Z|[+-]\d\d:?\d\d)$/.test(iso) ? iso : `${iso}Z`;
}
