"""The frame of the pages that people see; everything put into it is escaped by Markup."""

from __future__ import annotations

from markupsafe import Markup

from .calls import Answer

STYLE = """
body{font:15px/1.5 system-ui,sans-serif;max-width:64rem;margin:2rem auto;padding:0 1rem;color:#1f2933}
h1{font-size:1.4rem} h2{font-size:1.1rem;margin-top:2rem} small{color:#5f6b7a} a{color:#0b61a4}
table{border-collapse:collapse;width:100%} td,th{padding:.35rem .5rem;border-bottom:1px solid #dde3ea;text-align:left}
td{overflow-wrap:anywhere} td.number,th.number{text-align:right;font-variant-numeric:tabular-nums} .row{display:block;padding:.2rem 0}
button{background:#0b61a4;color:#fff;border:0;border-radius:4px;padding:.45rem .9rem;font:inherit;cursor:pointer}
button.plain{background:#e4e9ef;color:#1f2933} form.inline{display:inline} .notice{color:#b42318}
fieldset{border:1px solid #dde3ea;margin:1rem 0} dl{display:grid;grid-template-columns:10rem 1fr} dd{margin:0}
"""
FRAME = Markup(
	'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
	'<meta name="viewport" content="width=device-width"><style>{style}</style></head>'
	'<body><p><a href="/">xero_sandbox</a> <small>not the real Xero</small></p><h1>{title}</h1>{body}</body></html>'
)


def page(title: str, body: Markup) -> str:
	return FRAME.format(title=title, style=Markup(STYLE), body=body)


def answer(text: str, status: int = 200) -> Answer:
	return Answer(status, text.encode(), "text/html; charset=utf-8", {"Cache-Control": "no-store"})


def table(heads: list[str], rows: list[Markup]) -> Markup:
	top = Markup("").join(Markup("<th>{}</th>").format(head) for head in heads)
	return Markup("<table><thead><tr>{}</tr></thead><tbody>{}</tbody></table>").format(
		top, Markup("").join(rows)
	)
