from __future__ import annotations

import inspect
import textwrap
from typing import Any

import pytest

from generator.code import docstrings
from generator.code.blueprint import Method, Model, Operation, Type, Value
from tests.support.blueprints import an_operation_of

TEXT = Type("text")
LONG = "It goes on and on about what it means " * 5


def a_value(name: str = "thing", kind: Type = TEXT, *, required: bool = True, **fields: Any) -> Value:
    return Value(name, name, kind, required, **fields)


def an_operation(*keywords: Value, **fields: Any) -> Operation:
    values: dict[str, Any] = {
        "id": "UpdateThing",
        "module": "update_thing",
        "method": "PATCH",
        "path": "/things/{id}",
        "path_parameters": (a_value("id"),),
        "query_parameters": keywords,
    }
    return an_operation_of(**{**values, **fields})


def dedented(text: str) -> str:
    return textwrap.dedent(text).strip("\n")


def words_of_argument(value: Value) -> str:
    """What the docstring of a method says of a parameter."""
    text = docstrings.of_method(Method("update", an_operation(value)), "None")
    line = next(line for line in text.split("\n") if line.strip().startswith(f"{value.name}:"))
    return line.split(":", 1)[1].strip()


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("One line.", '"""One line."""'),
        ("One line.\n\nAnd more.", '"""One line.\n\n    And more.\n    """'),
        ('Say """ and \\d.', r'"""Say \"\"\" and \\d."""'),
    ],
)
def test_text_becomes_a_docstring_at_its_indent(text: str, written: str) -> None:
    assert docstrings.docstring(text, 4) == written


@pytest.mark.parametrize("text", ['Say """ and \\d.', "One line.\n\nAnd more."])
def test_a_docstring_means_the_text(text: str) -> None:
    namespace: dict[str, Any] = {}
    exec(f"def function():\n    {docstrings.docstring(text, 4)}", namespace)
    assert inspect.getdoc(namespace["function"]) == text


def test_a_model_without_words_says_what_it_is() -> None:
    assert docstrings.of_model(Model("Thing", "thing", (a_value(),))) == "The API's Thing object."


def test_a_model_is_described_by_its_words() -> None:
    model = Model("Thing", "thing", (a_value("id", description="What it is called"),), "Any thing\nThere are\n   many.")
    assert docstrings.of_model(model) == "Any thing.\n\nThere are many."


def test_an_attribute_is_described_by_its_words_and_its_facts() -> None:
    assert docstrings.of_attribute(a_value("age", deprecated=True, instead="Use `born`.", description="How old")) == (
        "How old. Deprecated: Use `born`."
    )


@pytest.mark.parametrize(("length", "lines"), [(110, 1), (111, 3)])
def test_the_words_of_an_attribute_stand_in_one_line_where_they_fit(length: int, lines: int) -> None:
    text = f"{'a ' * 53}".ljust(length - 1, "b") + "."
    written = docstrings.docstring(docstrings.of_attribute(a_value(description=text)), 4).split("\n")
    assert len(written) == lines
    assert all(len(line) + (0 if number else 4) <= 120 for number, line in enumerate(written))


def test_an_endpoint_module_is_described_by_its_operation() -> None:
    assert docstrings.of_operation(an_operation()) == "Call UpdateThing.\n\n`PATCH /things/{id}`"
    described = an_operation(summary="Change a thing.", description="Not  too\noften.")
    assert docstrings.of_operation(described) == "Change a thing.\n\n`PATCH /things/{id}`\n\nNot too often."


def test_a_method_is_described_with_arguments_answer_and_errors() -> None:
    operation = an_operation(
        a_value("name", required=False, description="Its name"),
        summary="Change a thing.",
        description="Not too often.",
        errors=("404", "418", "422"),
        answer_kind="value",
    )
    method = Method("update", operation, deprecated="Use things.change instead.")
    assert docstrings.of_method(method, "Thing") == dedented("""
        Change a thing.

        Not too often.

        Deprecated: Use things.change instead.

        `PATCH /things/{id}`

        Args:
            id:
            name: Its name.

        Returns:
            `Thing`.

        Raises:
            NotFoundError: The API responded with 404.
            UnprocessableEntityError: The API responded with 422.
            ClerkError: Any other way in which the call failed.
        """)


def test_a_method_of_two_operations_names_both() -> None:
    further = an_operation(path="/things/{id}/by/{name}")
    method = Method("update", an_operation(), further, a_value("name", required=False))
    text = docstrings.of_method(method, "None")
    assert "\n\n`PATCH /things/{id}`, or with `name` `PATCH /things/{id}/by/{name}`\n\n" in text
    assert "Args:\n    id:\n    name:\n" in text


def test_a_method_without_parameters_has_no_arguments() -> None:
    assert "Args:" not in docstrings.of_method(Method("update", an_operation(path_parameters=())), "None")


NULLABLE = Type("text", nullable=True)


@pytest.mark.parametrize(
    ("keywords", "words"),
    [
        ([a_value("a", NULLABLE)], "None is sent as null; a keyword left out is not sent."),
        ([a_value("a", NULLABLE), a_value("b")], "None is sent as null for `a`; a keyword left out is not sent."),
        (
            [a_value("a", NULLABLE), a_value("b"), a_value("c", NULLABLE), a_value("d", NULLABLE)],
            "None is sent as null for `a`, `c` and `d`; a keyword left out is not sent.",
        ),
    ],
)
def test_a_method_says_once_which_keywords_null_can_be_sent_for(keywords: list[Value], words: str) -> None:
    text = docstrings.of_method(Method("update", an_operation(*keywords)), "None")
    assert f"\n\n{words}\n\n`PATCH" in text
    assert text.count("null") == 1


def test_a_method_that_cannot_send_null_does_not_speak_of_it() -> None:
    assert "null" not in docstrings.of_method(Method("update", an_operation(a_value("a"))), "None")


@pytest.mark.parametrize(
    ("kind", "returns", "words"),
    [
        ("nothing", "None", "None; the response has no body."),
        ("text", "str", "The text of the response."),
        ("value", "list[User]", "`list[User]`."),
        ("page", "Page[User]", "`Page[User]`: one page; iterate it, or read `data` and `total_count`."),
    ],
)
def test_what_a_method_returns(kind: str, returns: str, words: str) -> None:
    text = docstrings.of_method(Method("update", an_operation(answer_kind=kind)), returns)
    assert f"\nReturns:\n    {words}\n" in text


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (a_value(), ""),
        (a_value(description="What it is"), "What it is."),
        (a_value(description="Is it?"), "Is it?"),
        (a_value(bounds=("at least 1", "at most 9")), "At least 1, at most 9."),
        (a_value(deprecated=True), "Deprecated: Avoid it in new code."),
        (a_value(deprecated=True, instead="Use `other` instead."), "Deprecated: Use `other` instead."),
        (a_value(kind=Type("text", nullable=True)), ""),
        (a_value(kind=Type("enum", values=("b", "a"), name="Kind")), 'One of `"b"`, `"a"`.'),
        (a_value(kind=Type("list", item=Type("enum", values=(1, 2), name="Level"))), "One of `1`, `2`."),
        (a_value(kind=Type("enum", values=tuple(range(99)), name="Level")), ""),
        (a_value(kind=Type("datetime")), "An aware datetime or RFC 3339 text."),
        (a_value(kind=Type("date")), "A date or `YYYY-MM-DD` text."),
        (a_value(kind=Type("file")), "Bytes, a path, an open binary file, or `(name, content, content_type)`."),
        (
            a_value(kind=Type("integer"), milliseconds=True),
            "Milliseconds since the Unix epoch, an aware datetime, or ISO 8601 text.",
        ),
        (
            a_value(
                kind=Type("enum", nullable=True, values=("a",)), description="Which", bounds=("short",), deprecated=True
            ),
            'Which. One of `"a"`. Short. Deprecated: Avoid it in new code.',
        ),
    ],
)
def test_what_is_said_of_a_parameter(value: Value, words: str) -> None:
    assert words_of_argument(value) == words


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (a_value(), ""),
        (a_value(description="What it is"), "What it is."),
        (a_value(bounds=("at least 1",)), "At least 1."),
        (a_value(kind=Type("text", nullable=True)), ""),
        (a_value(kind=Type("datetime")), ""),
        (a_value(kind=Type("integer"), milliseconds=True, description="When it was"), "When it was."),
    ],
)
def test_what_is_said_of_a_property(value: Value, words: str) -> None:
    assert docstrings.of_attribute(value) == words


def test_long_text_is_wrapped_so_that_it_fits_at_its_indent() -> None:
    operation = an_operation(a_value("name", description=LONG), summary=LONG, description=LONG)
    written = docstrings.docstring(docstrings.of_method(Method("update", operation), "None"), 8)
    model = docstrings.docstring(docstrings.of_model(Model("Thing", "thing", (), LONG)), 4)
    attribute = docstrings.docstring(docstrings.of_attribute(a_value(description=LONG)), 4)
    assert max(len(line) for line in written.split("\n")[1:]) <= 120
    assert max(len(line) for line in model.split("\n")[1:]) <= 120
    assert max(len(line) for line in attribute.split("\n")[1:]) <= 120
