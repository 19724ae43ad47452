"""Tables of many records in the admin: exported from a list, imported after a preview, undone as one batch."""

from dataclasses import replace

from django import forms
from django.contrib import messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.views.decorators.http import require_POST, require_safe

from .. import bulk, differences, drafts, exports
from ..bulk.cells import owner_field
from ..models import MODELS

ROWS_SHOWN, PROBLEMS_SHOWN = 200, 500
CHARACTERS_COMPARED = 100_000  # word by word; beyond that whole texts are shown
HINTS = {"DateField": "Such as 2001-02-03.", "BooleanField": "true or false."}


class UploadForm(forms.Form):
    file = forms.FileField(
        label="CSV or XLSX file",
        allow_empty_file=True,
        help_text=f"At most {bulk.ROWS:,} rows and {bulk.FILE_BYTES // bulk.MEGABYTE} MB. Of a workbook the first "
        "sheet is read.",
    )
    reason = forms.CharField(
        label="Why",
        max_length=500,
        help_text="Readers see it with every entry that changed.",
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )

    def clean_file(self):
        if self.cleaned_data["file"].size > bulk.FILE_BYTES:
            raise forms.ValidationError(f"The file is larger than {bulk.FILE_BYTES // bulk.MEGABYTE} MB. Divide it.")
        return self.cleaned_data["file"]


class InBulk:
    """Adds to a list of the admin that it can be exported as shown, and imported."""

    change_list_template = "admin/bulk/change_list.html"

    def get_urls(self):
        name, view = f"missions_{self.model._meta.model_name}", self.admin_site.admin_view
        return [
            path("import/", view(self.import_table), name=f"{name}_import"),
            path("import/<slug:key>/", view(require_POST(self.confirm_import)), name=f"{name}_import_confirm"),
            path("export/csv/", view(require_safe(self.export_csv)), name=f"{name}_export_csv"),
            path("export/xlsx/", view(require_safe(self.export_xlsx)), name=f"{name}_export_xlsx"),
            *super().get_urls(),
        ]

    def address(self, view, *args):
        return reverse(f"admin:missions_{self.model._meta.model_name}_{view}", args=args)

    def changelist_view(self, request, extra_context=None):
        may_import = bulk.may_import(request.user, self.model)
        tables = {
            "import_address": self.address("import") if may_import else "",
            "export_addresses": {"CSV": self.address("export_csv"), "XLSX": self.address("export_xlsx")},
        }
        return super().changelist_view(request, {**(extra_context or {}), "tables": tables})

    # Export

    def listed(self, request):
        """Return the records that the list shows for this query, on all its pages."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return self.get_changelist_instance(request).get_queryset(request)

    def export_csv(self, request):
        try:
            rows = self.listed(request)
        except IncorrectLookupParameters:
            return HttpResponseRedirect(f"{self.address('changelist')}?e=1")
        return exports.csv_file(bulk.lines(rows), self.file_name())

    def export_xlsx(self, request):
        try:
            file = exports.workbook([(self.file_name(), bulk.lines(self.listed(request)))])
        except IncorrectLookupParameters:
            return HttpResponseRedirect(f"{self.address('changelist')}?e=1")
        except exports.TooLongError as error:
            self.message_user(request, str(error), messages.ERROR)
            return HttpResponseRedirect(f"{self.address('changelist')}?{request.GET.urlencode()}")
        return exports.xlsx_file(file, self.file_name())

    def file_name(self):
        return f"{self.model._meta.verbose_name_plural}-{timezone.localdate()}".replace(" ", "-")

    # Import

    def import_table(self, request):
        """Take a file and show what importing it would do."""
        self.demand_import(request)
        form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
        if form.is_valid():
            try:
                return self.preview(request, *self.read(request.user, **form.cleaned_data))
            except bulk.FileError as error:
                form.add_error("file", str(error))
        columns = [(name, f, hint(f)) for name, f in bulk.columns(self.model).items()]
        by_address = self.model.address_field if self.model.address_field != "permanent_id" else ""
        return self.page(request, "upload", "Import", form=form, columns=columns, by_address=by_address)

    def read(self, user, file, reason):
        """Return what importing an uploaded file would do, the upload, and the key under which it waits. Raises
        `FileError`.
        """
        content = file.read()
        upload = bulk.Upload(user.pk, self.model._meta.model_name, file.name[-80:], reason)
        plan = bulk.check(self.model, content)
        return plan, upload, bulk.keep(upload, content) if plan.rows and not plan.problems else ""

    def demand_import(self, request):
        drafts.demand(
            bulk.may_import(request.user, self.model), request.user, "import", self.model._meta.verbose_name_plural
        )

    def confirm_import(self, request, key):
        """Import what a preview showed, if nothing moved since."""
        self.demand_import(request)
        found = bulk.fetch(key, request.user, self.model)
        if found is None:
            said = "This preview is no longer there: it was imported, cancelled, or is older than a day."
            return self.leave(request, said, messages.WARNING)
        upload, content = found
        if "cancel" in request.POST:
            bulk.forget(key)
            return self.leave(request, "Nothing was imported.", messages.INFO)
        plan, batch = bulk.check(self.model, content), None
        if not plan.problems and plan.token == request.POST.get("token"):
            batch = self.imported(plan, upload, request.user)
        if batch is None:
            return self.show_moved(request, upload, content, key)
        bulk.forget(key)
        messages.success(request, f"Imported: {len(plan.new)} new, {len(plan.changed)} changed. It can be undone here.")
        return HttpResponseRedirect(reverse("batch", args=[batch.pk]))

    def leave(self, request, said, level):
        self.message_user(request, said, level)
        return HttpResponseRedirect(self.address("changelist"))

    def imported(self, plan, upload, user):
        """Carry a plan out and return the batch, or None if something moved meanwhile."""
        opts, number = plan.model._meta, len(plan.rows)
        kind = opts.verbose_name if number == 1 else opts.verbose_name_plural
        label = f"Import of {number} {kind} from {upload.name}"
        try:
            batch = bulk.apply(plan, user, label, upload.reason)
        except bulk.MovedError:
            return None
        LogEntry.objects.log_actions(user.pk, plan.touched, CHANGE, f"Imported from {upload.name}.")
        return batch

    def show_moved(self, request, upload, content, key):
        if bulk.fetch(key, request.user, self.model) is None:  # a second click on the same button
            return self.leave(request, "This is imported already.", messages.INFO)
        messages.warning(
            request,
            "What the file would change was changed since you read the preview, so nothing was imported. "
            "This is the preview of now.",
        )
        return self.preview(request, bulk.check(self.model, content), upload, key)

    def preview(self, request, plan, upload, key):
        rows = [] if plan.problems else compared(plan)
        if key and (plan.problems or not plan.rows):
            bulk.forget(key)
        confirm = self.address("import_confirm", key) if key else ""
        return self.page(
            request, "preview", f"Import of {upload.name}", plan=plan, upload=upload, rows=rows, confirm=confirm,
            problems=plan.problems[:PROBLEMS_SHOWN], entry_kinds=MODELS, import_address=self.address("import"),
        )  # fmt: skip

    def page(self, request, template, title, **context):
        opts = self.model._meta
        context |= self.admin_site.each_context(request) | {"opts": opts, "title": title}
        context |= {"plural": capfirst(opts.verbose_name_plural), "list_address": self.address("changelist")}
        return render(request, f"admin/bulk/{template}.html", context)


def hint(field):
    """Return what a cell of a column may hold, where that is not any text."""
    if field.related_model:
        address = "the ISO code" if field.related_model.address_field == "iso3" else "the address"
        return f"{capfirst(address)} of each, separated by semicolons." if field.many_to_many else f"By {address}."
    values = [v for v, _ in field.flatchoices if v]
    return f"One of: {', '.join(values)}." if values else HINTS.get(field.get_internal_type(), "")


def compared(plan):
    """Return the first rows of a plan with their values before and after, as an editor reads them."""
    rows, room = [*plan.changed, *plan.new][:ROWS_SHOWN], CHARACTERS_COMPARED
    label = plan.model._meta.label_lower
    names = differences.Names(*([{"model": label, "fields": f}] for r in rows for f in (r.before, r.after)))
    found = []
    for row in rows:
        values = [*moved(plan.model, row, names), *differences.values(plan.model, row.before, row.after, names)]
        room -= sum(len(d.old) + len(d.new) for d in values)
        if room < 0:
            values = [replace(d, is_text=False) for d in values]
        how = "added" if row.is_new else "changed"
        found.append(differences.Row((label, row.line), f"Row {row.line}: {row.obj}", how, values))
    return found


def moved(model, row, names):
    """Return the entry that a fact belongs to, where it is new or changes hands."""
    name = owner_field(model)
    if name not in row.after:
        return []
    model_field = model._meta.get_field(name)
    old, new = (differences.in_words(model_field, fields.get(name), names) for fields in (row.before, row.after))
    return [differences.Difference(name, model_field.verbose_name.capitalize(), old, new, False)]
