from __future__ import annotations

import re
from pathlib import Path

import pytest

from generator import build
from generator._errors import BuildError
from generator.prepare import layout
from generator.prepare.layout import Layout, MethodEntry, SubAPIEntry
from tests.support.openapi import (
    STRING,
    JSONObject,
    a_document,
    a_small_api,
    an_operation,
    parameter,
    reference,
)
from tests.support.projects import Project, a_project, one_method_each


def a_layout(**sub_apis: dict[str, str | tuple[str, ...]]) -> Layout:
    """A layout, as sub-API -> method -> the id of its operation, or of its operations."""
    return Layout(
        tuple(
            SubAPIEntry(
                name, tuple(MethodEntry(key, (ids,) if isinstance(ids, str) else ids) for key, ids in methods.items())
            )
            for name, methods in sub_apis.items()
        )
    )


def an_api(*places: str, **groups: tuple[str, str]) -> JSONObject:
    """A document with operations, each as "ListThings /things"; groups: id -> group and method name of its own."""
    operations = []
    for place in places:
        operation_id, path = place.split()
        group, name = groups.get(operation_id, (None, None))
        operation = an_operation(operation_id)
        if group:
            operation |= {"x-speakeasy-group": group, "x-speakeasy-name-override": name}
        operations.append((f"get {path}", operation))
    return a_document(*operations)


def problems(client_layout: Layout, document: JSONObject) -> list[str]:
    """The lines of what `check` complains of, without its headline."""
    with pytest.raises(BuildError) as raised:
        layout.check(client_layout, document)
    headline, *lines = str(raised.value).split("\n")
    assert headline == f"openapi/layout.yaml does not fit the document, {len(lines) // 2} places:"
    return lines


def proposed_line(client_layout: Layout, document: JSONObject) -> str:
    """The one proposal for the one operation that is in no sub-API, as "sub-API: line"."""
    where, line = problems(client_layout, document)
    found = re.fullmatch(r"  \S+ \(\S+\) is in no sub-API; under (\S+): methods: add", where)
    assert found
    return f"{found[1]}: {line.strip()}"


def written(root: Path, text: str) -> Path:
    path = root / layout.LAYOUT
    path.parent.mkdir()
    path.write_text(text, encoding="utf-8")
    return root


def test_a_layout_is_read(tmp_path: Path) -> None:
    text = """
        sub_apis:
          users:
            js: users
            methods:
              get_user: {operation: GetUser, js: getUser}
              get_token: {operations: [A, B]}
          old:
            methods:
              get: {operation: GetUser, deprecated: Use users.get_user instead.}
        """
    users = (
        MethodEntry("get_user", ("GetUser",), js="getUser"),
        MethodEntry("get_token", ("A", "B")),
    )
    old = (MethodEntry("get", ("GetUser",), deprecated="Use users.get_user instead."),)
    found = layout.load(written(tmp_path, text))
    assert found == Layout((SubAPIEntry("users", users, js="users"), SubAPIEntry("old", old)))
    assert found.sub_api_of("GetUser") == "users"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "no `sub_apis`"),
        ("[]", "no `sub_apis`"),
        ("sub_apis: []", "no `sub_apis`"),
        ("sub_apis: {users: }", "users has no `methods`"),
        ("sub_apis: {users: {methods: [get]}}", "users has no `methods`"),
        ("sub_apis: {Users: {methods: {}}}", "Users is not in snake_case: write users"),
        ("sub_apis: {users: {methods: {}, jS: a, Methods: {}}}", "users has unknown keys: Methods, jS"),
        ("sub_apis: {users: {methods: {}, js: 1}}", "users: `js` must be text"),
        ("sub_apis: {users: {methods: {get: GetUser}}}", "users.get needs either `operation` or `operations`"),
        ("sub_apis: {users: {methods: {get: {}}}}", "users.get needs either `operation` or `operations`"),
        (
            "sub_apis: {users: {methods: {get: {operation: A, operations: [A]}}}}",
            "users.get needs either `operation` or `operations`",
        ),
        (
            "sub_apis: {users: {methods: {get: {operations: A}}}}",
            "users.get: `operation` must be an operationId, `operations` a list of them",
        ),
        (
            "sub_apis: {users: {methods: {get: {operations: []}}}}",
            "users.get: `operation` must be an operationId, `operations` a list of them",
        ),
        (
            "sub_apis: {users: {methods: {get: {operation: }}}}",
            "users.get: `operation` must be an operationId, `operations` a list of them",
        ),
        (
            "sub_apis: {users: {methods: {getUser: {operation: A}}}}",
            "users.getUser is not in snake_case: write get_user",
        ),
        (
            "sub_apis: {users: {methods: {import: {operation: A}}}}",
            "users.import is not in snake_case: write import_",
        ),
        (
            "sub_apis: {users: {methods: {get: {operation: A, deprecate: B}}}}",
            "users.get has unknown keys: deprecate",
        ),
        (
            "sub_apis: {users: {methods: {get: {operation: A, deprecated: true}}}}",
            "users.get: `deprecated` must be text",
        ),
    ],
)
def test_what_is_no_layout_is_refused(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(BuildError, match=f"^openapi/layout.yaml: {re.escape(message)}$"):
        layout.load(written(tmp_path, text))


NODE = "version: 1.0.0\nsub_apis: {users: [getUser, verifyTOTP], __oddThings: [get]}"


def of_node(tmp_path: Path, text: str) -> Layout:
    """Read a layout that stands beside the methods of a Node.js client."""
    written(tmp_path, text)
    (tmp_path / layout.NODE_CLIENT).write_text(NODE, encoding="utf-8")
    return layout.load(tmp_path)


def test_names_of_the_node_js_client_follow_from_ours_where_it_has_them(tmp_path: Path) -> None:
    text = """
        sub_apis:
          users:
            methods:
              get_user: {operation: A}
              ban_user: {operation: B}
              verify_totp: {operation: C, js: verifyTOTP}
          odd_things: {js: __oddThings, methods: {get: {operation: D}}}
          things: {methods: {get: {operation: E}}}
        """
    found = of_node(tmp_path, text)
    assert {method.name: method.js for method in found.sub_apis[0].methods} == {
        "get_user": "getUser",
        "ban_user": None,
        "verify_totp": "verifyTOTP",
    }
    assert [(one.js, one.methods[0].js) for one in found.sub_apis] == [
        ("users", "getUser"),
        ("__oddThings", "get"),
        (None, None),
    ]
    layout.check(found, an_api("A /a", "B /b", "C /c", "D /d", "E /e"))


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        (
            "sub_apis: {users: {js: users, methods: {get_user: {operation: A, js: getUser}}}}",
            "users: `js` follows from the name: leave it out; users.get_user: `js` follows from the name: leave it out",
        ),
        (
            "sub_apis: {users: {methods: {get_user: {operation: A, js: fetchUser}}}}",
            "users.get_user: `js` is fetchUser, which is not in openapi/node-js.yaml: correct it, or leave it out",
        ),
        (
            "sub_apis: {things: {methods: {get_user: {operation: A, js: getUser}}}}",
            "things.get_user: `js` is getUser, which is not in openapi/node-js.yaml: correct it, or leave it out",
        ),
    ],
)
def test_a_name_of_the_node_js_client_is_an_exception_or_refused(tmp_path: Path, text: str, problems: str) -> None:
    with pytest.raises(BuildError, match=f"^openapi/layout.yaml: {re.escape(problems)}$"):
        layout.check(of_node(tmp_path, text), an_api("A /a"))


@pytest.mark.parametrize(
    "text", ["[]", "version: 1.0.0", "sub_apis: [users]", "sub_apis: {users: getUser}", "sub_apis: {users: [1]}"]
)
def test_what_is_no_table_of_the_node_js_client_is_refused(text: str, tmp_path: Path) -> None:
    written(tmp_path, "sub_apis: {users: {methods: {get: {operation: A}}}}")
    (tmp_path / layout.NODE_CLIENT).write_text(text, encoding="utf-8")
    with pytest.raises(BuildError, match=r"^openapi/node-js\.yaml: no table `sub_apis` of lists of methods$"):
        layout.load(tmp_path)


def test_a_layout_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match=r"layout\.yaml: no such file$"):
        layout.load(tmp_path)


def test_an_operation_belongs_to_the_first_sub_api_that_has_it() -> None:
    client_layout = a_layout(users={"get": "GetUser"}, old_users={"get": "GetUser", "list": "ListUsers"})
    assert client_layout.sub_api_of("GetUser") == "users"
    assert client_layout.sub_api_of("ListUsers") == "old_users"
    with pytest.raises(BuildError, match=r"^openapi/layout.yaml: operation DeleteUser is in no sub-API$"):
        client_layout.sub_api_of("DeleteUser")


def test_a_layout_that_fits_is_accepted() -> None:
    layout.check(a_layout(users={"get": ("GetUser", "GetUserByName")}), an_api("GetUser /a", "GetUserByName /b"))


def test_everything_that_does_not_fit_is_listed() -> None:
    client_layout = a_layout(
        users={"get_user": "GetUser", "get_user_list": "ListUsers", "ban_user": "BanUser"},
        tasks={"list": "ListTasks", "get": ("GetTask", "GetTaskByName")},
    )
    document = an_api(
        "GetUser /users/{id}", "CountUsers /users/count", "ListUserRoles /users/roles", "ListCoins /coins"
    )
    assert problems(client_layout, document) == [
        "  CountUsers (/users/count) is in no sub-API; under users: methods: add",
        "      count_users: {operation: CountUsers}",
        "  ListUserRoles (/users/roles) is in no sub-API; under users: methods: add",
        "      get_user_role_list: {operation: ListUserRoles}",
        "  ListCoins (/coins) is in no sub-API; under coins: methods: add",
        "      get_coin_list: {operation: ListCoins}",
        "  ListUsers no longer exists; remove from users",
        "      get_user_list: ...",
        "  BanUser no longer exists; remove from users",
        "      ban_user: ...",
        "  ListTasks no longer exists; remove from tasks",
        "      list: ...",
        "  GetTask no longer exists; remove from tasks",
        "      get: ...",
        "  GetTaskByName no longer exists; remove from tasks",
        "      get: ...",
        "  tasks has no operation left; remove from sub_apis",
        "      tasks: ...",
    ]


def test_a_method_that_loses_one_of_its_operations_keeps_the_other() -> None:
    methods = (
        MethodEntry("get_token", ("GetToken", "GetTokenOf"), js="getToken"),
        MethodEntry("get_old_token", ("GetTokenOf", "GetToken"), deprecated='Use "get_token": it is the same.'),
    )
    assert problems(Layout((SubAPIEntry("sessions", methods),)), an_api("GetToken /tokens")) == [
        "  GetTokenOf no longer exists; in sessions: methods: replace with",
        "      get_token: {operation: GetToken}",
        "  GetTokenOf no longer exists; in sessions: methods: replace with",
        r'      get_old_token: {operation: GetToken, deprecated: "Use \"get_token\": it is the same."}',
    ]


RENAMED = {"ListTasks": "ListJobs", "GetTask": "GetJob", "GetTaskBy": "GetJobBy"}


def test_an_operation_that_is_only_called_by_another_id_keeps_its_place() -> None:
    methods = (MethodEntry("list", ("ListTasks",)), MethodEntry("get", ("GetTask", "GetTaskBy"), None, "getTask"))
    document = an_api("ListJobs /jobs", "GetJob /jobs/{id}", "GetJobBy /jobs/{id}/{task_name}", "AddJob /new")
    client_layout = Layout((SubAPIEntry("tasks", methods, "tasks"),))
    found = layout.misfits(client_layout, document, RENAMED)
    assert layout.misfits_report(found).split("\n")[1:] == [
        "  AddJob (/new) is in no sub-API; under new: methods: add",
        "      add_job: {operation: AddJob}",
        "  ListTasks is now called ListJobs; in tasks: methods: replace with",
        "      list: {operation: ListJobs}",
        "  GetTask is now called GetJob; in tasks: methods: replace with",
        "      get: {operations: [GetJob, GetJobBy], js: getTask}",
        "  GetTaskBy is now called GetJobBy; in tasks: methods: replace with",
        "      get: {operations: [GetJob, GetJobBy], js: getTask}",
    ]
    listed = (MethodEntry("list", ("ListJobs",)), MethodEntry("get", ("GetJob", "GetJobBy"), None, "getTask"))
    added = SubAPIEntry("new", (MethodEntry("add_job", ("AddJob",)),))
    assert layout.fitted(client_layout, found) == Layout((SubAPIEntry("tasks", listed, "tasks"), added))


def test_a_layout_is_fitted_to_a_document_as_proposed() -> None:
    client_layout = a_layout(users={"get": ("A", "B"), "ban": "C", "list": "D"}, old={"get": "E"})
    document = an_api("B /users/b", "D /users/d", "F /users/new")
    fitted = layout.fitted(client_layout, layout.misfits(client_layout, document))
    assert fitted == a_layout(users={"get": "B", "list": "D", "f": "F"})
    layout.check(fitted, document)


def test_a_sub_api_that_gets_a_new_operation_stays_even_if_it_loses_all_others() -> None:
    assert problems(a_layout(tasks={"list": "ListTasks"}), an_api("ListAllTasks /tasks")) == [
        "  ListAllTasks (/tasks) is in no sub-API; under tasks: methods: add",
        "      get_all_task_list: {operation: ListAllTasks}",
        "  ListTasks no longer exists; remove from tasks",
        "      list: ...",
    ]


def test_a_new_operation_goes_where_most_of_its_group_or_path_are() -> None:
    client_layout = a_layout(users={"a": "A", "b": "B"}, roles={"c": "C"}, elsewhere={"d": "D"})
    groups = {"C": ("roles", "c"), "New": ("roles", "new")}
    document = an_api("A /users/a", "B /users/b", "C /organizations/c", "D /d", "New /users/new", **groups)
    assert proposed_line(client_layout, document) == "users: new: {operation: New}"
    document = an_api("A /users/a", "B /users/b", "C /organizations/c", "D /d", "New /new", **groups)
    assert proposed_line(client_layout, document) == "roles: new: {operation: New}"


@pytest.mark.parametrize(
    ("groups", "line"),
    [
        ({}, "new_things: list_new: {operation: listNew}"),
        ({"listNew": ("oddThings", "list")}, "odd_things: list_new: {operation: listNew}"),
    ],
)
def test_a_new_operation_may_need_a_new_sub_api(groups: dict[str, tuple[str, str]], line: str) -> None:
    document = an_api("A /users", "listNew /new-things/{id}", **groups)
    assert proposed_line(a_layout(users={"list": "A"}), document) == line.replace("list_new", "get_new_list")


@pytest.mark.parametrize(
    ("existing", "new", "override", "name"),
    [
        ("list", "createApiKey", "create", "create"),
        ("list", "getApiKeySecret", "getSecret", "get_secret"),
        ("list", "getApiKey", "list", "get_api_key"),
        ("get_api_key_list", "createApiKey", "create", "create_api_key"),
        ("get_api_key_list", "ListApiKeyPolicies", "policies", "get_api_key_policy_list"),
        ("get_api_key_list", "listApiKeys", "list", "list"),
        ("get_api_key_list", "list", "list", "list"),
        ("create_api_key", "createApiKey", "create", "create"),
        ("create", "createApiKey", "create", "create_api_key"),
    ],
)
def test_a_new_method_is_named_like_its_neighbours_and_unlike_any(
    existing: str, new: str, override: str, name: str
) -> None:
    groups = {"Existing": ("apiKeys", "x"), new: ("apiKeys", override)}
    document = an_api("Existing /api_keys", f"{new} /api_keys/new", **groups)
    assert (
        proposed_line(a_layout(api_keys={existing: "Existing"}), document) == f"api_keys: {name}: {{operation: {new}}}"
    )


def test_proposals_do_not_take_each_others_names() -> None:
    document = an_api("A /keys/a", "B /keys/b", "C /keys/c", B=("keys", "create"), C=("keys", "create"))
    assert [line.strip() for line in problems(a_layout(keys={"list": "A"}), document)[1::2]] == [
        "create: {operation: B}",
        "c: {operation: C}",
    ]


def pasted(text: str, message: str) -> str:
    """Do to the text of a layout what a message of `check` says."""
    for where, line in re.findall(r"^  (.+)\n      (.+)$", message, re.MULTILINE):
        if found := re.search(r"under (\S+): methods: add$", where):
            if f"\n  {found[1]}:\n" not in text:
                text += f"  {found[1]}:\n    methods:\n"
            text = text.replace(f"  {found[1]}:\n    methods:\n", f"  {found[1]}:\n    methods:\n      {line}\n")
        else:
            name = line.split(":")[0]
            replacement = f"\n      {line}" if where.endswith("replace with") else ""
            text = re.sub(rf"\n +{name}:(?:\n    .*| .+)", replacement, text, count=1)
    return text


def test_a_layout_with_the_proposed_lines_is_accepted_by_the_build(tmp_path: Path) -> None:
    document = a_small_api()
    by_name = parameter("name", "path", {**STRING})
    document["paths"]["/things/{id}/named/{name}"] = {
        "get": an_operation("GetNamed", reference("Thing"), parameters=[parameter("id", "path"), by_name]),
    }
    document["paths"]["/coins"] = {"get": an_operation("ListCoins"), "post": an_operation("CreateCoin")}
    project = a_project(tmp_path, document)
    text = (
        "sub_apis:\n  things:\n    methods:\n      get: {operations: [GetThing, GetGone]}\n"
        "      gone: {operation: Gone}\n  tasks:\n    methods:\n      gone: {operation: Gone}\n"
    )
    project.layout.write_text(text, encoding="utf-8")
    with pytest.raises(BuildError) as raised:
        build.regenerate(project.root)
    assert not project.generated.exists()

    project.layout.write_text(pasted(text, str(raised.value)), encoding="utf-8")

    assert build.regenerate(project.root).lock.counts["operations"] == 6
    assert layout.load(project.root) == a_layout(
        things={
            "get_named": "GetNamed",
            "create": "CreateThing",
            "list": "ListThings",
            "get": "GetThing",
        },
        coins={"create_coin": "CreateCoin", "get_coin_list": "ListCoins"},
    )


def test_a_method_may_serve_two_operations(tmp_path: Path) -> None:
    document = a_small_api()
    further = [parameter("id", "path"), parameter("name", "path")]
    get_named = an_operation("GetNamed", reference("Thing"), parameters=further)
    document["paths"]["/things/{id}/named/{name}"] = {"get": get_named}
    project = a_project(tmp_path, document)
    methods = one_method_each(document)
    del methods["get_named"]
    methods["get_thing"] = {"operations": ["GetThing", "GetNamed"]}
    project.write_layout({"things": {"methods": methods}})

    build.regenerate(project.root)

    assert "name: str | None = None" in generated_text(project, "sub_apis/things.py")


def generated_text(project: Project, path: str) -> str:
    return (project.generated / path).read_text(encoding="utf-8")
