"""What compiles, traces or exports a model: decorators give their function back, questions are answered "no".

Law: the analysed program runs in plain Python, neither scripted nor traced nor compiled.
"""

from __future__ import annotations

from convlint.libs.op import Op
from convlint.libs.protocol import MISSING
from convlint.libs.registry import Body, alias, constant, function, klass, method, native
from convlint.libs.torch.module import is_module
from convlint.shapes.fault import Fault, Kind, Requirement
from convlint.values import Condition, Instance, Tensor, Unknown, Value


def _first(op: Op) -> Value:
    """The first argument as it is."""
    values = next(iter(op.args.values()), None)
    return values[0] if isinstance(values, tuple) and values else None


_identity = native("identity", "function", lambda op: op["function"])


def _decorator(op: Op) -> Value:
    """`@name` gives the function back, `@name(…)` a decorator that does."""
    given = op["args"]
    found = given[0] if isinstance(given, tuple) and given else None
    options = (bool, int, float, str, tuple, list, dict, type(None))
    return _identity if isinstance(found, options) else found


def constantly(answer: Value) -> Body:
    """A function that always answers the same."""
    return lambda op: answer


def declare(names: str, module: str, body: Body, signature: str = "*args, **kwargs") -> None:
    """Declare each name of a space-separated list."""
    for name in names.split():
        function(f"{module}.{name}", signature=signature)(body)


# -- torch.jit -----------------------------------------------------------------------------------------------

_OFFERED = [
    "code",
    "code_with_constants",
    "define",
    "get_debug_state",
    "graph",
    "graph_for",
    "inlined_graph",
    "original_name",
    "save",
    "save_to_buffer",
    "add_submodule",
    "delete_all_unused_submodules",
    "delete_submodule",
    "meta",
    "print_readable",
    "recompile",
    "shape_env",
    "to_folder",
    "dynamo_ctx",
    "get_compiler_config",
]
"""What a scripted, traced or compiled module has besides (PyTorch 2.13)."""


def offering(op: Op, value: Value) -> Value:
    """The module itself stands for what is made of it; it has what that offers."""
    if is_module(value):
        assert isinstance(value, Instance)
        for name in _OFFERED:
            if op.caller.lookup(value, name, MISSING) is MISSING:
                value.attrs[name] = op.unknown(f"`{name}` of a compiled module is not modelled")
    return value


def _compiled(op: Op) -> Value:
    return offering(op, _first(op))


declare(
    "script trace_module freeze optimize_for_inference script_if_tracing _script_if_tracing",
    "torch.jit",
    _compiled,
)
declare("ignore unused export script_method interface _overload _overload_method", "torch.jit", _decorator)
declare("_drop copy_to_script_wrapper _copy_to_script_wrapper is_ignored_fn", "torch.jit", _first)
declare("is_scripting is_tracing", "torch.jit", constantly(False))
declare("save set_fusion_strategy enable_onednn_fusion onednn_fusion_enabled", "torch.jit", constantly(None))


def _run(op: Op, example: Value) -> None:
    """Call the model with an example input, as tracing and exporting do."""
    if isinstance(example, Tensor):
        example = (example,)
    if isinstance(example, (tuple, list)):
        op.call(next(iter(op.args.values())), *example)


@function("torch.jit.trace", signature="func, example_inputs=None, *args, **kwargs")
def trace(op: Op) -> Value:
    """The function itself, run once with the example."""
    _run(op, op["example_inputs"])
    return offering(op, op["func"])


@function("torch.onnx.export", signature="model, args=(), f=None, *rest, **kwargs")
def export(op: Op) -> Value:
    """Runs the model once with the example."""
    _run(op, op["args"])
    return None


function("torch.jit.annotate", signature="the_type, the_value")(lambda op: op["the_value"])
function("torch.jit.Attribute", signature="value, type")(lambda op: op["value"])
function("torch.jit.isinstance", signature="obj, target_type")(
    lambda op: op.unknown("torch.jit.isinstance is not modelled")
)
function("torch.jit.wait", signature="future")(lambda op: op["future"])
function("torch.jit.load", signature="f, *args, **kwargs")(
    lambda op: op.unknown("what a file holds is not known")
)


@function("torch.jit.fork", signature="func, *args, **kwargs")
def fork(op: Op) -> Value:
    """The call's result: nothing waits here."""
    args, kwargs = op["args"], op["kwargs"]
    assert isinstance(args, tuple) and isinstance(kwargs, dict)
    return op.caller.call(op["func"], args, kwargs)


for _name in ("ScriptModule", "RecursiveScriptModule", "TopLevelTracedModule"):
    klass(f"torch.jit.{_name}", "torch.nn.Module")
klass("torch.jit.ScriptFunction")
alias("torch.jit.Final", "typing.Final")
alias("torch._jit_internal", "torch.jit")
alias("torch.jit._trace", "torch.jit")
alias("torch.jit._script", "torch.jit")
declare("is_tracing is_scripting", "torch._C", constantly(False))

# -- torch.fx, torch.compile, torch.onnx ---------------------------------------------------------------------

declare("wrap symbolic_trace", "torch.fx", _compiled)
for _name in ("Tracer", "GraphModule", "Interpreter", "Transformer", "Graph", "Node", "Proxy"):
    klass(f"torch.fx.{_name}", *(("torch.nn.Module",) if _name == "GraphModule" else ()))
alias("torch.fx.graph_module", "torch.fx")
alias("torch.fx.proxy", "torch.fx")
alias("torch.fx._symbolic_trace", "torch.fx")


@function("torch.compile", signature="model=None, **kwargs")
def compile_(op: Op) -> Value:
    """The model itself; without one, a decorator."""
    return _identity if op["model"] is None else op["model"]


declare("disable allow_in_graph assume_constant_result", "torch.compiler", _decorator)
declare("is_compiling is_dynamo_compiling is_exporting", "torch.compiler", constantly(False))
declare("reset cudagraph_mark_step_begin set_stance", "torch.compiler", constantly(None))
declare("disable allow_in_graph run forbid_in_graph", "torch._dynamo", _decorator)
declare("is_compiling", "torch._dynamo", constantly(False))
declare("mark_dynamic mark_static reset", "torch._dynamo", constantly(None))
declare("is_compiling", "torch._dynamo.external_utils", constantly(False))
declare("is_compile_supported", "torch._dynamo.utils", constantly(False))
declare("is_in_onnx_export", "torch.onnx", constantly(False))
declare("register_custom_op_symbolic", "torch.onnx", constantly(None))
declare("is_in_onnx_export is_onnx_exporting", "torch.onnx.utils", constantly(False))
declare("is_vmap_enabled", "torch._C._functorch", constantly(False))

for _module in ("torch.amp", "torch.cuda.amp"):
    declare("custom_fwd custom_bwd", _module, _decorator)
declare(
    "custom_op triton_op register_fake impl_abstract register_kernel register_autograd register_vmap impl "
    "opcheck",
    "torch.library",
    _decorator,
)
klass("torch.library.Library")
for _name in ("__init__", "define", "fallback"):
    method("torch.library.Library", _name, "self, *args, **kwargs")(constantly(None))
method("torch.library.Library", "impl", "self, *args, **kwargs")(_decorator)


@function(
    "torch.func.functional_call",
    "torch.nn.utils.stateless.functional_call",
    signature="module, parameter_and_buffer_dicts, args=None, kwargs=None, *, tie_weights=True, strict=False",
)
def functional_call(op: Op) -> Value:
    """The module's call with other parameters, which have the shapes of its own."""
    args, kwargs = op["args"], op["kwargs"]
    given = tuple(args) if isinstance(args, (tuple, list)) else () if args is None else (args,)
    return op.caller.call(op["module"], given, kwargs if isinstance(kwargs, dict) else {})


# -- checks --------------------------------------------------------------------------------------------------


def demand(op: Op, condition: Value, error: str, message: Value) -> None:
    """What a program asserts: False raises, a question of sizes is assumed from here on."""
    if isinstance(condition, Unknown):
        return
    text = message if isinstance(message, str) else "Expected cond to be True, but got False"
    if not isinstance(condition, Condition):
        if not op.caller.truth(condition):
            raise op.caller.error(error, text)
        return
    question = condition.question
    match op.caller.holds(question):  # type: ignore[arg-type]
        case False:
            raise op.caller.error(error, text)
        case None:
            fault = Fault(Kind.OTHER, detail=text)
            op.caller.require(Requirement(question, fault), lambda _: f"{error}: {text}")  # type: ignore[arg-type]


@function("torch._assert", signature="condition, message")
def assert_(op: Op) -> Value:
    """`assert condition, message` as a function."""
    demand(op, op["condition"], "AssertionError", op["message"])
    return None


for _name, _error in {
    "_check": "RuntimeError",
    "_check_value": "ValueError",
    "_check_type": "TypeError",
    "_check_index": "IndexError",
    "_check_not_implemented": "NotImplementedError",
}.items():

    def _declare(name: str, error: str) -> None:
        @function(f"torch.{name}", signature="cond, message=None")
        def check(op: Op) -> Value:
            """The message is a function that makes it."""
            condition, message = op["cond"], op["message"]
            if condition is False and message is not None and not isinstance(message, str):
                message = op.call(message)
            demand(op, condition, error, message)
            return None

    _declare(_name, _error)
declare("_check_is_size", "torch", constantly(None))
declare(
    "_log_api_usage_once _log_api_usage_metadata _get_tracing_state _jit_set_profiling_mode",
    "torch._C",
    constantly(None),
)
declare("_jit_set_profiling_executor _is_tracing _is_any_autocast_enabled", "torch._C", constantly(False))
declare("is_autocast_enabled is_autocast_cpu_enabled is_inference_mode_enabled", "torch", constantly(False))
declare("is_autocast_cache_enabled", "torch", constantly(True))
declare(
    "has_torch_function has_torch_function_unary has_torch_function_variadic is_tensor_like",
    "torch.overrides",
    constantly(False),
)


@function("torch.overrides.handle_torch_function", signature="public_api, relevant_args, *args, **kwargs")
def handle(op: Op) -> Value:
    """Nothing overrides torch's functions here: the function itself runs."""
    args, kwargs = op["args"], op["kwargs"]
    assert isinstance(args, tuple) and isinstance(kwargs, dict)
    return op.caller.call(op["public_api"], args, kwargs)


constant("torch.__version__", "2.14.1")
constant("torch.version.__version__", "2.14.1")
constant("torch.version.git_version", "")
constant("torch.version.debug", False)
