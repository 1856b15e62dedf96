"""Development sessions: `nox -l` lists them, `nox -s tests-3.12` runs one; what CI runs is in `.ci/run`."""

import nox

nox.options.sessions = ["tests", "lint", "types", "imports"]
PYTHONS = ["3.11", "3.12", "3.13"]


@nox.session(python=PYTHONS)
def tests(session: nox.Session) -> None:
    """The tests that run on every commit; arguments after `--` go to pytest."""
    session.install(".[test]")
    session.run("pytest", "-n", "auto", *session.posargs)


@nox.session
def lint(session: nox.Session) -> None:
    """Formatting and ruff's rules."""
    session.install("ruff")
    session.run("ruff", "format", "--check")
    session.run("ruff", "check")


@nox.session
def types(session: nox.Session) -> None:
    """mypy, strict."""
    session.install("mypy", ".[lsp]")
    session.run("mypy")


@nox.session
def imports(session: nox.Session) -> None:
    """The one-way imports between packages."""
    session.install("import-linter", ".[lsp]")
    session.run("lint-imports")


@nox.session(python="3.11")
def long(session: nox.Session) -> None:
    """The whole standard library through the parser, every model at every size."""
    session.install(".[test]")
    session.run("pytest", "-n", "auto", "-m", "long or zoo", *session.posargs)


@nox.session(python="3.11")
def truth(session: nox.Session) -> None:
    """Shapes, parameters and errors against the real frameworks."""
    session.install(".[test,truth]")
    session.run("pytest", "-m", "truth", *session.posargs)


@nox.session
def docs(session: nox.Session) -> None:
    """The documentation's site, in `build/site`; a broken link fails."""
    session.install(".[docs]")
    session.run("mkdocs", "build", "--strict", env={"NO_MKDOCS_2_WARNING": "1"})


@nox.session
def bench(session: nox.Session) -> None:
    """Time and memory of whole runs."""
    session.install(".[test]")
    session.run("python", "-m", "benchmarks", *session.posargs)
