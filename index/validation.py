"""Describe pydantic's validation errors in our own words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

__all__ = ["field_of", "reason_of"]

_WHOLE: Final = "a whole number is needed"
_NUMBER: Final = "a number is needed"
_BOOLEAN: Final = "true or false is needed"
_DAY: Final = "a day is needed, such as 2025-05-26"
_LIST: Final = "a list is needed"
_OBJECT: Final = "an object is needed"
_CHOICE: Final = "{expected} is needed"

# Where a value may be text or a list, pydantic's name of what it was tried as.
_BRANCH: Final = re.compile(r"(constrained-)?str|list\[.*\]")

# By pydantic's type of the error; the names in braces are of its context.
_REASONS: Final[dict[str, str]] = {
    "missing": "it is missing",
    "not_json": "JSON is needed, with the header Content-Type: application/json",
    "extra_forbidden": "there is no such field",
    "int_parsing": _WHOLE,
    "int_type": _WHOLE,
    "int_from_float": _WHOLE,
    "int_parsing_size": _WHOLE,
    "float_parsing": _NUMBER,
    "float_type": _NUMBER,
    "finite_number": _NUMBER,
    "bool_parsing": _BOOLEAN,
    "bool_type": _BOOLEAN,
    "none_required": "nothing may stand here",
    "string_type": "text is needed",
    "string_unicode": "text is needed, and this is no Unicode",
    "string_too_short": "at least {min_length} characters are needed",
    "string_too_long": "at most {max_length} characters are taken",
    "string_pattern_mismatch": "it does not have the form {pattern}",
    "greater_than_equal": "{ge} or more is needed",
    "greater_than": "more than {gt} is needed",
    "less_than_equal": "{le} or less is needed",
    "less_than": "less than {lt} is needed",
    "literal_error": _CHOICE,
    "enum": _CHOICE,
    "list_type": _LIST,
    "tuple_type": _LIST,
    "dict_type": _OBJECT,
    "mapping_type": _OBJECT,
    "model_type": _OBJECT,
    "model_attributes_type": _OBJECT,
    "too_short": "at least {min_length} of them are needed",
    "too_long": "at most {max_length} of them are taken",
    "date_type": _DAY,
    "date_parsing": _DAY,
    "date_from_datetime_parsing": _DAY,
    "date_from_datetime_inexact": _DAY,
    "json_invalid": "it is no JSON: {error}",
}
# Instead, where one is the least.
_EMPTY: Final = {"string_too_short": "it is empty", "too_short": "at least one is needed"}


def reason_of(error: Mapping[str, Any]) -> str:
    """Describe one entry of ``ValidationError.errors()``; for an error that a validator raised, its
    own message without pydantic's prefix."""
    context = error.get("ctx") or {}
    if context.get("min_length") == 1 and error["type"] in _EMPTY:
        return _EMPTY[error["type"]]
    try:
        return _REASONS[error["type"]].format_map(context)
    except KeyError:  # a type that we have no words for, or its context was left out
        return str(error["msg"]).removeprefix("Value error, ")


def field_of(error: Mapping[str, Any]) -> str:
    """Name the field of an error: the names from the outside in, joined by dots; empty for the
    whole."""
    *outer, last = error["loc"] or ("",)
    # What nobody foresaw may be called anything.
    is_branch = error["type"] != "extra_forbidden" and _BRANCH.fullmatch(str(last))
    parts = [str(part) for part in outer if not _BRANCH.fullmatch(str(part))]
    return ".".join(parts if is_branch else [*parts, str(last)])
