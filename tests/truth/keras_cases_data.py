"""Preprocessing: images, categories, text, sound."""

from __future__ import annotations

from random import Random

from tests.truth.case import Case
from tests.truth.draw import some
from tests.truth.keras_case import Generator, K, called, layers
from tests.truth.keras_draw import FORMATS, batch, chosen


def _pictures(rng: Random) -> K:
    shape = (batch(rng), rng.randint(3, 8), rng.randint(3, 8), 3)
    return K(shape if some(rng, 0.8) else shape[1:])


def _factor(rng: Random) -> object:
    right: list[object] = [0.2, 0.5, (0.1, 0.4), [0.3, 0.3]]
    return rng.choice(right if some(rng, 0.65) else [3, -2.0, (0.1, 0.2, 0.3), "x", (2, 3), 0.0])


def _augmented(*factors: str, needs: bool = False, ranged: bool = False, filled: bool = False) -> Generator:
    def draw(rng: Random) -> Case:
        keywords = {name: _factor(rng) for name in factors if needs or some(rng, 0.6)}
        if ranged and some(rng, 0.5):
            keywords["value_range"] = rng.choice([(0, 1), [0, 255], (0, 1, 2), 255, None])
        if filled and some(rng, 0.5):
            keywords["fill_mode"] = rng.choice(["reflect", "wrap", "constant", "nearest", "mirror"])
        if filled and some(rng, 0.4):
            keywords["interpolation"] = rng.choice(["nearest", "bilinear", "bicubic"])
        if some(rng, 0.12):
            keywords["strength"] = 1
        return called(_pictures(rng), **chosen(rng, 0.2, data_format=rng.choice([*FORMATS, "x"])), **keywords)

    return draw


layers("AutoContrast", "Equalization")(_augmented(ranged=True))
layers("ContrastLimitedAdaptiveHistogramEqualization", "MixUp", "RandomFlip")(_augmented())
layers("AugMix", "CutMix", "RandAugment", "RandomErasing", "RandomInvert")(_augmented("factor"))
layers("RandomBrightness", "RandomColorDegeneration", "RandomSaturation", "RandomSharpness")(
    _augmented("factor", needs=True, ranged=True)
)
layers("RandomContrast", "RandomHue")(_augmented("factor", needs=True))
layers("RandomColorJitter")(_augmented("brightness_factor", "hue_factor"))
layers("RandomElasticTransform")(_augmented("factor", "scale", filled=True))
layers("RandomGaussianBlur")(_augmented("factor", "sigma"))
layers("RandomRotation")(_augmented("factor", needs=True, filled=True))
layers("RandomShear")(_augmented("x_factor", "y_factor", filled=True))
layers("RandomTranslation")(_augmented("height_factor", "width_factor", needs=True, filled=True))
layers("RandomZoom")(_augmented("height_factor", needs=True, filled=True))
layers("Solarization")(_augmented("addition_factor", "threshold_factor", ranged=True))


@layers("RandomGrayscale", "RandomPerspective")
def _grey(rng: Random) -> Case:
    factor = rng.choice([0.0, 0.5, 1, 1.5, -0.1])
    return called(_pictures(rng), **chosen(rng, 0.8, factor=factor))


@layers("RandomPosterization")
def _posterised(rng: Random) -> Case:
    return called(_pictures(rng), rng.choice([1, 4, 8, (2, 6), 0.5, 9, -1]))


@layers("MaxNumBoundingBoxes")
def _boxes(rng: Random) -> Case:
    return called(_pictures(rng), 3, **({"most": 2} if some(rng, 0.3) else {}))


@layers("Resizing", "CenterCrop", "RandomCrop")
def _resized(rng: Random) -> Case:
    keywords = chosen(rng, data_format=rng.choice([*FORMATS, "last"]))
    if some(rng, 0.15):
        keywords["size"] = 3
    args = (rng.randint(1, 9), rng.randint(1, 9)) if some(rng, 0.9) else (3,)
    return called(_pictures(rng), *args, **keywords)


# -- categories and text -------------------------------------------------------------------------------------


def _numbers(rng: Random) -> K:
    shape = (batch(rng), *(rng.choice([1, 2, 3]) for _ in range(rng.randint(0, 2))))
    return K(shape, "int32")


def _mode(rng: Random, *more: str) -> str:
    return rng.choice(["one_hot", "multi_hot", "count", *more, "hot"])


@layers("CategoryEncoding")
def _categories(rng: Random) -> Case:
    keywords = chosen(rng, 0.8, num_tokens=rng.choice([1, 4, 9, 9, 0, -2]), output_mode=_mode(rng))
    return called(_numbers(rng), **keywords)


@layers("Discretization")
def _bins(rng: Random) -> Case:
    keywords = chosen(rng, 0.7, output_mode=_mode(rng, "int", "int"), sparse=some(rng, 0.1))
    keywords["bin_boundaries"] = [0.0, 1.0, 2.5]
    if some(rng, 0.2):
        keywords["num_bins"] = 3
    return called(K((batch(rng), rng.randint(1, 3))), **keywords)


@layers("Hashing")
def _hashed(rng: Random) -> Case:
    keywords = chosen(rng, 0.5, output_mode=_mode(rng, "int"), salt=rng.choice([3, (1, 2), "x", (1,)]))
    return called(_numbers(rng), rng.choice([1, 4, 9, 9, 0, None]), **keywords)


@layers("HashedCrossing")
def _crossed(rng: Random) -> Case:
    x = K((batch(rng), 1), "int32")
    given: object = [x, x] if some(rng, 0.85) else [x]
    return called(
        given, rng.randint(1, 9), **chosen(rng, output_mode=rng.choice(["int", "one_hot", "count"]))
    )


def _lookup(rng: Random, words: list[object]) -> dict[str, object]:
    keywords = chosen(
        rng,
        0.3,
        output_mode=_mode(rng, "int", "int"),
        num_oov_indices=rng.choice([0, 1, 2, -1]),
        max_tokens=rng.choice([9, 20, 1]),
        pad_to_max_tokens=some(rng),
        invert=some(rng),
    )
    keywords["vocabulary"] = words
    return keywords


@layers("StringLookup")
def _strings(rng: Random) -> Case:
    x = K(_numbers(rng).shape, "string")
    return called(x, **_lookup(rng, ["a", "b", "c"]))


@layers("IntegerLookup")
def _integers(rng: Random) -> Case:
    return called(K(_numbers(rng).shape, "int64"), **_lookup(rng, [10, 20, 30]))


@layers("TextVectorization")
def _texts(rng: Random) -> Case:
    keywords = chosen(
        rng,
        0.4,
        output_mode=_mode(rng, "int", "int", "int"),
        output_sequence_length=rng.choice([4, 8, 2.5]),
        standardize=rng.choice(["lower", None, "upper"]),
        split=rng.choice(["whitespace", "character", "lines"]),
        max_tokens=20,
    )
    keywords["vocabulary"] = ["a", "b", "c"]
    return called(K((batch(rng),), "string"), **keywords)


# -- sound ---------------------------------------------------------------------------------------------------


@layers("STFTSpectrogram")
def _frames(rng: Random) -> Case:
    keywords = chosen(
        rng,
        0.4,
        mode=rng.choice(["log", "magnitude", "psd", "real", "imag", "angle", "stft", "power"]),
        frame_length=rng.choice([8, 10, 16]),
        frame_step=rng.choice([2, 4, 12]),
        fft_length=rng.choice([16, 32, 8]),
        padding=rng.choice(["same", "valid", "full"]),
        expand_dims=some(rng),
        data_format=rng.choice(FORMATS),
        scaling=rng.choice([None, "spectrum", "loud"]),
    )
    keywords.setdefault("frame_length", 8)
    first = keywords.get("data_format") == "channels_first"
    time = rng.choice([4, 20, 33, None])
    return called(K((batch(rng), 2, time) if first else (batch(rng), time, 2)), **keywords)


@layers("MelSpectrogram")
def _mel(rng: Random) -> Case:
    keywords = chosen(
        rng,
        0.5,
        num_mel_bins=rng.choice([4, 8]),
        fft_length=256,
        sequence_stride=rng.choice([64, 100]),
        sequence_length=rng.choice([128, 256, 4096, None]),
    )
    if some(rng, 0.15):
        keywords["bins"] = 3
    return called(K((batch(rng), rng.choice([1000, 512, None]))), **keywords)
