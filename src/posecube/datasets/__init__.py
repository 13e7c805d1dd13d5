"""Published formats of skeleton data, read into stores."""

from posecube.datasets.contents import DatasetContents
from posecube.datasets.importing import READERS, ImportReport, import_dataset, parse_settings

__all__ = ["READERS", "DatasetContents", "ImportReport", "import_dataset", "parse_settings"]
