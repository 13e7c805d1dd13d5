"""The commands, a module each: NAME, HELP, ``add_arguments(parser)``, ``run(options)``, and a typed function.

Modules import what they need when they run: ``posecube --help`` waits for nothing.
"""

from types import ModuleType

from posecube.commands import (
    bench,
    calibrate,
    compare,
    evaluate,
    extract,
    fuse,
    import_,
    info,
    recipes,
    recognize,
    robustness,
    studio,
    train,
    weights,
)

COMMANDS: dict[str, ModuleType] = {
    module.NAME: module
    for module in (
        recognize, extract, import_, info, recipes, train, evaluate, calibrate, fuse, compare, robustness, studio,
        weights, bench,
    )
}  # fmt: skip
