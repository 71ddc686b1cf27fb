"""What the site tests stand on: the same on the embedded site and on a bench."""

from .cleaning import Janitor, Users, forget_cached
from .client import Answer, Client
from .hosts import Bench, Embedded, Host, away, end_transaction
from .jobs import Jobs

__all__ = [
	"Answer",
	"Bench",
	"Client",
	"Embedded",
	"Host",
	"Janitor",
	"Jobs",
	"Users",
	"away",
	"end_transaction",
	"forget_cached",
]
