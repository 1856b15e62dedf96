"""What surrounds a model: modes, tracing, checkpointing, autograd functions, wrappers, data, vision."""

from __future__ import annotations

import pytest

from convlint.dims import symbol
from convlint.values import Tensor, Unknown, is_opaque
from tests.libs.torch.program import modules, parameters, run

N, H, W = symbol("N"), symbol("H"), symbol("W")


@pytest.mark.parametrize(
    "decorator",
    [
        "torch.no_grad()",
        "torch.no_grad",
        "torch.inference_mode()",
        "torch.enable_grad()",
        "torch.jit.script",
        "torch.jit.ignore",
        "torch.jit.unused",
        "torch.jit.ignore(drop=True)",
        "torch.jit.export",
        "torch.fx.wrap",
        "torch.compile",
        "torch.compile(mode='max-autotune')",
        "torch.compiler.disable",
        "torch.autocast('cuda')",
        "torch.cuda.amp.autocast()",
    ],
)
def test_a_decorated_function_stays_itself(decorator: str) -> None:
    ran = run(f"@{decorator}\ndef double(x):\n    return torch.cat([x, x], 1)\ny = double(torch.zeros(2, 3))")
    assert ran.raised is None and ran.shape("y") == (2, 6)


def test_gradients_are_off_inside_and_on_again() -> None:
    ran = run(
        "a = torch.is_grad_enabled()\nwith torch.no_grad():\n    b = torch.is_grad_enabled()\n"
        "    with torch.enable_grad():\n        c = torch.is_grad_enabled()\n    d = "
        "torch.is_grad_enabled()\n"
        "e = torch.is_grad_enabled()\ntorch.set_grad_enabled(False)\nf = torch.is_grad_enabled()"
    )
    assert [ran.names[n] for n in "abcdef"] == [True, False, True, False, True, False]


@pytest.mark.parametrize(
    "question",
    [
        "torch.jit.is_scripting()",
        "torch.jit.is_tracing()",
        "torch.onnx.is_in_onnx_export()",
        "torch.cuda.is_available()",
        "torch.backends.mps.is_available()",
        "torch.distributed.is_available() and torch.distributed.is_initialized()",
        "torch.overrides.has_torch_function((1,))",
        "torch.compiler.is_compiling()",
        "torch.cuda.device_count() > 1",
    ],
)
def test_questions_answered_no(question: str) -> None:
    assert run(f"answer = {question}").names["answer"] is False


def test_an_assertion_restricts_or_raises() -> None:
    ran = run("torch._assert(x.shape[2] == 224, 'wrong height')", x=Tensor((N, 3, H, W)))
    assert [str(r.requirement.question) for r in ran.machine.trace.required] == ["H = 224"]
    assert run("torch._assert(False, 'no')").raised == "AssertionError: no"
    assert run("torch._check(1 > 2, lambda: 'never')").raised == "RuntimeError: never"


def test_checkpointing_calls_back() -> None:
    ran = run(
        "from torch.utils.checkpoint import checkpoint, checkpoint_sequential\n"
        "body = nn.Sequential(nn.Conv2d(3, 8, 3), nn.Conv2d(8, 4, 3))\n"
        "y = checkpoint(body, x, use_reentrant=False)\nz = checkpoint_sequential(body, 2, x)",
        x=Tensor((N, 3, 8, 8)),
    )
    assert ran.shape("y") == (N, 4, 4, 4) == ran.shape("z")
    assert ran.calls().count("Conv2d") == 4


def test_an_autograd_function_runs_its_forward() -> None:
    ran = run(
        "class Half(torch.autograd.Function):\n"
        "    @staticmethod\n"
        "    def forward(ctx, x, axis):\n"
        "        ctx.save_for_backward(x)\n"
        "        ctx.axis = axis\n"
        "        return x.chunk(2, axis)[0]\n"
        "    @staticmethod\n"
        "    def backward(ctx, grad):\n"
        "        x, = ctx.saved_tensors\n"
        "        return torch.cat([grad, grad], ctx.axis), None\n"
        "y = Half.apply(torch.zeros(2, 6), 1)"
    )
    assert ran.shape("y") == (2, 3)


def test_tracing_and_exporting_run_the_model() -> None:
    ran = run(
        "m = nn.Linear(3, 4)\nt = torch.jit.trace(m, torch.zeros(2, 3))\nsame = t is m\n"
        "torch.onnx.export(m, (torch.zeros(5, 3),), 'm.onnx')\n"
        "y = torch.func.functional_call(m, {}, (torch.zeros(7, 3),))"
    )
    assert ran.names["same"] is True and ran.calls() == ["Linear"] * 3 and ran.shape("y") == (7, 4)
    (failure,) = run("torch.jit.trace(nn.Linear(3, 4), torch.zeros(2, 5))").failures
    assert "(2x5 and 3x4)" in failure.words


def test_unknown_code_changes_no_dtype() -> None:
    ran = run(
        "import nowhere\nnowhere.prepare(torch.float32, torch.zeros(1).device)\nx = torch.zeros(2, "
        "dtype=torch.float32)"
    )
    assert ran.tensor("x").dtype == "float32"
    assert run("size = torch.float32.itemsize\nkind = torch.zeros(1).device.type").names["size"] == 4


def test_a_writer_leaves_the_model_alone() -> None:
    ran = run(
        "from torch.utils.tensorboard import SummaryWriter\nw = SummaryWriter('runs')\nm = nn.Linear(3, 4)\n"
        "w.add_graph(m, torch.zeros(2, 3))\nw.add_scalar('loss', 0.1, 1)\nn = m.in_features"
    )
    assert ran.names["n"] == 3


def test_wrapped_modules_keep_their_parameters() -> None:
    ran = run("m = nn.DataParallel(nn.Linear(3, 4))\ny = m(torch.zeros(2, 3))")
    assert ran.shape("y") == (2, 4) and list(parameters(ran.module("m"))) == ["module.weight", "module.bias"]
    assert ran.calls() == ["DataParallel", "Linear"]


def test_functional_operations_as_modules() -> None:
    ran = run(
        "f = nn.quantized.FloatFunctional()\nx = torch.zeros(2, 3)\ny = f.cat([x, x], 1)\nz = "
        "f.add_relu(x, x)"
    )
    assert ran.shape("y") == (2, 6) and ran.shape("z") == (2, 3)
    assert modules(ran.module("f")) == ["activation_post_process"] and ran.calls() == ["Identity", "Identity"]


def test_optimizers_and_schedulers_are_opaque() -> None:
    ran = run(
        "m = nn.Linear(3, 4)\no = torch.optim.Adam(m.parameters(), lr=1e-3)\n"
        "s = torch.optim.lr_scheduler.StepLR(o, 10)\no.zero_grad()\no.step()\ns.step()\nlr = o.param_groups"
    )
    assert ran.raised is None and isinstance(ran.names["lr"], Unknown)


def test_data_sets_know_their_items() -> None:
    ran = run(
        "from torch.utils.data import DataLoader, Dataset, Subset, TensorDataset\n"
        "d = TensorDataset(torch.zeros(10, 3, 8, 8), torch.zeros(10))\nx, t = d[0]\nn = len(d)\n"
        "batches = len(DataLoader(d, batch_size=4))\nwhole = len(DataLoader(d, 4, drop_last=True))\n"
        "class Mine(Dataset):\n    def __len__(self):\n        return 7\n"
        "mine = len(Subset(Mine(), [1, 2]))"
    )
    assert ran.shape("x") == (3, 8, 8) and ran.shape("t") == ()
    assert [ran.names[n] for n in ("n", "batches", "whole", "mine")] == [10, 3, 2, 2]


def test_regions_are_pooled_and_boxes_suppressed() -> None:
    ran = run(
        "a = torch.ops.torchvision.roi_align(x, r, 1.0, 7, 7, 2, True)\n"
        "b, _ = torch.ops.torchvision.ps_roi_pool(x, r, 1.0, 3, 3)\n"
        "k = torch.ops.torchvision.nms(r[:, 1:], r[:, 0], 0.5)",
        x=Tensor((N, 18, H, W)),
        r=Tensor((30, 5)),
    )
    assert not ran.failures
    assert ran.shape("a") == (30, 18, 7, 7) and ran.shape("b") == (30, 2, 3, 3)
    kept = ran.shape("k")
    assert kept is not None and is_opaque(kept[0])


def test_a_deformable_convolution_counts_as_an_ordinary_one() -> None:
    ran = run(
        "y = torch.ops.torchvision.deform_conv2d(x, w, o, m, b, 2, 2, 1, 1, 1, 1, 1, 1, True)",
        x=Tensor((1, 3, 8, 8)),
        w=Tensor((5, 3, 3, 3)),
        o=Tensor((1, 18, 4, 4)),
        m=Tensor((1, 9, 4, 4)),
        b=Tensor((5,)),
    )
    assert not ran.failures and ran.shape("y") == (1, 5, 4, 4)
    assert ran.macs == 27 * 5 * 16


def test_pruning_renames_a_parameter() -> None:
    ran = run(
        "from torch.nn.utils import prune\nm = nn.Linear(3, 4)\nprune.l1_unstructured(m, 'weight', "
        "amount=0.5)\n"
        "y = m(torch.zeros(2, 3))"
    )
    assert parameters(ran.module("m")) == {"bias": (4,), "weight_orig": (4, 3)}
    assert ran.shape("y") == (2, 4)


def test_the_adaptive_softmax_reads_clusters_as_data_decides() -> None:
    ran = run(
        "m = nn.AdaptiveLogSoftmaxWithLoss(64, 1000, [10, 100])\nout, loss = m(x, t)\np = m.log_prob(x)",
        x=Tensor((N, 64)),
        t=Tensor((N,), "int64"),
    )
    assert ran.shape("out") == (N,) and ran.shape("loss") == () and ran.shape("p") == (N, 1000)
    assert isinstance(ran.macs, Unknown)
    assert sum(s[0] * s[1] for s in parameters(ran.module("m")).values() if isinstance(s, tuple)) == (
        64 * 12 + (64 * 16 + 16 * 90) + (64 * 4 + 4 * 900)
    )
