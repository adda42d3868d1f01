"""Making commands of functions: their parameters, and what they exit with."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import MISSING, Field, fields, is_dataclass, replace
from inspect import Parameter
from pathlib import Path
from typing import Any, NoReturn, TypeVar, get_type_hints

import typer

from spindetect.commands.options.shared import SETTINGS
from spindetect.commands.streams import BROKEN_PIPE, FAILED, INTERRUPTED, abandon_output, complain
from spindetect.errors import SpindetectError
from spindetect.files import refused

Run = TypeVar("Run", bound=Callable[..., int])


def command(group: typer.Typer, name: str | None = None) -> Callable[[Run], Run]:
    """A decorator that makes a command of a function that returns an exit code; its docstring is the help.

    A function that takes a dataclass of options has one parameter for each of the fields, in their order. Of a
    field ``settings``, ``Annotated`` with names of fields of `Settings`, each of these is a parameter.
    """

    def register(run: Run) -> Run:
        def shell(**given: Any) -> None:
            _exit_with(lambda: run(**given))

        parameters = list(inspect.signature(run, eval_str=True).parameters.values())
        taken = parameters[0].annotation
        if isinstance(taken, type) and is_dataclass(taken):
            shell, parameters = _of_options(run, taken)
        shell.__name__, shell.__doc__ = run.__name__, run.__doc__
        shell.__annotations__ = {one.name: one.annotation for one in parameters}
        shell.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
        group.command(name)(shell)
        return run

    return register


def _of_options(run: Callable[..., int], options: type) -> tuple[Callable[..., None], list[Parameter]]:
    """A function with a parameter for each field of ``options``, which ``run`` takes; and these parameters."""
    hints = get_type_hints(options, include_extras=True)
    parameters: list[Parameter] = []
    defaults = {field.name: _default(field) for field in fields(options)}
    chosen = hints["settings"].__metadata__[0]
    for name, default in defaults.items():
        if name == "settings":
            parameters += [_parameter(one, SETTINGS[one], getattr(default, one)) for one in chosen]
        else:
            parameters.append(_parameter(name, hints[name], default))

    def shell(**given: Any) -> None:
        settings = replace(defaults["settings"], **{name: given.pop(name) for name in chosen})
        _exit_with(lambda: run(options(**given, settings=settings)))

    return shell, parameters


def _parameter(name: str, annotation: Any, default: Any) -> Parameter:
    return Parameter(name, Parameter.KEYWORD_ONLY, default=default, annotation=annotation)


def _default(field: Field[Any]) -> Any:
    if field.default_factory is not MISSING:
        return field.default_factory()
    return Parameter.empty if field.default is MISSING else field.default


def _exit_with(run: Callable[[], int]) -> NoReturn:
    """Run a command and exit with its code; say in one line what went wrong, without a traceback."""
    try:
        code = run()
    except SpindetectError as error:
        complain(str(error))
        code = FAILED
    except BrokenPipeError:  # whoever read our output, `head` say, has had enough
        abandon_output()
        code = BROKEN_PIPE
    except OSError as error:
        unknown = f"the system says: {error}. Check that there is space left and that permissions are right."
        complain(str(refused(Path(str(error.filename or "a file")), error) or unknown))
        code = FAILED
    except KeyboardInterrupt:
        complain("interrupted.")
        code = INTERRUPTED
    raise typer.Exit(code)
