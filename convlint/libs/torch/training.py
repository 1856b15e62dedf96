"""What trains a model: optimizers, schedulers, gradient scaling, data sets and loaders, files.

Law: none of it changes a shape; what it holds is not followed, except the lengths and items of tensor data
sets.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from convlint.dims import Dim, ceildiv, floordiv
from convlint.libs.op import Op
from convlint.libs.registry import alias, function, klass, method
from convlint.libs.torch.tracing import constantly, declare
from convlint.values import Instance, NotModelled, Stream, Tensor, Value

# -- optimizers and schedulers -------------------------------------------------------------------------------


def _opaque(cls: str, names: str, result: Value = None) -> None:
    for name in names.split():
        method(cls, name, "self, *args, **kwargs")(constantly(result))


def _unknown(cls: str, names: str, reason: str) -> None:
    for name in names.split():
        method(cls, name, "self, *args, **kwargs")(lambda op: op.unknown(reason))


OPTIMIZER, SCHEDULER, SCALER = (
    "torch.optim.Optimizer",
    "torch.optim.lr_scheduler.LRScheduler",
    "torch.amp.GradScaler",
)
klass(OPTIMIZER)


@method(OPTIMIZER, "__init__", "self, *args, **kwargs")
def optimizer(op: Op) -> Value:
    """Reads the parameters, as torch does: a generator is used up."""
    assert op.self is not None
    op.self.attrs["param_groups"] = op.unknown("what an optimizer holds is not followed")
    op.self.attrs["state"] = op.unknown("what an optimizer holds is not followed")
    op.self.attrs["defaults"] = op.unknown("what an optimizer holds is not followed")
    return None


@method(OPTIMIZER, "step", "self, closure=None")
def step(op: Op) -> Value:
    """Calls the closure, where there is one, and gives its loss."""
    return None if op["closure"] is None else op.call(op["closure"])


_opaque(OPTIMIZER, "zero_grad load_state_dict add_param_group register_step_pre_hook register_step_post_hook")
_unknown(OPTIMIZER, "state_dict", "what an optimizer holds is not followed")
_OPTIMIZERS = (
    "ASGD Adadelta Adafactor Adagrad Adam AdamW Adamax LBFGS Muon NAdam RAdam RMSprop Rprop SGD SparseAdam"
)
for _name in _OPTIMIZERS.split():
    klass(f"torch.optim.{_name}", OPTIMIZER)
    alias(f"torch.optim.{_name.lower()}.{_name}", f"torch.optim.{_name}")
alias("torch.optim.optimizer.Optimizer", OPTIMIZER)

klass(SCHEDULER)
_opaque(SCHEDULER, "__init__ step load_state_dict print_lr")
_unknown(SCHEDULER, "get_lr get_last_lr state_dict", "learning rates are not followed")
_SCHEDULERS = (
    "ChainedScheduler ConstantLR CosineAnnealingLR CosineAnnealingWarmRestarts CyclicLR ExponentialLR "
    "LambdaLR "
    "LinearLR MultiStepLR MultiplicativeLR OneCycleLR PolynomialLR ReduceLROnPlateau SequentialLR StepLR"
)
for _name in _SCHEDULERS.split():
    klass(f"torch.optim.lr_scheduler.{_name}", SCHEDULER)
alias("torch.optim.lr_scheduler._LRScheduler", SCHEDULER)

klass(SCALER)
_opaque(SCALER, "__init__ step update unscale_ load_state_dict")
method(SCALER, "scale", "self, outputs")(lambda op: op["outputs"])
_unknown(SCALER, "get_scale state_dict", "the scale of gradients is not followed")
method(SCALER, "is_enabled", "self")(constantly(False))
alias("torch.cuda.amp.GradScaler", SCALER)
alias("torch.cuda.amp.grad_scaler.GradScaler", SCALER)
klass("torch.optim.swa_utils.SWALR", SCHEDULER)

WRITER = klass("torch.utils.tensorboard.SummaryWriter").qualname
_opaque(
    WRITER,
    "__init__ add_audio add_custom_scalars add_embedding add_figure add_graph add_histogram add_hparams "
    "add_image "
    "add_images add_mesh add_pr_curve add_scalar add_scalars add_text add_video close flush __exit__",
)
method(WRITER, "__enter__", "self")(lambda op: op.self)
alias("torch.utils.tensorboard.writer", "torch.utils.tensorboard")
alias("torch.GradScaler", SCALER)

# -- files ---------------------------------------------------------------------------------------------------

for _name in ("load", "hub.load", "hub.load_state_dict_from_url", "utils.model_zoo.load_url", "export.load"):
    function(f"torch.{_name}", signature="*args, **kwargs")(
        lambda op: op.unknown("what a file holds is not known")
    )
declare("save", "torch", constantly(None))
declare("set_dir download_url_to_file", "torch.hub", constantly(None))
declare(
    "get_dir _get_torch_home list help",
    "torch.hub",
    lambda op: op.unknown("the machine's folders are not known"),
)
declare("load_library", "torch.ops", constantly(None))

# -- data ----------------------------------------------------------------------------------------------------

DATA = "torch.utils.data"
DATASET = klass(f"{DATA}.Dataset").qualname
klass(f"{DATA}.IterableDataset", DATASET)
for _name in ("TensorDataset", "ConcatDataset", "StackDataset"):
    klass(f"{DATA}.{_name}", DATASET)
klass(f"{DATA}.ChainDataset", f"{DATA}.IterableDataset")
SUBSET = klass(f"{DATA}.Subset", DATASET)
SAMPLER = klass(f"{DATA}.Sampler").qualname
_opaque(SAMPLER, "__init__ set_epoch")
for _name in ("Batch", "Random", "Sequential", "SubsetRandom", "WeightedRandom", "Distributed"):
    klass(f"{DATA}.{_name}Sampler", SAMPLER)
alias(f"{DATA}.dataset", DATA)
alias(f"{DATA}.sampler", DATA)
alias(f"{DATA}.dataloader", DATA)
alias(f"{DATA}.distributed", DATA)


@method(f"{DATA}.TensorDataset", "__init__", "self, *tensors")
def tensor_dataset(op: Op) -> Value:
    """Tensors of one length."""
    assert op.self is not None
    tensors = cast(tuple[Value, ...], op["tensors"])
    lengths = [t.shape[0] for t in tensors if isinstance(t, Tensor) and t.shape]
    if len({n for n in lengths if isinstance(n, int)}) > 1:
        raise op.caller.error("AssertionError", "Size mismatch between tensors")
    op.self.attrs["tensors"] = tensors
    return None


def _tensors(op: Op) -> tuple[Value, ...]:
    assert op.self is not None
    found = op.self.attrs.get("tensors")
    if not isinstance(found, tuple) or not found:
        raise NotModelled("the tensors of the data set are not known")
    return found


@method(f"{DATA}.TensorDataset", "__getitem__", "self, index")
def item(op: Op) -> Value:
    """One row of each tensor."""
    return tuple(op.caller.item(tensor, op["index"]) for tensor in _tensors(op))


@method(f"{DATA}.TensorDataset", "__len__", "self")
def length(op: Op) -> Value:
    """The rows of the tensors."""
    return op.caller.length(_tensors(op)[0])


@method(f"{DATA}.Subset", "__init__", "self, dataset, indices")
def subset(op: Op) -> Value:
    """Some items of a data set."""
    assert op.self is not None
    op.self.attrs |= {"dataset": op["dataset"], "indices": op["indices"]}
    return None


@method(f"{DATA}.Subset", "__getitem__", "self, idx")
def subset_item(op: Op) -> Value:
    """The item that the index stands for."""
    assert op.self is not None
    return op.caller.item(op.self.attrs["dataset"], op.caller.item(op.self.attrs["indices"], op["idx"]))


@method(f"{DATA}.Subset", "__len__", "self")
def subset_length(op: Op) -> Value:
    """How many indices there are."""
    assert op.self is not None
    return op.caller.length(op.self.attrs["indices"])


LOADER = klass(f"{DATA}.DataLoader").qualname


@method(
    LOADER,
    "__init__",
    "self, dataset, batch_size=1, shuffle=None, sampler=None, batch_sampler=None, num_workers=0, "
    "collate_fn=None, "
    "pin_memory=False, drop_last=False, timeout=0, worker_init_fn=None, multiprocessing_context=None, "
    "generator=None, *, prefetch_factor=None, persistent_workers=False, pin_memory_device='', in_order=True",
)
def loader(op: Op) -> Value:
    """Keeps its arguments."""
    assert op.self is not None
    op.self.attrs.update((k, v) for k, v in op.args.items() if k != "self")
    op.caller.record_batch(op["batch_size"], "batch_size")
    return None


@method(LOADER, "__len__", "self")
def batches(op: Op) -> Value:
    """The number of batches, where that of the items is known."""
    assert op.self is not None
    attrs = op.self.attrs
    if attrs["batch_sampler"] is not None or attrs["sampler"] is not None:
        return op.unknown("how a sampler picks items is not followed")
    items = op.as_dim(op.caller.length(attrs["dataset"]), "dataset")
    size: Dim = op.as_dim(attrs["batch_size"], "batch_size")
    return floordiv(items, size) if op.caller.truth(attrs["drop_last"]) else ceildiv(items, size)


@method(LOADER, "__iter__", "self")
def iterate(op: Op) -> Value:
    """The first batch of a tensor data set, rows of unknown content; how many follow is not known."""
    assert op.self is not None
    attrs = op.self.attrs
    _draws(op, attrs["dataset"])
    picked = [attrs[name] for name in ("collate_fn", "batch_sampler") if attrs[name] is not None]
    size = attrs["batch_size"]
    if picked or type(size) is not int or size < 1:
        raise NotModelled("the batches of a loader are not known")
    tensors = _rows_of(attrs["dataset"])
    length = tensors[0].shape[0] if tensors[0].shape else None
    if not isinstance(length, int) or length < size:
        raise NotModelled("the batches of a loader are not known")
    return Stream(_batches([t.like((size, *(t.shape or ())[1:])) for t in tensors]))


def _draws(op: Op, dataset: Value) -> None:
    """A data set of the program's own may fill its containers while items are drawn from it."""
    if isinstance(dataset, Instance) and dataset.cls.node is not None:
        why = op.unknown("what drawing items leaves in a data set is not known")
        for value in dataset.attrs.values():
            if isinstance(value, (list, dict, set)):
                op.caller.taint(value, why)


def _rows_of(dataset: Value) -> list[Tensor]:
    """The tensors whose rows a data set gives. Raises NotModelled for any other data set."""
    found = dataset.attrs.get("tensors") if isinstance(dataset, Instance) else None
    plain = isinstance(dataset, Instance) and dataset.cls.qualname == f"{DATA}.TensorDataset"
    if not plain or not isinstance(found, tuple) or not found:
        raise NotModelled("the batches of a loader are not known")
    tensors = [t for t in found if isinstance(t, Tensor) and t.shape]
    if len(tensors) < len(found):
        raise NotModelled("the batches of a loader are not known")
    return tensors


def _batches(tensors: list[Tensor]) -> Iterator[Value]:
    yield list[Value](tensors)
    raise NotModelled("how often a loop over a loader runs is not known")


@function(f"{DATA}.random_split", signature="dataset, lengths, generator=None")
def random_split(op: Op) -> Value:
    """A subset for each length; which items it has is not known."""
    parts: list[Value] = []
    for _ in op.caller.iterate(op["lengths"]):
        part = Instance(SUBSET, op.caller.site)
        part.attrs |= {
            "dataset": op["dataset"],
            "indices": op.unknown("which items a split has is not known"),
        }
        parts.append(part)
    return parts


declare("get_worker_info", DATA, constantly(None))
declare("default_collate", DATA, lambda op: op.unknown("batches are not followed"))
