"""Functions that call back: `torch.utils.checkpoint`, `torch.autograd.Function`, `torch.autograd` itself.

Law: checkpointing changes when activations are computed, never what they are; `apply` runs `forward` with a
context.
"""

from __future__ import annotations

from typing import cast

from convlint.libs.op import Op
from convlint.libs.registry import alias, function, klass, method
from convlint.libs.torch.tracing import constantly, declare
from convlint.values import Class, ClassMethod, Instance, Native, NotModelled, Value

CHECKPOINT = "torch.utils.checkpoint"
_OPTIONS = ("use_reentrant", "preserve_rng_state", "context_fn", "determinism_check", "debug", "early_stop")


@function(f"{CHECKPOINT}.checkpoint", signature="function, *args, **kwargs")
def checkpoint(op: Op) -> Value:
    """`function(*args, **kwargs)` without checkpointing's own options."""
    args, kwargs = cast(tuple[Value, ...], op["args"]), cast(dict[str, Value], op["kwargs"])
    return op.caller.call(op["function"], args, {k: v for k, v in kwargs.items() if k not in _OPTIONS})


@function(
    f"{CHECKPOINT}.checkpoint_sequential",
    signature="functions, segments, input, use_reentrant=None, **kwargs",
)
def checkpoint_sequential(op: Op) -> Value:
    """The functions one after the other, whatever the number of segments."""
    functions = op["functions"]
    if isinstance(functions, Instance) and functions.cls.derives("torch.nn.Sequential"):
        functions = op.call(op.caller.getattr(functions, "children"))
    x = op["input"]
    for each in list(op.caller.iterate(functions)):
        x = op.call(each, x)
    return x


declare("set_checkpoint_early_stop set_checkpoint_debug_enabled", CHECKPOINT, constantly(None))

# -- torch.autograd ------------------------------------------------------------------------------------------

FUNCTION = klass("torch.autograd.Function")
CONTEXT = klass("torch.autograd.function.FunctionCtx")
alias("torch.autograd.function.Function", "torch.autograd.Function")
alias("torch.autograd.function.InplaceFunction", "torch.autograd.Function")
for _name in (
    "save_for_backward",
    "save_for_forward",
    "mark_dirty",
    "mark_non_differentiable",
    "set_materialize_grads",
):

    @method("torch.autograd.function.FunctionCtx", _name, "self, *args")
    def remember(op: Op) -> Value:
        """What is saved can be read back."""
        assert op.self is not None
        if op.name.endswith("save_for_backward"):
            op.self.attrs["saved_tensors"] = op["args"]
        return None


@method("torch.autograd.Function", "apply", "cls, *args, **kwargs")
def apply(op: Op) -> Value:
    """`forward(ctx, *args)`, or `forward(*args)` where the class has `setup_context`."""
    cls, args = op["cls"], cast(tuple[Value, ...], op["args"])
    if not isinstance(cls, Class):
        raise NotModelled("apply of a function class that is not known")
    forward = op.caller.getattr(cls, "forward")
    if cls.has("setup_context"):
        return op.caller.call(forward, args)
    context = Instance(CONTEXT, op.caller.site)
    context.attrs |= {"needs_input_grad": (True,) * len(args), "saved_tensors": ()}
    return op.caller.call(forward, (context, *args))


_apply = FUNCTION.namespace["apply"]
assert isinstance(_apply, Native)
FUNCTION.namespace["apply"] = ClassMethod(_apply)
function("torch.autograd.Variable", signature="data=None, requires_grad=False, volatile=None")(
    lambda op: op["data"]
)
function("torch.autograd.function.once_differentiable", signature="fn")(lambda op: op["fn"])
declare("backward", "torch.autograd", constantly(None))
declare("grad gradcheck", "torch.autograd", lambda op: op.unknown("gradients are not followed"))
alias("torch.autograd.variable", "torch.autograd")
