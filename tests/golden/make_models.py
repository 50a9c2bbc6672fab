#!/usr/bin/env python3
"""Holds Fude's model files against PyTorch, from each side; tests/model/pytorch_test.cc reads the outcome.

models/pytorch_gru.safetensors    a network that PyTorch made, saved with its own names, and the logits it gives
models/fude_lstm.safetensors      a model file that Fude wrote (write_fude_model.cc), read here by name into
                                  torch.nn modules; the logits these give go to models/fude_lstm.logits.safetensors
Needs python3-torch (1.13 was used).
"""

import pathlib

import numpy
import torch

import safetensors_io

FOLDER = pathlib.Path(__file__).parent / "models"
INPUTS = (numpy.arange(40, dtype=numpy.int64) * 7919) % 251


class Network(torch.nn.Module):
    def __init__(self, cell, vocab, embed, hidden, layers):
        super().__init__()
        self.encoder = torch.nn.Embedding(vocab, embed)
        self.rnn = cell(embed, hidden, layers)
        self.decoder = torch.nn.Linear(hidden, vocab)

    def forward(self, ids):
        return self.decoder(self.rnn(self.encoder(ids).unsqueeze(1))[0]).squeeze(1)


def logits(network):
    with torch.no_grad():
        return network(torch.from_numpy(INPUTS)).numpy()


def main():
    torch.manual_seed(1)
    network = Network(torch.nn.GRU, 257, 6, 10, 2)
    tensors = {name: value.numpy() for name, value in network.state_dict().items()}
    safetensors_io.save(FOLDER / "pytorch_gru.safetensors", tensors, {"format": "pt"})
    expected = {"input": INPUTS, "logits": logits(network)}
    safetensors_io.save(FOLDER / "pytorch_gru.logits.safetensors", expected, {})

    tensors, metadata = safetensors_io.load(FOLDER / "fude_lstm.safetensors")
    assert metadata["format"] == "fude", metadata
    network = Network(torch.nn.LSTM, 257, 8, 12, 2)
    weights = {name: torch.from_numpy(numpy.array(value)) for name, value in tensors.items()}
    network.load_state_dict(weights, strict=True)
    expected = {"input": INPUTS, "logits": logits(network)}
    safetensors_io.save(FOLDER / "fude_lstm.logits.safetensors", expected, {})


if __name__ == "__main__":
    main()
