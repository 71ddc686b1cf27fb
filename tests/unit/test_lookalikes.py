"""The generator of contacts whose truth is known: what the figures of benchmarks.matching are worth."""

from collections import Counter

from benchmarks import lookalikes


def test_the_same_seed_gives_the_same_books():
	assert lookalikes.books(200) == lookalikes.books(200)


def test_one_contact_in_twenty_is_there_twice_and_names_are_unique():
	made = lookalikes.books(1_000)
	names = {contact.contact_name.casefold() for contact in made.contacts}
	assert len(names) == len(made.contacts) == 1_000
	assert sum(count - 1 for count in Counter(made.company.values()).values()) == 50
