"""Tables of records as an editor handles them over HTTP: exported, uploaded, confirmed."""

import csv
import io

import openpyxl
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

REASON = "Corrected from the annual report."


def address(model, view, *args):
    return reverse(f"admin:missions_{model._meta.model_name}_{view}", args=args)


def as_csv(rows, delimiter=","):
    """Return dictionaries, or lists of cells with the header first, as the content of a CSV file."""
    lines = [list(rows[0]), *(r.values() for r in rows)] if isinstance(rows[0], dict) else rows
    file = io.StringIO()
    csv.writer(file, delimiter=delimiter).writerows(lines)
    return file.getvalue().encode()


def as_xlsx(rows):
    lines = [list(rows[0]), *(list(r.values()) for r in rows)] if isinstance(rows[0], dict) else rows
    book = openpyxl.Workbook()
    for line in lines:
        book.active.append(line)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def content_of(client, model, form, query=""):
    """Return what the list shows as the content of a CSV or XLSX file."""
    answer = client.get(address(model, f"export_{form}") + query)
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)


def exported(client, model, query=""):
    """Return what the list shows, as dictionaries."""
    text = content_of(client, model, "csv", query).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def upload(client, model, content, name="table.csv", reason=REASON):
    """Upload a table, given as bytes or rows, and return the page that answers."""
    content = content if isinstance(content, bytes) else as_csv(content)
    file = SimpleUploadedFile(name, content)
    answer = client.post(address(model, "import"), {"file": file, "reason": reason})
    assert answer.status_code == 200
    return answer


def said(page):
    """Return what a preview says: (new, changed, unchanged, errors)."""
    plan = page.context["plan"]
    return len(plan.new), len(plan.changed), plan.unchanged, len(plan.problems)


def problems(page):
    return [(p.line, p.column, p.shown, p.reason) for p in page.context["plan"].problems]


def confirm(client, page, **values):
    """Press the button of a preview and return the page that it leads to."""
    context = page.context
    return client.post(context["confirm"], {"token": context["plan"].token} | values, follow=True)


def imported(client, model, rows, reason=REASON):
    """Import a table and return the batch."""
    page = confirm(client, upload(client, model, rows, reason=reason))
    assert "batch" in page.context, page.content.decode()
    return page.context["batch"]
