"""What each command of the command line does; its imports wait until it runs."""

from argparse import Namespace
from collections.abc import Callable

from posecube.commands.bench import bench
from posecube.commands.models import calibrate, compare, evaluate, fuse, recipes, train
from posecube.commands.robustness import robustness
from posecube.commands.stores import import_, info
from posecube.commands.studio import studio
from posecube.commands.videos import extract, recognize
from posecube.commands.weights import weights

COMMANDS: dict[str, Callable[[Namespace], None]] = {
    "recognize": recognize,
    "extract": extract,
    "import": import_,
    "info": info,
    "recipes": recipes,
    "train": train,
    "evaluate": evaluate,
    "calibrate": calibrate,
    "fuse": fuse,
    "compare": compare,
    "robustness": robustness,
    "studio": studio,
    "weights": weights,
    "bench": bench,
}
