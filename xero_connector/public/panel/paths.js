/** Values of a form by their path, such as "lines.0.quantity": the name of a field, and where its problem stands. */

/** undefined if the path leads nowhere. */
export function valueAt(values, path) {
	return path.split(".").reduce((inner, step) => inner?.[step], values);
}

/** A copy of `values` with another one at `path`. */
export function withValue(values, path, value) {
	const [step, ...rest] = path.split(".");
	const copy = Array.isArray(values) ? [...values] : { ...values };
	copy[step] = rest.length ? withValue(copy[step], rest.join("."), value) : value;
	return copy;
}

/** `notes` ({path: anything}) without those about what stands at `path`, above or below it. */
export function withoutPath(notes, path) {
	const isAbout = (other) => `${other}.`.startsWith(`${path}.`) || `${path}.`.startsWith(`${other}.`);
	return Object.fromEntries(Object.entries(notes).filter(([other]) => !isAbout(other)));
}
