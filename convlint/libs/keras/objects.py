"""Initialisers, regularisers, losses, optimisers, callbacks: objects that a shape does not depend on.

Each name is known and makes an object; what the object computes is not followed, except that a loss or metric
gives something unknown when it is called.
"""

from __future__ import annotations

from convlint.libs.keras.setting import DATA_FORMAT
from convlint.libs.op import Op
from convlint.libs.registry import alias, constant, declare_entry, function, klass, method
from convlint.shapes.fault import Fault, Kind
from convlint.values import Caller, Instance, Native, NotModelled, Value

_CLASSES = {
    "initializers": "Constant GlorotNormal GlorotUniform HeNormal HeUniform Identity Initializer LecunNormal "
    "LecunUniform Ones Orthogonal RandomNormal RandomUniform STFT TruncatedNormal VarianceScaling Zeros",
    "regularizers": "L1 L1L2 L2 OrthogonalRegularizer Regularizer",
    "constraints": "Constraint MaxNorm MinMaxNorm NonNeg UnitNorm",
    "optimizers": "Adadelta Adafactor Adagrad Adam AdamW Adamax Ftrl Lamb Lion LossScaleOptimizer Muon Nadam "
    "Optimizer RMSprop SGD",
    "optimizers.schedules": "CosineDecay CosineDecayRestarts ExponentialDecay InverseTimeDecay "
    "LearningRateSchedule "
    "PiecewiseConstantDecay PolynomialDecay",
    "losses": "BinaryCrossentropy BinaryFocalCrossentropy CTC CategoricalCrossentropy "
    "CategoricalFocalCrossentropy CategoricalHinge Circle CosineSimilarity Dice Hinge Huber KLDivergence "
    "LogCosh "
    "Loss MeanAbsoluteError MeanAbsolutePercentageError MeanSquaredError MeanSquaredLogarithmicError Poisson "
    "SparseCategoricalCrossentropy SquaredHinge Tversky",
    "metrics": "AUC Accuracy BinaryAccuracy BinaryCrossentropy BinaryIoU CategoricalAccuracy "
    "CategoricalCrossentropy CosineSimilarity F1Score FalseNegatives FalsePositives IoU Mean "
    "MeanAbsoluteError "
    "MeanIoU MeanSquaredError Metric OneHotIoU OneHotMeanIoU Precision Recall RootMeanSquaredError "
    "SparseCategoricalAccuracy SparseCategoricalCrossentropy SparseTopKCategoricalAccuracy Sum "
    "TopKCategoricalAccuracy TrueNegatives TruePositives",
    "random": "SeedGenerator",
    "dtype_policies": "DTypePolicy FloatDTypePolicy QuantizedDTypePolicy",
    "callbacks": "BackupAndRestore CSVLogger Callback EarlyStopping History LambdaCallback "
    "LearningRateScheduler "
    "ModelCheckpoint ProgbarLogger ReduceLROnPlateau RemoteMonitor TensorBoard TerminateOnNaN",
}
_FUNCTIONS = {
    "initializers": "constant glorot_normal glorot_uniform he_normal he_uniform identity lecun_normal "
    "lecun_uniform ones orthogonal random_normal random_uniform truncated_normal variance_scaling zeros get",
    "regularizers": "l1 l1_l2 l2 orthogonal_regularizer get",
    "constraints": "max_norm min_max_norm non_neg unit_norm maxnorm get",
    "optimizers": "get deserialize",
}


def _made(name: str) -> None:
    """A class whose instances take anything and tell nothing."""
    klass(name, "builtins.object")

    @method(name, "__init__", "self, *args, **kwargs")
    def init(op: Op) -> None:
        given = op["kwargs"]
        if op.self is not None and isinstance(given, dict):
            op.self.arguments = {str(key): value for key, value in given.items()}
        if name.startswith("keras.optimizers.") and isinstance(given, dict) and "lr" in given:
            rate = given["lr"]
            shown = rate if isinstance(rate, (int, float)) else "..."
            words = f"Argument(s) not recognized: {{'lr': {shown}}}"
            fault = Fault(Kind.ARGUMENT, arguments=("lr",), detail=words, version="Keras 2")
            op.caller.fault(fault, lambda _: f"ValueError: {words}")

    @method(name, "__call__", "self, *args, **kwargs")
    def call(op: Op) -> Value:
        return op.unknown(f"what {name} computes is not followed")

    @method(name, "__getattr__", "self, name")
    def attribute(op: Op) -> Value:
        return op.unknown(f"the state of {name} is not followed")


for _module, _names in _CLASSES.items():
    for _name in _names.split():
        _made(f"keras.{_module}.{_name}")
_OBJECT = klass("keras.src.Object", "builtins.object")


def _object(name: str) -> Native:
    def run(caller: Caller, args: tuple[Value, ...], kwargs: dict[str, Value]) -> Value:
        return Instance(_OBJECT, caller.site)

    return Native(name, run)


for _module, _names in _FUNCTIONS.items():
    for _name in _names.split():
        declare_entry(f"keras.{_module}.{_name}", _object(f"keras.{_module}.{_name}"))
for _name in ["Adadelta", "Adagrad", "Adam", "Adamax", "Ftrl", "Nadam", "RMSprop", "SGD"]:
    alias(f"keras.optimizers.legacy.{_name}", f"keras.optimizers.{_name}")
    alias(f"keras.optimizers.{_name.lower()}", f"keras.optimizers.{_name}")

# -- losses as functions -------------------------------------------------------------------------------------

_LOSSES = (
    *("categorical_crossentropy", "sparse_categorical_crossentropy", "binary_crossentropy", "kl_divergence"),
    *("mean_squared_error", "mean_absolute_error", "mean_squared_logarithmic_error", "hinge", "huber"),
    *("mean_absolute_percentage_error", "cosine_similarity", "poisson", "log_cosh", "squared_hinge"),
)


def _loss(name: str) -> None:
    @function(f"keras.losses.{name}", signature="y_true, y_pred, *args, **kwargs")
    def compared(op: Op) -> Value:
        return op.unknown(f"what {name}() gives is not modelled")


for _name in _LOSSES:
    _loss(_name)

# -- settings ------------------------------------------------------------------------------------------------


@function(
    "keras.backend.image_data_format",
    "keras.config.image_data_format",
    "keras.backend.common.image_data_format",
    signature="",
)
def image_data_format(op: Op) -> Value:
    return op.caller.state.get(DATA_FORMAT, "channels_last")


@function(
    "keras.backend.set_image_data_format", "keras.config.set_image_data_format", signature="data_format"
)
def set_image_data_format(op: Op) -> None:
    op.caller.state[DATA_FORMAT] = op.text("data_format")


_ORDERINGS = {"th": "channels_first", "tf": "channels_last"}
"""What Keras 1 and 2 called them, after Theano and TensorFlow."""


@function("keras.backend.image_dim_ordering", signature="")
def image_dim_ordering(op: Op) -> Value:
    now = op.caller.state.get(DATA_FORMAT, "channels_last")
    return "th" if now == "channels_first" else "tf"


@function("keras.backend.set_image_dim_ordering", signature="dim_ordering")
def set_image_dim_ordering(op: Op) -> None:
    name = op.text("dim_ordering")
    if name not in _ORDERINGS:
        raise NotModelled(f"an order of axes called {name!r} is not modelled")
    op.caller.state[DATA_FORMAT] = _ORDERINGS[name]


@function("keras.backend.backend", "keras.config.backend", signature="")
def backend(op: Op) -> Value:
    return "tensorflow"


@function("keras.backend.floatx", "keras.config.floatx", signature="")
def floatx(op: Op) -> Value:
    return "float32"


@function("keras.backend.is_keras_tensor", "keras.utils.is_keras_tensor", signature="x")
def is_keras_tensor(op: Op) -> Value:
    from convlint.values import Tensor

    return isinstance(op["x"], Tensor)


for _name in ("keras_export", "api_export.keras_export"):

    def _export(caller: Caller, args: tuple[Value, ...], kwargs: dict[str, Value]) -> Value:
        """A decorator that leaves what it decorates as it is."""
        return Native("keras_export", lambda c, a, k: a[0])

    declare_entry(f"keras.{_name}", Native("keras_export", _export))
for _name in ("register_keras_serializable", "saving.register_keras_serializable"):
    declare_entry(
        f"keras.{_name if '.' in _name else 'utils.' + _name}", Native("register_keras_serializable", _export)
    )


@function("keras.backend.name_scope", "keras.name_scope", "tensorflow.name_scope", signature="name, **kwargs")
def name_scope(op: Op) -> Value:
    return Instance(_SCOPE, op.caller.site)


_SCOPE = klass("keras.src.NameScope", "builtins.object")


@method("keras.src.NameScope", "__enter__", "self")
def enter(op: Op) -> Value:
    return op.self


@method("keras.src.NameScope", "__exit__", "self, *args")
def leave(op: Op) -> Value:
    return None


@function("keras.ops.operation_utils.get_source_inputs", "keras.utils.get_source_inputs", signature="tensor")
def source_inputs(op: Op) -> Value:
    return op.unknown("the sources of a tensor are not followed")


@function("keras.utils.file_utils.exists", "keras.utils.exists", signature="path")
def exists(op: Op) -> Value:
    return op.unknown("whether a file is there is not known")


@function("keras.utils.file_utils.get_file", "keras.utils.get_file", signature="*args, **kwargs")
def get_file(op: Op) -> Value:
    return op.unknown("a downloaded file is not known")


@function(
    "keras.mixed_precision.set_global_policy",
    "keras.mixed_precision.set_dtype_policy",
    "keras.config.set_dtype_policy",
    signature="policy",
)
def set_policy(op: Op) -> None:
    """Which numbers the layers compute with changes no shape."""


alias("keras.mixed_precision.Policy", "keras.dtype_policies.DTypePolicy")
alias("keras.mixed_precision.DTypePolicy", "keras.dtype_policies.DTypePolicy")
constant("keras.__version__", "3.15.1")
