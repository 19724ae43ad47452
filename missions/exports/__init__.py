"""Rows as data: `tables` says what there is, `cells` writes CSV, `workbooks` XLSX, `packages` ZIP, `lists` JSON."""

from .about import About, file_name
from .cells import csv_lines, guarded, unguarded
from .drawings import style as chart_style
from .files import DATA_FORMATS, FILES, FORMATS, csv_file, streamed, tables_file, xlsx_file
from .lists import comparison_table, json_comparison, json_items, json_list, page_record, search_json, search_table
from .packages import package
from .recipes import Recipes
from .tables import Table, everything, plain_table, table, together
from .workbooks import TooLongError, workbook

__all__ = [
    "DATA_FORMATS",
    "FILES",
    "FORMATS",
    "About",
    "Recipes",
    "Table",
    "TooLongError",
    "chart_style",
    "comparison_table",
    "csv_file",
    "csv_lines",
    "everything",
    "file_name",
    "guarded",
    "json_comparison",
    "json_items",
    "json_list",
    "package",
    "page_record",
    "plain_table",
    "search_json",
    "search_table",
    "streamed",
    "table",
    "tables_file",
    "together",
    "unguarded",
    "workbook",
    "xlsx_file",
]
