"""`chalkak bench`: side-by-side figures."""
from __future__ import annotations
import typer
app = typer.Typer(no_args_is_help=True)
@app.command("photos")
def photos() -> None:
    """x"""
@app.command("find")
def find() -> None:
    """x"""
