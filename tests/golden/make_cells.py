#!/usr/bin/env python3
"""Computes with PyTorch, in float64, what tests/nn/golden_test.cc compares with: logits, final state, loss and every gradient.

Each file in cells/ holds a network (weights, cell, shapes), a starting state, inputs and targets; everything else in it is
computed from those by this script. Without arguments it checks the files; with --write it writes them anew.
Needs python3-torch (1.13 was used).
"""

import pathlib
import sys

import numpy
import torch

import safetensors_io

CELLS = {"lstm": torch.nn.LSTM, "gru": torch.nn.GRU, "rnn": torch.nn.RNN}


def compute(tensors, metadata):
    torch.set_default_dtype(torch.float64)
    as_torch = {name: torch.from_numpy(numpy.array(array)) for name, array in tensors.items()}
    vocab, embed, hidden, layers = (int(metadata[key]) for key in ("vocab", "emb", "hidden", "layers"))
    encoder = torch.nn.Embedding(vocab, embed)
    rnn = CELLS[metadata["cell"]](embed, hidden, layers)
    decoder = torch.nn.Linear(hidden, vocab)
    if metadata["tied"] == "True":
        decoder.weight = encoder.weight
    modules = {"encoder": encoder, "rnn": rnn, "decoder": decoder}
    named = {f"{m}.{n}": p for m, module in modules.items() for n, p in module.named_parameters()}
    with torch.no_grad():
        for name, parameter in named.items():
            if name in as_torch:
                parameter.copy_(as_torch[name])
    state = [as_torch[name].clone().requires_grad_() for name in ("h0", "c0") if name in as_torch]
    output, last = rnn(encoder(as_torch["input"]), tuple(state) if len(state) == 2 else state[0])
    logits = decoder(output)
    loss = torch.nn.functional.cross_entropy(logits.reshape(-1, vocab), as_torch["target"].reshape(-1))
    loss.backward()

    result = {"logits": logits, "loss": loss.reshape(1)}
    for name, value in zip(("hT", "cT"), last if isinstance(last, tuple) else (last,)):
        result[name] = value
    for name, value in zip(("grad.h0", "grad.c0"), state):
        result[name] = value.grad
    squares = 0.0
    for name, parameter in named.items():
        if name in as_torch:
            result["grad." + name] = parameter.grad
            squares += float((parameter.grad**2).sum())
    result["grad_norm"] = torch.tensor([squares**0.5])
    return {name: value.detach().numpy() for name, value in result.items()}


def main():
    write = sys.argv[1:] == ["--write"]
    for path in sorted((pathlib.Path(__file__).parent / "cells").glob("*.safetensors")):
        tensors, metadata = safetensors_io.load(path)
        computed = compute(tensors, metadata)
        worst = max(float(numpy.abs(computed[name] - tensors[name]).max()) for name in computed)
        print(f"{path.name}: {len(computed)} tensors, largest difference {worst:.1e}")
        if write:
            safetensors_io.save(path, {**tensors, **computed}, metadata)
        elif worst > 1e-13:
            sys.exit(f"{path.name} does not hold what PyTorch computes")


if __name__ == "__main__":
    main()
