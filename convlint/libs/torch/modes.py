"""Modes that a program switches on for a while: gradients, inference, autocast, profiling, anomaly detection.

Law: each is a context manager and a decorator that gives the function back unchanged; only whether gradients
are enabled is remembered.
"""

from __future__ import annotations

from convlint.libs.op import Op
from convlint.libs.registry import alias, function, klass, method
from convlint.values import BoundMethod, Class, Function, Instance, Native, Value

GRAD = "torch.grad_enabled"


def mode(name: str, signature: str = "*args, **kwargs", grad: bool | None = None) -> None:
    """Declare a context manager and decorator; `grad` is what it does to gradients, None: nothing."""
    cls = klass(name)

    @method(name, "__new__", f"cls, {signature}")
    def new(op: Op) -> Value:
        """`@mode` without parentheses decorates at once."""
        given = op.args.get("orig_func", op.args.get("mode"))
        if isinstance(given, (Function, BoundMethod, Native)):
            return given
        own = op["cls"]
        made = Instance(own if isinstance(own, Class) else cls, op.caller.site)
        made.attrs["wanted"] = grad
        return made

    @method(name, "__enter__", "self")
    def enter(op: Op) -> Value:
        assert op.self is not None
        if grad is not None:
            op.self.attrs["before"] = op.caller.state.get(GRAD, True)
            op.caller.state[GRAD] = op.self.attrs["wanted"]
        return op.self

    @method(name, "__exit__", "self, *args")
    def leave(op: Op) -> Value:
        assert op.self is not None
        if grad is not None:
            op.caller.state[GRAD] = op.self.attrs.get("before", True)
        return None

    method(name, "__call__", "self, func")(_decorated)
    method(name, "clone", "self")(lambda op: op.self)


def _decorated(op: Op) -> Value:
    return op["func"]


mode("torch.no_grad", "orig_func=None", False)
mode("torch.enable_grad", "orig_func=None", True)
mode("torch.inference_mode", "mode=True", False)
mode("torch.set_grad_enabled", "mode", True)
for _name in (
    "torch.autocast",
    "torch.autograd.profiler.profile",
    "torch.autograd.profiler.record_function",
    "torch.autograd.detect_anomaly",
    "torch.autograd.set_detect_anomaly",
    "torch.autograd.graph.save_on_cpu",
    "torch.autograd.graph.saved_tensors_hooks",
    "torch.profiler.profile",
    "torch.profiler.record_function",
    "torch.nn.attention.sdpa_kernel",
    "torch.backends.cuda.sdp_kernel",
    "torch.backends.cudnn.flags",
    "torch.random.fork_rng",
    "torch.cuda.device",
    "torch.cuda.stream",
    "torch.cuda.nvtx.range",
    "torch._C.DisableTorchFunctionSubclass",
    "torch._C.DisableTorchFunction",
    "torch._C._ExcludeDispatchKeyGuard",
    "torch.jit.strict_fusion",
    "torch.jit.optimized_execution",
):
    mode(_name)
for _name in (
    "torch.cuda.amp.autocast",
    "torch.amp.autocast",
    "torch.cpu.amp.autocast",
    "torch.amp.autocast_mode.autocast",
):
    alias(_name, "torch.autocast")
alias("torch.autograd.no_grad", "torch.no_grad")
alias("torch.autograd.enable_grad", "torch.enable_grad")
alias("torch.autograd.inference_mode", "torch.inference_mode")
alias("torch.autograd.set_grad_enabled", "torch.set_grad_enabled")
alias("torch.autograd.grad_mode", "torch")


@method("torch.set_grad_enabled", "__init__", "self, mode")
def set_grad_enabled(op: Op) -> Value:
    """Takes effect at once, and as a context manager until its end."""
    assert op.self is not None
    op.self.attrs |= {"before": op.caller.state.get(GRAD, True), "wanted": op["mode"]}
    op.caller.state[GRAD] = op["mode"]
    return None


@method("torch.set_grad_enabled", "__enter__", "self")
def keep(op: Op) -> Value:
    """The mode is on already."""
    return op.self


@method("torch.inference_mode", "__init__", "self, mode=True")
def inference_mode(op: Op) -> Value:
    """`inference_mode(False)` leaves gradients on."""
    assert op.self is not None
    off = op["mode"] is False
    op.self.attrs["wanted"] = op.caller.state.get(GRAD, True) if off else False
    return None


@function("torch.is_grad_enabled", signature="")
def is_grad_enabled(op: Op) -> Value:
    """Whether operations are recorded for gradients."""
    return op.caller.state.get(GRAD, True)
