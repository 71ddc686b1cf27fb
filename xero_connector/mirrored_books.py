"""An organisation's books as the sender sees them: Xero, with the mirror before it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from frappe import _

from xero_connector import bootstrap
from xero_connector.core import items, sending
from xero_connector.core.drafting import NewContact, Product
from xero_connector.core.errors import NeedsPerson
from xero_connector.core.model import Contact, Endpoint, Item
from xero_connector.core.quota import Priority
from xero_connector.core.wishes import DocumentWish, Wish
from xero_connector.site import charts, contacts, mirror, organisations, settings
from xero_connector.site.database import commit_step
from xero_connector.site.journal import Journal
from xero_connector.xero.writer import Writer


class MirroredBooks(Writer):
	"""What the mirror knows costs no call."""

	def __init__(self, organisation: str, log: Journal, priority: Priority) -> None:
		super().__init__(bootstrap.client(organisation, on_call=log.hear, priority=priority), organisation)
		self._settings = settings.load()

	def known(self, wish: Wish) -> Wish:
		"""The wish with the Xero contact that the mirror has by that name."""
		if not isinstance(wish, DocumentWish) or wish.draft.contact_id:
			return wish
		found = contacts.named(self._organisation, wish.draft.contact.name)
		return replace(wish, draft=replace(wish.draft, contact_id=found["id"])) if found else wish

	def find_contacts(self, names: Sequence[str]) -> dict[str, Contact]:
		"""One is asked for; for several, what Xero has of contacts since the last reading comes in one call, and
		with it the mirror knows all of them."""
		since = mirror.SiteMirror(self._organisation).cursor(Endpoint.CONTACTS).window
		if len(names) == 1 or not since:
			return super().find_contacts(names)
		changed: list[Any] = list(self._reader.changes(Endpoint.CONTACTS, since))
		mirror.save_contacts(changed)
		commit_step()
		wanted = {name.casefold() for name in names}
		active = {each.contact_name.casefold(): each for each in changed if each.status == "Active"}
		return {name: each for name, each in active.items() if name in wanted}

	def keep_person(self, contact_id: str, person: NewContact, idempotency_key: str) -> str | None:
		policy = self._settings.person_policy
		told = (person.first_name, person.last_name, person.email_address)
		known = contacts.person_of(contact_id)
		if policy == "Never" or all(said in (None, there) for said, there in zip(told, known, strict=True)):
			return None
		if policy == "Overwrite":
			changed: Contact | None = self.set_person(contact_id, person, idempotency_key)
		else:
			changed = self.add_person(contact_id, person, idempotency_key)
		if changed is None:
			who = " ".join(filter(None, (person.first_name, person.last_name))) or person.email_address
			return str(_("Xero keeps five people of a contact, and has five: {0} was not added.").format(who))
		mirror.save_contacts([changed])
		return None

	def save_items(self, products: Sequence[Product], idempotency_key: str) -> Sequence[Item | NeedsPerson]:
		known = charts.of(organisations.get(self._organisation)).items
		wanted = items.to_save(products, known, self._settings.item_policy)
		saved: dict[str, Item | NeedsPerson] = dict(known)
		for start, batch in enumerate(sending.batches(wanted)):
			done = super().save_items(batch, f"{idempotency_key}-{start}")
			saved |= {product.code: result for product, result in zip(batch, done, strict=True)}
		results = [saved[product.code] for product in wanted]
		mirror.keep_items([each for each in results if isinstance(each, Item)])
		return [saved[product.code] for product in products]
