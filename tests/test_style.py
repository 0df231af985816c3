"""The source keeps to its sizes, explains itself, and does nothing that got others broken."""

from __future__ import annotations

import ast
import re
import statistics

import pytest

from tests.source import ROOT, everything, name_of, product, templates

pytestmark = [pytest.mark.once, pytest.mark.xdist_group("source")]

LONGEST_FILE = 500
LONGEST_FUNCTION = 60


def test_files_are_short():
    long = {str(source): lines for source in everything() if (lines := source.text.count("\n")) > LONGEST_FILE}
    assert not long, "a file that outgrows 500 lines becomes a package named by its concepts"


def test_functions_are_short():
    lengths = {
        f"{source}:{function.lineno} {function.name}": _length(function)
        for source in product()
        for function in source.functions()
    }
    ordered = sorted(lengths.values())
    assert statistics.median(ordered) <= 9
    assert ordered[len(ordered) * 9 // 10] <= 30
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_FUNCTION} == {}


def _length(function):
    """Lines of a function without its docstring, decorators and signature's own lines counted once."""
    body = function.body[1:] if ast.get_docstring(function) and len(function.body) > 1 else function.body
    return (function.end_lineno or 0) - body[0].lineno + 2


def test_everything_public_says_what_it_is():
    silent = [
        f"{source}:{node.lineno} {node.name}"
        for source in product()
        for node in [*source.tree.body, *(n for c in source.tree.body if isinstance(c, ast.ClassDef) for n in c.body)]
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and node.name != "Meta"
        and not ast.get_docstring(node)
    ]
    assert silent == []


def test_every_module_says_what_it_is():
    assert [str(source) for source in product() if source.text.strip() and not ast.get_docstring(source.tree)] == []


def test_every_ignore_has_its_reason():
    bare = re.compile(
        r"#\s*(type:\s*ignore(?!\[)|noqa(?!: ?[A-Z]))|#\s*type:\s*ignore\[[^\]]+\]\s*$|#\s*noqa: ?[A-Z0-9, ]+$"
    )
    allowed_alone = re.compile(r"noqa: ?(F401|E402)")
    found = [
        f"{source}:{number}: {line.strip()}"
        for source in product()
        for number, line in enumerate(source.text.splitlines(), 1)
        if bare.search(line) and not allowed_alone.search(line)
    ]
    assert found == [], "say after the ignore why it is right"


@pytest.mark.parametrize(
    "forbidden",
    [
        "mark_safe",
        "format_html_join_unsafe",
        "eval",
        "exec",
        "pickle.loads",
        "pickle.load",
        "yaml.load",
        "os.system",
        "RawSQL",
    ],
)
def test_dangerous_calls_are_not_made(forbidden):
    found = [
        f"{s}:{call.lineno}"
        for s in product()
        for call in s.calls()
        if name_of(call.func) in (forbidden, f"safestring.{forbidden}")
    ]
    assert found == []


def test_pickle_is_not_imported():
    found = [
        str(source)
        for source in product()
        for node in source.nodes
        if isinstance(node, ast.Import | ast.ImportFrom)
        and {getattr(node, "module", None), *(alias.name for alias in node.names)} & {"pickle", "marshal", "shelve"}
    ]
    assert found == []


def test_no_shell_is_started():
    found = [
        f"{source}:{call.lineno}"
        for source in product()
        for call in source.calls()
        for keyword in call.keywords
        if keyword.arg == "shell" and not (isinstance(keyword.value, ast.Constant) and keyword.value.value is False)
    ]
    assert found == []


SECRET = re.compile(r"(^|_)(token|secret|signature|mac|hmac|digest|password|nonce|api_key)s?$")


def test_secrets_are_compared_in_constant_time():
    """`==` on a secret tells by its duration how much of a guess was right."""
    found = [
        f"{source}:{node.lineno}"
        for source in product()
        for node in source.nodes
        if isinstance(node, ast.Compare) and any(isinstance(op, ast.Eq | ast.NotEq) for op in node.ops)
        for side in [node.left, *node.comparators]
        if SECRET.search(name_of(side).rpartition(".")[2])
    ]
    assert found == []


SQL = re.compile(r"\b(SELECT|INSERT INTO|UPDATE|DELETE FROM|ALTER TABLE|COPY)\b")


def test_sql_is_not_pasted_together():
    """A placeholder inside SQL is a constant of ours or a quoted name; each such place carries its reason."""
    found = []
    for source in product():
        lines = source.text.splitlines()
        for node in source.nodes:
            if isinstance(node, ast.JoinedStr) and SQL.search(_literal(node)):
                around = " ".join(lines[node.lineno - 1 : node.end_lineno])
                if "noqa: S608 -" not in around and not _only_constants(node):
                    found.append(f"{source}:{node.lineno}")
    assert found == []


def _literal(node):
    return "".join(part.value for part in node.values if isinstance(part, ast.Constant))


def _only_constants(node):
    """UPPER_CASE names are constants of the module; `quote_name(…)` quotes."""
    parts = [part.value for part in node.values if isinstance(part, ast.FormattedValue)]
    return all(
        (isinstance(part, ast.Name) and part.id.isupper()) or name_of(part).endswith("quote_name()") for part in parts
    )


@pytest.mark.parametrize(
    ("pattern", "why"),
    [
        (r"\|\s*safe\b", "text is escaped where it is shown"),
        (r"\{%\s*autoescape\s+off", "text is escaped where it is shown"),
        (r"\son[a-z]+\s*=\s*[\"']", "no inline event handlers: the content policy forbids them"),
        (r"\sstyle\s*=\s*[\"']", "no inline styles: the content policy forbids them"),
        (r"javascript:", "no script in addresses"),
        (r"<script(?![^>]*(\bsrc=|nonce=|type=\"application/json\"))", "no inline script without the page's nonce"),
        (r"<style(?![^>]*nonce=)", "no inline style without the page's nonce"),
        (r"target=\"_blank\"(?![^>]*noopener)", "a page opened elsewhere gets no handle on ours"),
        (r"https?://(?!www\.w3\.org/)[a-z0-9.]+/[^\"' ]*\.(js|css|woff2?)\b", "nothing is fetched from elsewhere"),
    ],
)
def test_templates_do_nothing_unsafe(pattern, why):
    # Django's own words about a field: the rules for passwords come as a list in HTML
    html = [(name, text.replace("field.help_text|safe", "")) for name, text in templates() if name.endswith(".html")]
    assert [name for name, text in html if re.search(pattern, text, re.IGNORECASE)] == [], why


def test_nothing_is_left_for_later():
    words = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
    kinds = {".py", ".js", ".css", ".html", ".md", ".toml"}
    here = str(ROOT / "tests" / "test_style.py")
    skipped = {".venv", ".git", "node_modules", "assets", "dist", "build"}
    found = [
        str(path)
        for path in ROOT.rglob("*")
        if path.suffix in kinds
        and str(path) != here
        and not skipped & set(path.parts)
        and words.search(path.read_text())
    ]
    assert found == []


def test_nobody_but_the_clock_asks_what_time_it_is():
    """Actions, rules and queries get `now`; the clock of fault tests would otherwise not reach them."""
    asking = {
        "datetime.now",
        "datetime.datetime.now",
        "timezone.now",
        "datetime.utcnow",
        "date.today",
        "datetime.date.today",
    }
    found = [
        f"{source}:{call.lineno}"
        for source in product()
        for call in source.calls()
        if name_of(call.func) in asking
        and source.path.parts[-2:] != ("common", "clock.py")
        and "config" not in source.path.relative_to(ROOT).parts[:2]
    ]
    assert found == []
