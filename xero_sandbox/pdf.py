"""The PDF of a document."""

from __future__ import annotations

from .books import Document
from .calls import Answer, Call


def wants_pdf(call: Call) -> bool:
	return "application/pdf" in call.request.headers.get("Accept", "")


def pdf_answer(row: Document) -> Answer:
	name = f'attachment; filename="{row.number or row.id}.pdf"'
	return Answer(body=pdf_of(row), content_type="application/pdf", headers={"Content-Disposition": name})


def pdf_of(row: Document) -> bytes:
	"""One page with the number and the total: a real PDF, made by hand."""
	label = f"{row.type} {row.number or ''}  {row.contact.name}  {row.total} {row.currency}"
	safe = (
		label.encode("latin-1", "replace").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
	)
	stream = b"BT /F1 14 Tf 60 760 Td (" + safe + b") Tj ET"
	objects = [
		b"<< /Type /Catalog /Pages 2 0 R >>",
		b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
		b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
		b" /Resources << /Font << /F1 5 0 R >> >> >>",
		b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
		b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
	]
	out, offsets = b"%PDF-1.4\n", []
	for number, body in enumerate(objects, 1):
		offsets.append(len(out))
		out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
	start = len(out)
	table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
	out += b"xref\n0 6\n0000000000 65535 f \n" + table
	return out + b"trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % start
