"""Draws studio.jpg anew: `python docs/images/make_studio_sheet.py [FILE]`."""

import sys
from pathlib import Path

from posecube_studio.contact_sheet import draw_contact_sheet
from posecube_studio.tiles import write_image

if __name__ == "__main__":
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).with_name("studio.jpg")
    write_image(path, draw_contact_sheet())
