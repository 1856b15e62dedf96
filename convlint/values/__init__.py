"""The abstract domain: tensors, module instances, classes, functions and Unknown with its reason."""
