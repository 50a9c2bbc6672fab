#!/usr/bin/env python3
"""Computes with PyTorch, in float64, what tests/train/optimizer_test.cc and schedule_test.cc compare with.

Each optim_*.safetensors holds first weights and twelve gradients; the weights after each step follow from those and from the
settings in its metadata. sched_plateau.safetensors holds validation losses; the learning rates follow. Without arguments the
files are checked; with --write they are written anew. Needs python3-torch (1.13 was used).
"""

import ast
import pathlib
import sys

import numpy
import torch

import safetensors_io

OPTIMIZERS = {
    "adam": torch.optim.Adam,
    "adamw": torch.optim.AdamW,
    "rmsprop": torch.optim.RMSprop,
    "sgd": torch.optim.SGD,
    "sgd_momentum": torch.optim.SGD,
}
SETTINGS = ("lr", "betas", "eps", "alpha", "momentum", "weight_decay")


def optimize(tensors, metadata):
    weights = torch.nn.Parameter(torch.tensor(tensors["w0"]))
    settings = {key: ast.literal_eval(metadata[key]) for key in SETTINGS if key in metadata}
    optimizer = OPTIMIZERS[metadata["optimizer"]]([weights], **settings)
    steps = []
    for gradient in tensors["grads"]:
        weights.grad = torch.tensor(gradient)
        torch.nn.utils.clip_grad_norm_([weights], float(metadata["clip_norm"]))
        optimizer.step()
        steps.append(weights.detach().numpy().copy())
    return {"weights": numpy.stack(steps)}


def schedule(tensors, metadata):
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=float(tensors["lr"][0]))
    plateau = torch.optim.lr_scheduler.ReduceLROnPlateau(
        optimizer,
        factor=float(metadata["factor"]),
        patience=int(metadata["patience"]),
        min_lr=float(metadata["min_lr"]),
        threshold=float(metadata["threshold"]),
        threshold_mode=metadata["threshold_mode"],
    )
    rates = []
    for loss in tensors["val_loss"]:
        plateau.step(loss)
        rates.append(optimizer.param_groups[0]["lr"])
    return {"lr": numpy.array(rates)}


def main():
    torch.set_default_dtype(torch.float64)
    write = sys.argv[1:] == ["--write"]
    folder = pathlib.Path(__file__).parent
    for path in sorted(folder.rglob("optim_*.safetensors")) + sorted(folder.rglob("sched_*.safetensors")):
        tensors, metadata = safetensors_io.load(path)
        computed = optimize(tensors, metadata) if "optimizer" in metadata else schedule(tensors, metadata)
        worst = max(float(numpy.abs(computed[name] - tensors[name]).max()) for name in computed)
        print(f"{path.name}: largest difference {worst:.1e}")
        if write:
            safetensors_io.save(path, {**tensors, **computed}, metadata)
        elif worst > 1e-13:
            sys.exit(f"{path.name} does not hold what PyTorch computes")


if __name__ == "__main__":
    main()
