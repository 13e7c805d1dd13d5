import pytest

from posecube.checkpoints.config_text import InferredFromConfig, infer_from_config

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
    "": InferredFromConfig(),
    "model = dict(type='RecognizerGCN')": InferredFromConfig(),
    PYSKL_LIMB: InferredFromConfig(limbs=True, clip_len=48, temporal_strides=(1, 1, 2)),
    MMACTION2_POSE_ONLY: InferredFromConfig(limbs=False, clip_len=32, temporal_strides=(1, 1, 1)),
    "dict(type='GenSkeFeat', feats=['bm']), dict(clip_len=100)": InferredFromConfig(stream="bone_motion", clip_len=100),
    "dict(feats=[\n    'j',\n])": InferredFromConfig(stream="joint"),
    "feats=['j'] feats=['b'] clip_len=1 clip_len=2": InferredFromConfig(),
    "feats=['j', 'b']": InferredFromConfig(),
    "with_kp=True with_limb=True": InferredFromConfig(limbs=False),
    "clip_len=dict(RGB=8, Pose=32)": InferredFromConfig(),
    "dict(type='PoseCompact'), dict(type='Resize', scale=(-1, 64)), dict(type='CenterCrop')": InferredFromConfig(
        fit="centre_crop"
    ),
    "dict(type='PoseCompact'), dict(type='Resize', scale=(64, 64))": InferredFromConfig(fit="squash"),
    "dict(type='CenterCrop')": InferredFromConfig(),
    "clip_len=999999999 temporal_strides=(1)": InferredFromConfig(),
    "__import__('os').system('touch touched')" * 10: InferredFromConfig(),
}


@pytest.mark.parametrize("text", CASES)
def test_what_a_configuration_says(text: str) -> None:
    assert infer_from_config(text) == CASES[text]


def test_a_long_text_is_no_trap() -> None:
    assert infer_from_config("temporal_strides=(" + "1," * 500_000) == InferredFromConfig()
