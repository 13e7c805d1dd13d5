import pytest

from posecube.checkpoints.config_text import ToldByConfig, told_by_config

PYSKL_LIMB = """
model = dict(type='Recognizer3D', backbone=dict(type='ResNet3dSlowOnly', inflate=(0, 1, 1), temporal_strides=(1, 1, 2)))
train_pipeline = [
    dict(type='UniformSampleFrames', clip_len=48),
    dict(type='GeneratePoseTarget', with_kp=False, with_limb=True, skeletons=skeletons)]
test_pipeline = [
    dict(type='UniformSampleFrames', clip_len=48, num_clips=10),
    dict(type='GeneratePoseTarget', with_kp=False, with_limb=True, double=True)]
"""
MMACTION2_POSE_ONLY = """
model = dict(
    backbone=dict(
        temporal_strides=(
            1,
            1,
            1,
        )))
train_pipeline = [
    dict(clip_len=32, type='UniformSampleFrames'), dict(type='GeneratePoseTarget', with_kp=True, with_limb=False)]
"""
CASES = {
    "": ToldByConfig(),
    "model = dict(type='RecognizerGCN')": ToldByConfig(),
    PYSKL_LIMB: ToldByConfig(limbs=True, clip_len=48, temporal_strides=(1, 1, 2)),
    MMACTION2_POSE_ONLY: ToldByConfig(limbs=False, clip_len=32, temporal_strides=(1, 1, 1)),
    "dict(type='GenSkeFeat', feats=['bm']), dict(clip_len=100)": ToldByConfig(stream="bone_motion", clip_len=100),
    "dict(feats=[\n    'j',\n])": ToldByConfig(stream="joint"),
    "feats=['j'] feats=['b'] clip_len=1 clip_len=2": ToldByConfig(),
    "feats=['j', 'b']": ToldByConfig(),
    "with_kp=True with_limb=True": ToldByConfig(limbs=False),
    "clip_len=dict(RGB=8, Pose=32)": ToldByConfig(),
    "dict(type='PoseCompact'), dict(type='Resize', scale=(-1, 64)), dict(type='CenterCrop')": ToldByConfig(
        fit="centre_crop"
    ),
    "dict(type='PoseCompact'), dict(type='Resize', scale=(64, 64))": ToldByConfig(fit="squash"),
    "dict(type='CenterCrop')": ToldByConfig(),
    "clip_len=999999999 temporal_strides=(1)": ToldByConfig(),
    "__import__('os').system('touch touched')" * 10: ToldByConfig(),
}


@pytest.mark.parametrize("text", CASES)
def test_what_a_configuration_says(text: str) -> None:
    assert told_by_config(text) == CASES[text]


def test_a_long_text_is_no_trap() -> None:
    assert told_by_config("temporal_strides=(" + "1," * 500_000) == ToldByConfig()
