"""What a run really comes by: nothing behind an operation that must fail has a shape, or is called."""

from __future__ import annotations

from convlint.model.run import Outcome
from convlint.trace import Called, Tensor, Value, tensors_in


class Reached:
    """One path; asks of its calls and tensors whether the program gets there."""

    def __init__(self, outcome: Outcome) -> None:
        failures = [each for each in outcome.trace.failures if each.certain]
        self._sites = {id(each.site) for each in failures if each.site is not None}
        calls = [each.module for each in failures if each.module is not None]
        self._first = min(calls, key=lambda call: call.order, default=None)
        self._ending = _with_parents(self._first)
        self._real: dict[int, bool] = {}
        self._kept: list[Tensor] = []
        for call in outcome.trace.calls if failures else ():
            if not self.ends(call):
                for tensor in tensors_in(call.output):
                    self._note(tensor, False)

    def called(self, call: Called) -> bool:
        """Whether the program gets to the call."""
        return self._first is None or call.order <= self._first.order

    def ends(self, call: Called) -> bool:
        """Whether the call comes to its end."""
        return self.called(call) and call.order not in self._ending

    def real(self, value: Value) -> bool:
        """Whether the program gets to the value: a tensor that comes from no failed operation."""
        return not self._sites or all(self._comes(tensor) for tensor in tensors_in(value))

    def _comes(self, tensor: Tensor) -> bool:
        """By what it was made of, all of it looked at first, without recursion: chains are long."""
        waiting = [tensor]
        while waiting:
            current = waiting[-1]
            if id(current) in self._real:
                waiting.pop()
                continue
            origin = current.origin
            before = None if origin is None else origin.before
            made_of = [] if origin is None else [*origin.operands, *([before] if before is not None else [])]
            open_ = [each for each in made_of if id(each) not in self._real]
            if open_:
                waiting += open_
                continue
            failed = origin is not None and id(origin.site) in self._sites
            self._note(current, not failed and all(self._real.get(id(each), True) for each in made_of))
            waiting.pop()
        return self._real[id(tensor)]

    def _note(self, tensor: Tensor, real: bool) -> None:
        self._real[id(tensor)] = real
        self._kept.append(tensor)  # so that its identity stays its own


def _with_parents(call: Called | None) -> set[int]:
    """The call and those around it."""
    found = set()
    while call is not None:
        found.add(call.order)
        call = call.parent
    return found
