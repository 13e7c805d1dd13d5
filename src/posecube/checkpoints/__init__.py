"""From pyskl and MMAction2 to posecube: their checkpoints become weights files that evaluate and recognize take."""

from posecube.checkpoints.weights_import import ImportedWeights, import_weights, parse_arguments
from posecube.networks.published_input import InputChoice

__all__ = ["ImportedWeights", "InputChoice", "import_weights", "parse_arguments"]
