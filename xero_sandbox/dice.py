"""Chance, the same for the same seed."""

from __future__ import annotations

import random
import uuid

from faker import Faker


class Dice:
	"""One source of chance for all of the seed; `identity` makes GUIDs of it."""

	def __init__(self, seed: int) -> None:
		self.random = random.Random(seed)
		self.faker = Faker(["en_NZ", "en_GB"])
		self.faker.seed_instance(seed)

	def identity(self) -> str:
		return str(uuid.UUID(int=self.random.getrandbits(128), version=4))
