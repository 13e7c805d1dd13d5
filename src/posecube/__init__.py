"""posecube recognises human actions from skeletons: a video goes in, who does what and when comes out."""

__version__ = "0.1.0"
