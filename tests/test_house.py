"""The house rules of the design, read from the source: who may import whom, and what is where."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("bot", "inference", "models", "storage")
MAX_LINES = 300

MAY_IMPORT = {
    "bot": ("bot", "inference", "models", "storage"),
    "inference": ("inference", "models"),
    "models": ("models",),
    "storage": ("storage", "models.records", "models.errors", "models.labels"),
}
WORKSHOP = ("models.train", "models.evaluate", "models.datasets")  # never part of what serves
HEAVY = ("torch", "transformers", "ultralytics", "ray")

VISION_HOMES = ("models/", "inference/runtime.py")
HOMES: dict[str, tuple[str, ...]] = {
    "openvino": ("inference/runtime.py",),
    "torch": VISION_HOMES,
    "torchvision": VISION_HOMES,
    "ultralytics": VISION_HOMES,
    "transformers": VISION_HOMES,
    "ctranslate2": VISION_HOMES,
    "sqlite_utils": ("storage/",),
    "pysqlite3": ("storage/sqlite.py",),
    "sqlite3": ("storage/sqlite.py",),  # for its types only; two SQLites in a process break file locks
    "kiwipiepy": ("storage/words.py",),
    "prometheus_client": ("bot/metrics.py",),
    "playwright": (),
    "discord": ("bot/adapters/",),
    "telegram": ("bot/adapters/",),
    "aiohttp.web": ("bot/adapters/",),
    "ray": ("inference/cluster.py",),
}

BAD_NAMES = re.compile(r"(\w*_)?(utils?|helpers?|managers?|base)")
FAKES = re.compile(r"_*(Fake|Stub|Mock|Dummy)")
REGISTRIES = ("pypi.org", "files.pythonhosted", "registry.npmjs", "deb.debian")
ENVIRONMENT = frozenset({"environ", "environb", "getenv", "getenvb", "putenv"})
REASON = re.compile(r"# noqa: BLE001 - \S+")
COMMENT = re.compile(r":\s+# \S+")


@dataclass(frozen=True)
class Import:
    """One imported name: who imports what, where, and whether only inside a function."""

    file: str
    line: int
    name: str
    is_lazy: bool

    def __str__(self) -> str:
        return f"{self.file}:{self.line} imports {self.name}"


def within(name: str, parent: str) -> bool:
    """Return whether a dotted name is `parent` or lies inside it."""
    return name == parent or name.startswith(parent + ".")


@cache
def product_files() -> dict[str, str]:
    """Return the text of every Python file of the product by its path in the repository."""
    files = (path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py")))
    return {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in files}


@cache
def tree(file: str) -> ast.Module:
    return ast.parse(product_files()[file], file)


@cache
def written_files() -> dict[str, str]:
    """Return every text that ships or instructs: code, texts, tables, docs and build files."""
    names = ("Makefile", ".env.example", ".ci/run")
    paths = [*ROOT.glob("*.md"), *ROOT.glob("*.toml"), *(ROOT / name for name in names)]
    paths += [path for package in PACKAGES for path in (ROOT / package).rglob("*")]
    kinds = (".py", ".md", ".toml", ".ftl", ".csv", ".html", ".css", ".js", ".sql", ".example", "")
    return {
        path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
        for path in paths
        if path.is_file() and path.suffix in kinds
    }


def module_name(file: str) -> str:
    return file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def _absolute(node: ast.ImportFrom, file: str) -> str:
    if not node.level:
        return node.module or ""
    package = module_name(file).split(".")
    depth = node.level - (1 if file.endswith("/__init__.py") else 0)
    above = package[: len(package) - depth]
    return ".".join([*above, *([node.module] if node.module else [])])


def _named(node: ast.AST, file: str) -> Iterator[str]:
    """Yield the dotted names that one node imports, also by `import_module` and `__import__`."""
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    if isinstance(node, ast.ImportFrom):
        yield from (f"{_absolute(node, file)}.{alias.name}" for alias in node.names)
    if isinstance(node, ast.Call) and node.args:
        called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if called in ("import_module", "__import__", "find_spec"):
            yield _beginning(node.args[0])


def _beginning(argument: ast.expr) -> str:
    """Return what a name or f-string certainly begins with."""
    first = argument.values[0] if isinstance(argument, ast.JoinedStr) else argument
    return str(first.value).rstrip(".") if isinstance(first, ast.Constant) else ""


@cache
def imports() -> tuple[Import, ...]:
    return tuple(found for file in product_files() for found in imports_of(tree(file), file))


def imports_of(module: ast.Module, file: str) -> Iterator[Import]:
    functions = [
        node for node in ast.walk(module) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    inside = {id(child) for function in functions for child in ast.walk(function)}
    for node in ast.walk(module):
        for name in _named(node, file):
            yield Import(file, getattr(node, "lineno", 0), name, id(node) in inside)


def in_a_fresh_interpreter(code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


# Who may import whom


def test_the_source_is_found_and_read() -> None:
    assert {file.split("/")[0] for file in product_files()} == set(PACKAGES)
    assert len(imports()) > 100


@pytest.mark.parametrize("package", PACKAGES)
def test_a_package_imports_only_what_lies_below_it(package: str) -> None:
    ours = [found for found in imports() if found.name.split(".")[0] in PACKAGES]
    wrong = [
        str(found)
        for found in ours
        if found.file.startswith(f"{package}/")
        and not any(within(found.name, allowed) for allowed in MAY_IMPORT[package])
    ]
    assert wrong == []


def test_nobody_imports_bot_except_bot_itself() -> None:
    wrong = [found for found in imports() if within(found.name, "bot") and not found.file.startswith("bot/")]
    assert [str(found) for found in wrong] == []


def test_inference_and_storage_never_meet() -> None:
    pairs = (("inference/", "storage"), ("storage/", "inference"))
    wrong = [
        f for f in imports() for home, other in pairs if f.file.startswith(home) and within(f.name, other)
    ]
    assert [str(found) for found in wrong] == []


def test_nothing_that_serves_imports_the_workshop() -> None:
    """Training and evaluating are reached from the command line, lazily, and from themselves."""
    workshop = tuple(name.replace(".", "/") for name in WORKSHOP)
    wrong = [
        str(found)
        for found in imports()
        if any(within(found.name, name) for name in WORKSHOP)
        and not found.file.startswith(workshop)
        and not (found.file.startswith("bot/cli") and found.is_lazy)
    ]
    assert wrong == []


def test_nobody_imports_from_the_tests() -> None:
    assert [str(found) for found in imports() if within(found.name, "tests")] == []


@pytest.mark.parametrize("library", HOMES)
def test_a_library_is_imported_at_home_only(library: str) -> None:
    wrong = [f for f in imports() if within(f.name, library) and not f.file.startswith(HOMES[library])]
    assert [str(found) for found in wrong] == []


def test_importing_the_app_pulls_in_nothing_heavy() -> None:
    code = f"import sys, bot.app; print([name for name in {HEAVY} if name in sys.modules])"
    assert in_a_fresh_interpreter(code) == "[]"


def test_importing_the_app_does_not_even_look_for_anything_heavy() -> None:
    """Also where none of it is installed, so that a guarded import does not pass unseen."""
    code = f"""
import sys
class Watch:
    asked = set()
    @classmethod
    def find_spec(cls, name, path=None, target=None):
        if name in {HEAVY}:
            cls.asked.add(name)
sys.meta_path.insert(0, Watch)
import bot.app
print(sorted(Watch.asked))
"""
    assert in_a_fresh_interpreter(code) == "[]"


@pytest.mark.parametrize("package", PACKAGES)
def test_the_top_level_packages_are_ours(package: str) -> None:
    code = f"import pathlib, {package}; print(pathlib.Path({package}.__file__).resolve())"
    assert in_a_fresh_interpreter(code) == str(ROOT / package / "__init__.py")


# What is where


def test_the_environment_is_read_by_the_settings_only() -> None:
    readers = [
        f"{file}:{node.lineno}"
        for file in product_files()
        for node in ast.walk(tree(file))
        if (isinstance(node, ast.Attribute) and node.attr in ENVIRONMENT)
        or (isinstance(node, ast.ImportFrom) and any(alias.name in ENVIRONMENT for alias in node.names))
    ]
    assert [reader for reader in readers if not reader.startswith("bot/settings.py:")] == []


def test_fakes_live_in_the_tests_only() -> None:
    classes = [
        f"{file}:{node.lineno} {node.name}"
        for file in product_files()
        for node in ast.walk(tree(file))
        if isinstance(node, ast.ClassDef) and FAKES.match(node.name)
    ]
    assert classes == []


def test_no_file_or_folder_is_named_for_nothing_in_particular() -> None:
    parts = {part for file in product_files() for part in Path(file).with_suffix("").parts}
    assert [part for part in sorted(parts) if BAD_NAMES.fullmatch(part)] == []


def test_every_folder_of_modules_is_a_package() -> None:
    folders = {Path(file).parent for file in product_files()}
    assert [str(folder) for folder in sorted(folders) if not (ROOT / folder / "__init__.py").exists()] == []


# How it is written


def test_every_module_says_what_it_is() -> None:
    assert [file for file in product_files() if not (ast.get_docstring(tree(file)) or "").strip()] == []


def test_every_file_is_under_300_lines() -> None:
    lengths = {file: len(text.splitlines()) for file, text in product_files().items()}
    assert {file: length for file, length in lengths.items() if length >= MAX_LINES} == {}


def is_broad(handler: ast.ExceptHandler) -> bool:
    """Return whether a handler catches everything."""
    if handler.type is None:
        return True
    kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(isinstance(kind, ast.Name) and kind.id in ("Exception", "BaseException") for kind in kinds)


def is_explained(handler: ast.ExceptHandler, line: str) -> bool:
    """Return whether a handler raises again or says why not.

    Where it raises only sometimes, or logs the traceback, ruff wants no `noqa`: any comment will do.
    """
    nodes = list(ast.walk(handler))
    raises = any(isinstance(node, ast.Raise) for node in nodes)
    logs = any(isinstance(node, ast.Attribute) and node.attr == "exception" for node in nodes)
    always = isinstance(handler.body[-1], ast.Raise)
    return always or bool((COMMENT if raises or logs else REASON).search(line))


def test_whoever_catches_everything_says_why_or_raises_again() -> None:
    unexplained = [
        f"{file}:{node.lineno}"
        for file, text in product_files().items()
        for node in ast.walk(tree(file))
        if isinstance(node, ast.ExceptHandler)
        and is_broad(node)
        and not is_explained(node, text.splitlines()[node.lineno - 1])
    ]
    assert unexplained == []


@pytest.mark.parametrize("host", REGISTRIES)
def test_no_package_registry_is_named(host: str) -> None:
    """Machines bring their own mirrors; `pip` and `npm` know them, we do not."""
    assert [file for file, text in written_files().items() if host in text] == []


@pytest.mark.parametrize("path", ["../shared", f"{Path(__file__).parents[2]}/", f"{Path.home()}/"])
def test_no_path_of_a_single_machine_is_named(path: str) -> None:
    named = re.compile(rf"(?<![\w.]){re.escape(path)}")
    assert [file for file, text in written_files().items() if named.search(text)] == []


def test_the_texts_that_ship_are_all_read() -> None:
    kinds = {Path(file).suffix for file in written_files()}
    assert {".py", ".md", ".toml", ".ftl", ".csv"} <= kinds
