"""The expression network: a small residual net over 48x48 grey faces, and the form that ships.

Source: He et al., "Deep Residual Learning", 2015; Hu et al., "Squeeze-and-Excitation Networks", 2017.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from models.expressions import CLASSES
from models.train.recipe import Recipe

LUMA = (0.299, 0.587, 0.114)  # ITU-R 601, as Pillow's convert("L")
FLAT = 8.0  # grey levels: a face with less contrast is hardly amplified


class Gate(nn.Module):
    """Weighs the channels of a picture by what is in all of it (squeeze and excitation)."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.squeeze = nn.Linear(channels, channels // 8)
        self.excite = nn.Linear(channels // 8, channels)

    def forward(self, x: Tensor) -> Tensor:
        """Map (B, C, H, W) to the same shape."""
        weights = self.excite(functional.relu(self.squeeze(x.mean((2, 3))))).sigmoid()  # (B, C)
        return x * weights[:, :, None, None]


class Block(nn.Module):
    """Two convolutions and a gate beside a shortcut; `stride` 2 halves the sides."""

    def __init__(self, inside: int, outside: int, stride: int) -> None:
        super().__init__()
        self.first = _convolution(inside, outside, stride)
        self.second = _convolution(outside, outside, 1)
        self.gate = Gate(outside)
        is_plain = inside == outside and stride == 1
        self.shortcut = nn.Identity() if is_plain else _shortcut(inside, outside, stride)

    def forward(self, x: Tensor) -> Tensor:
        """Map (B, inside, H, W) to (B, outside, H / stride, W / stride)."""
        y = self.gate(self.second(functional.relu(self.first(x))))
        return functional.relu(y + self.shortcut(x))


def _convolution(inside: int, outside: int, stride: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(inside, outside, 3, stride, padding=1, bias=False), nn.BatchNorm2d(outside)
    )


def _shortcut(inside: int, outside: int, stride: int) -> nn.Sequential:
    pool = nn.AvgPool2d(stride) if stride > 1 else nn.Identity()
    return nn.Sequential(pool, nn.Conv2d(inside, outside, 1, bias=False), nn.BatchNorm2d(outside))


class Network(nn.Module):
    """Maps grey faces (B, 1, 48, 48), 0..255, to the logits of the classes, (B, 7)."""

    def __init__(self, recipe: Recipe) -> None:
        super().__init__()
        inside = recipe.widths[0]
        self.stem = _convolution(4, inside, 1)
        blocks: list[nn.Module] = []
        for stage, (width, depth) in enumerate(zip(recipe.widths, recipe.depths, strict=True)):
            for number in range(depth):
                blocks.append(Block(inside, width, 2 if stage and not number else 1))
                inside = width
        self.blocks = nn.Sequential(*blocks)
        self.dropout = nn.Dropout(recipe.dropout)
        self.head = nn.Linear(inside, len(CLASSES))

    def forward(self, faces: Tensor) -> Tensor:
        """Return the logits, (B, 7); how bright or contrasty a face is does not matter."""
        x = functional.pixel_unshuffle(standardised(faces), 2)  # (B, 4, 24, 24): nothing runs at 48 pixels
        x = self.blocks(functional.relu(self.stem(x)))
        return self.head(self.dropout(x.mean((2, 3))))


def standardised(faces: Tensor) -> Tensor:
    """Return faces with mean 0 and deviation 1, each by itself."""
    centred = faces - faces.mean((1, 2, 3), keepdim=True)
    return centred / (centred.square().mean((1, 2, 3), keepdim=True) + FLAT**2).sqrt()


def mirrored_too(network: nn.Module, faces: Tensor) -> Tensor:
    """Return the logits averaged over faces and their mirror images."""
    logits: Tensor = network(torch.cat([faces, faces.flip(3)]))  # (2 B, 7)
    return logits.view(2, -1, len(CLASSES)).mean(0)


class Shipped(nn.Module):
    """What the ONNX file holds: RGB faces (B, 3, 48, 48), 0..255, to calibrated probabilities (B, 7)."""

    def __init__(self, network: Network, temperature: float) -> None:
        super().__init__()
        self.network = network
        self.temperature = temperature
        self.luma: Tensor
        self.register_buffer("luma", torch.tensor(LUMA).view(1, 3, 1, 1))

    def forward(self, pictures: Tensor) -> Tensor:
        """Return the probabilities of the classes, in the order of `CLASSES`."""
        grey = (pictures * self.luma).sum(1, keepdim=True)
        return (mirrored_too(self.network, grey) / self.temperature).softmax(1)
