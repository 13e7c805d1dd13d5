"""A recognition made by hand: two people, of whom one is in doubt for a while."""

from fractions import Fraction

from posecube.recognition.result import ActionSegment, Person, Prediction, Recognition

TOP5 = (("squat", 0.7), ("bowl", 0.2))
SQUAT = Prediction("squat", 0.7, TOP5)
IN_DOUBT = Prediction(None, 0.3, (("bowl", 0.3), ("squat", 0.29)))


def make_recognition(**fields) -> Recognition:
    segments = (ActionSegment(0.0, 1.23456, SQUAT), ActionSegment(1.23456, 4.0, IN_DOUBT))
    content = {
        "video": "clips/squat.mp4",
        "fps": Fraction(30000, 1001),
        "num_frames": 120,
        "size_hw": (360, 270),
        "people": (Person(1, segments), Person(3, segments[:1])),
        "prediction": SQUAT,
        "pose": "blazepose",
        "weights": ("penn15-joint", "penn15-limb"),
        "seconds": {"pose": 1.23456},
    }
    return Recognition(**{**content, **fields})
