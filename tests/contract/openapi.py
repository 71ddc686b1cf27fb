"""Bodies against the official OpenAPI files of Xero (MIT), which live outside of the repository.

Found by XERO_OPENAPI_DIR, else at ../shared/data/xero-openapi beside the project; a test that needs them is marked
`@needs_openapi` and skips with the reason when they are absent.
"""

from __future__ import annotations

import copy
import functools
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator, FormatChecker

Json = dict[str, Any]
ROOT = Path(__file__).resolve().parents[2]
DIRECTORY = Path(os.environ.get("XERO_OPENAPI_DIR") or ROOT.parent / "shared/data/xero-openapi")
FILES = {"accounting": "xero_accounting.yaml", "identity": "xero-identity.yaml"}


def present() -> bool:
	return all((DIRECTORY / name).exists() for name in FILES.values())


needs_openapi = pytest.mark.skipif(
	not present(),
	reason=f"Xero's OpenAPI files are not in {DIRECTORY} (set XERO_OPENAPI_DIR)",
)

MS_DATE = r"^/Date\(-?\d+([+-]\d{4})?\)/$"
ANY_DATE = rf"({MS_DATE})|(^\d{{4}}-\d{{2}}-\d{{2}}(T.*)?$)"
FORMATS = FormatChecker(formats=("uuid",))
# what Xero sends beyond its own file, as its documentation and logged replies show
EXTRAS = {"DateString", "DueDateString", "ExpectedPaymentDateString", "PlannedPaymentDateString", "ID"}
EXTRAS |= {
	"DateUTCString",
	"Id",
	"Status",
	"ProviderName",
	"DateTimeUTC",
	"StatusAttributeString",
	"Warnings",
}
EXTRAS |= {"HasErrors", "HasValidationErrors", "ValidationErrors", "CurrencyCode", "AppliedAmount"}


@functools.cache
def specification(name: str) -> Json:
	text = (DIRECTORY / FILES[name]).read_text(encoding="utf-8")
	return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))


@functools.cache
def _components(name: str, direction: str) -> Json:
	"""The schemas as JSON Schema: nullable becomes a type, /Date()/ fields get a pattern."""
	components = copy.deepcopy(specification(name)["components"])
	for schema in components["schemas"].values():
		for field in schema.get("properties", {}).values():
			_translate(field, direction)
	return components


def _translate(field: Json, direction: str) -> None:
	if field.get("x-is-msdate") or field.get("x-is-msdate-time"):
		field["pattern"] = MS_DATE if direction == "response" else ANY_DATE
	if field.pop("nullable", False) and "type" in field:
		field["type"] = [field["type"], "null"]
	# an enum of numbers-like strings or a bound on money means nothing to JSON Schema's draft 7
	field.pop("x-is-money", None)


def operation(name: str, path: str, method: str) -> Json | None:
	"""Of the templates that fit, literal segments before parameters; None when none knows the method."""
	items = _path_items(name, path)
	return next((item[method.lower()] for item in items if method.lower() in item), None)


def _path_items(name: str, path: str) -> list[Json]:
	path = path.split("?")[0]
	templates = sorted(specification(name)["paths"], key=lambda template: template.count("{"))
	patterns = {template: re.sub(r"\{[^}]+\}", "[^/]+", template) for template in templates}
	found = [
		specification(name)["paths"][key] for key, pattern in patterns.items() if re.fullmatch(pattern, path)
	]
	if not found:
		raise AssertionError(f"Xero's {name} API has no path {path}")
	return found


def _file_of(path: str) -> str:
	return "identity" if path.lower().startswith("/connections") else "accounting"


def _resolve(name: str, part: Json) -> Json:
	if "$ref" not in part:
		return part
	_, _, kind, key = part["$ref"].split("/")
	return specification(name)["components"][kind][key]


def _errors(name: str, direction: str, schema: Json, body: Any) -> list[str]:
	whole = {**schema, "components": _components(name, direction)}
	found = Draft7Validator(whole, format_checker=FORMATS).iter_errors(body)
	return [f"{'/'.join(map(str, error.absolute_path))}: {error.message[:200]}" for error in found]


def _json_schema(part: Json) -> Json | None:
	return part.get("content", {}).get("application/json", {}).get("schema")


def response_errors(path: str, method: str, status: int, body: Any) -> list[str]:
	name = _file_of(path)
	path = "/Connections" + path[12:] if name == "identity" else path
	found = operation(name, path, method)
	if found is None:
		return [f"{method} is not documented for {path}"]
	described = found["responses"].get(str(status))
	if described is None and status == 400:
		return _errors(name, "response", {"$ref": "#/components/schemas/Error"}, body)
	if described is None:
		return [f"{method} {path} does not document the status {status}"]
	schema = _json_schema(_resolve(name, described))
	if schema is None:
		return [] if not body else [f"{method} {path} should have no JSON body"]
	errors = _errors(name, "response", schema, body)
	return errors if status == 400 else errors + list(_unknown(name, schema, body, EXTRAS, path))


def request_errors(path: str, method: str, body: Any) -> list[str]:
	name = _file_of(path)
	found = operation(name, path, method)
	if found is None:
		return [f"{method} is not documented for {path}"]
	schema = _json_schema(_resolve(name, found.get("requestBody", {})))
	if schema is None:
		return [f"{method} {path} takes no JSON body"]
	return _errors(name, "request", schema, body) + list(_unknown(name, schema, body, set(), path))


def _unknown(name: str, schema: Json, body: Any, extras: set[str], where: str) -> Iterator[str]:
	"""Names that the schema does not have: schemas are open, so a typing error would pass unseen."""
	schema = _resolve(name, schema)
	if isinstance(body, list):
		for item in body:
			yield from _unknown(name, schema.get("items", {}), item, extras, where)
	elif isinstance(body, dict) and "properties" in schema:
		for key, value in body.items():
			if key in schema["properties"]:
				yield from _unknown(name, schema["properties"][key], value, extras, f"{where}/{key}")
			elif key not in extras:
				yield f"{where}: Xero knows no {key}"


def query_errors(path: str, method: str, names: set[str]) -> list[str]:
	"""Query parameters that the operation does not document."""
	name = _file_of(path)
	parameters = (operation(name, path, method) or {}).get("parameters", [])
	parameters = parameters + [row for item in _path_items(name, path) for row in item.get("parameters", [])]
	known = {_resolve(name, parameter)["name"] for parameter in parameters}
	return [f"{method} {path} has no parameter {key}" for key in sorted(names - known)]


def validate_response(path: str, method: str, status: int, body: Any) -> None:
	"""`path` without /api.xro/2.0, ids filled in; raises AssertionError with what is wrong."""
	errors = response_errors(path, method, status, body)
	assert not errors, f"{method} {path} {status}:\n" + "\n".join(errors[:20])


def validate_request_body(path: str, method: str, body: Any) -> None:
	"""Also names that Xero does not know are errors. Raises AssertionError."""
	errors = request_errors(path, method, body)
	assert not errors, f"{method} {path}:\n" + "\n".join(errors[:20])
