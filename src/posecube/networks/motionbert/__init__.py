"""MotionBERT: a transformer over joints and frames."""

from posecube.networks.motionbert.network import FULL, LITE, MotionBERT, MotionBertSpec

__all__ = ["FULL", "LITE", "MotionBERT", "MotionBertSpec"]
