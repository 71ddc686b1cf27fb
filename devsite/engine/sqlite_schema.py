"""SQLite: tables and indexes."""

from __future__ import annotations

from typing import Any

# kept as varchar(140): with TEXT for all, Frappe's length check of these fields is off
SHORT_TYPES = (
	*("Data", "Link", "Dynamic Link", "Select", "Read Only"),
	*("Autocomplete", "Phone", "Color", "Icon"),
)


def mend() -> None:
	_keep_lengths()
	_tell_columns()
	_alter_in_place()
	_index_new_tables()
	_name_indexes_by_table()


def _keep_lengths() -> None:
	"""Bug: Data fields took any length, so a value that MariaDB refuses passed here."""
	from frappe.database.sqlite.database import SQLiteDatabase

	setup = SQLiteDatabase.setup_type_map

	def setup_type_map(self: Any) -> None:
		setup(self)
		for fieldtype in SHORT_TYPES:
			self.type_map[fieldtype] = ("varchar", self.VARCHAR_LEN)

	SQLiteDatabase.setup_type_map = setup_type_map


def _tell_columns() -> None:
	"""Bug: a table's description lacked what the schema compares: default, nullability, unique and index."""
	from frappe.database.sqlite.database import SQLiteDatabase

	def get_table_columns_description(self: Any, table_name: str) -> list[Any]:
		indexed = self.sql(
			"select i.name as field, l.`unique` as is_unique from pragma_index_list(%s) l, pragma_index_info(l.name) i"
			" where (select count(*) from pragma_index_info(l.name)) = 1",
			(table_name,),
			as_dict=1,
		)
		columns = self.sql(f"PRAGMA table_info(`{table_name}`)", as_dict=1)
		for column in columns:
			kinds = {row.is_unique for row in indexed if row.field == column.name}
			column.update(
				default=column.dflt_value, not_nullable=column.notnull, unique=1 in kinds, index=0 in kinds
			)
		return columns

	SQLiteDatabase.get_table_columns_description = get_table_columns_description


def _alter_in_place() -> None:
	"""Bug: alter() made the table anew without primary key, NOT NULL, defaults and indexes.

	Nothing needs that: SQLite adds columns and indexes in place, and a changed type or default matters little
	to a database that stores any type in any column and to code that always writes all columns.
	"""
	import frappe
	from frappe.database.sqlite.schema import SQLiteTable

	def alter(self: Any) -> None:
		for column in self.columns.values():
			column.build_for_alter_table(self.current_columns.get(column.fieldname.lower()))
		for column in self.add_column:
			frappe.db.sql_ddl(
				f"ALTER TABLE `{self.table_name}` ADD COLUMN `{column.fieldname}` "
				f"{column.get_definition(for_modification=True)}"
			)
		_add_indexes(self.table_name, self.add_unique, unique=True)
		_add_indexes(self.table_name, self.add_index)
		for column, kind in [(c, "unique") for c in self.drop_unique] + [
			(c, "index") for c in self.drop_index
		]:
			frappe.db.sql_ddl(f"DROP INDEX IF EXISTS `{self.table_name}_{column.fieldname}_{kind}`")

	SQLiteTable.alter = alter


def _index_new_tables() -> None:
	"""Bug: create() forgot the fields marked for an index, so each lookup read the whole table."""
	from frappe.database.sqlite.schema import SQLiteTable

	create = SQLiteTable.create

	def create_with_indexes(self: Any) -> None:
		create(self)
		_add_indexes(self.table_name, [c for c in self.columns.values() if c.set_index and not c.unique])

	SQLiteTable.create = create_with_indexes


def _add_indexes(table: str, columns: list[Any], unique: bool = False) -> None:
	import frappe

	word, kind = ("UNIQUE ", "unique") if unique else ("", "index")
	for column in columns:
		frappe.db.sql_ddl(
			f"CREATE {word}INDEX IF NOT EXISTS `{table}_{column.fieldname}_{kind}`"
			f" ON `{table}` (`{column.fieldname}`)"
		)


def _name_indexes_by_table() -> None:
	"""Bug: an index name is unique in the whole file here, so the second of a name was silently not made."""
	from frappe.database.sqlite.database import SQLiteDatabase
	from frappe.utils import get_table_name

	add_index, add_unique, has_index = (
		SQLiteDatabase.add_index,
		SQLiteDatabase.add_unique,
		SQLiteDatabase.has_index,
	)

	def named_add_index(self: Any, doctype: str, fields: list[str], index_name: str | None = None) -> Any:
		name = index_name or self.get_index_name(fields)
		return add_index(self, doctype, fields, f"{get_table_name(doctype)}_{name}")

	def named_add_unique(self: Any, doctype: str, fields: Any, constraint_name: str | None = None) -> Any:
		fields = [fields] if isinstance(fields, str) else fields
		name = constraint_name or f"unique_{'_'.join(fields)}"
		return add_unique(self, doctype, fields, f"{get_table_name(doctype)}_{name}")

	def has_named_index(self: Any, table_name: str, index_name: str) -> Any:
		return has_index(self, table_name, f"{table_name}_{index_name}") or has_index(
			self, table_name, index_name
		)

	SQLiteDatabase.add_index = named_add_index
	SQLiteDatabase.add_unique = named_add_unique
	SQLiteDatabase.has_index = has_named_index
