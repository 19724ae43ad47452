"""Rows as data: `tables` says what there is, `cells` writes CSV, `workbooks` XLSX, `packages` ZIP, `lists` JSON."""

from .about import About, file_name
from .cells import guarded, unguarded
from .drawings import style as chart_style
from .files import DATA_FORMATS, FILES, FORMATS, csv_file, tables_file, xlsx_file
from .lists import comparison_table, json_comparison, json_list, page_record, search_json, search_table, whole_list
from .packages import package
from .recipes import Recipes
from .tables import everything, plain_table, table, together
from .workbooks import TooLongError, workbook

__all__ = [
    "DATA_FORMATS",
    "FILES",
    "FORMATS",
    "About",
    "Recipes",
    "TooLongError",
    "chart_style",
    "comparison_table",
    "csv_file",
    "everything",
    "file_name",
    "guarded",
    "json_comparison",
    "json_list",
    "package",
    "page_record",
    "plain_table",
    "search_json",
    "search_table",
    "table",
    "tables_file",
    "together",
    "unguarded",
    "whole_list",
    "workbook",
    "xlsx_file",
]
