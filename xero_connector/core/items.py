"""Which of the record's products Xero is to get as items before a document names them (R84)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from xero_connector.core.drafting import Product
from xero_connector.core.model import Item

MAX_NAME = 50
"""Characters that Xero keeps of an item's name."""

UPDATING = "Create and Update"
"""The setting `item_policy` under which an item follows the product that it was made of."""


def to_save(products: Iterable[Product], items: Mapping[str, Item], policy: str) -> list[Product]:
	"""Those that Xero does not have yet, and with `policy` UPDATING those that say something else than its item."""
	return [
		product
		for product in products
		if product.code not in items or (policy == UPDATING and _differs(product, items[product.code]))
	]


def _differs(product: Product, item: Item) -> bool:
	"""What the product does not say stays as it is in Xero."""
	told = (product.name[:MAX_NAME], product.description, product.unit_price)
	known = (item.item_name, item.description, item.unit_price)
	return any(said is not None and said != there for said, there in zip(told, known, strict=True))
