#!/usr/bin/env python3
"""The ad-hoc grader once more, in plain Python on another runtime, to check the Rust one.

usage: adhoc_reference.py LINES.jsonl GRADED.jsonl
  LINES.jsonl   lines of {"question", "reference", "answer"}
  GRADED.jsonl  what `spar eval answers LINES.jsonl --json` wrote for them
Prints the largest and the mean difference in points of 100 and exits with 1 above half a point.

Needs `pip install onnxruntime tokenizers` and the weights in models/ (`cargo xtask setup`). Texts beyond
254 tokens are read in overlapping windows, as the encoder's documentation says.
"""
import json
import math
import pathlib
import sys

import numpy as np
import onnxruntime
from tokenizers import BertWordPieceTokenizer

MODELS = pathlib.Path(__file__).resolve().parent.parent / "models"
WINDOW, OVERLAP = 254, 32
FIRST_WORD, VOCABULARY = 1996, 30522

tokenizer = BertWordPieceTokenizer(str(MODELS / "vocab.txt"), lowercase=True)
session = onnxruntime.InferenceSession(str(MODELS / "minilm-int8.onnx"))
cache = {}


def windows(ids):
    """(ids, first kept, one past the last kept): each token is taken from the window it lies deepest in."""
    if len(ids) <= WINDOW:
        return [(ids, 0, len(ids))]
    out, start = [], 0
    while True:
        end = min(start + WINDOW, len(ids))
        last = end == len(ids)
        keep_from = 0 if start == 0 else OVERLAP // 2
        keep_to = end - start if last else end - start - OVERLAP // 2
        out.append((ids[start:end], keep_from, keep_to))
        if last:
            return out
        start = end - OVERLAP


def vectors(text):
    if text in cache:
        return cache[text]
    ids = tokenizer.encode(text, add_special_tokens=False).ids
    rows = []
    for piece, first, last in windows(ids):
        row = [101, *piece, 102]
        feed = {"input_ids": [row], "attention_mask": [[1] * len(row)], "token_type_ids": [[0] * len(row)]}
        wanted = {i.name for i in session.get_inputs()}
        hidden = session.run(None, {k: v for k, v in feed.items() if k in wanted})[0][0]
        for vector in hidden[1:-1][first:last]:
            length = math.sqrt(float((vector * vector).sum()))
            rows.append(vector / length)
    cache[text] = (ids, rows)
    return cache[text]


def rarity(token):
    if token < FIRST_WORD:
        return 0.05
    return math.log(token - FIRST_WORD + 2) / math.log(VOCABULARY)


def grade(question, reference, answer):
    asked = set(tokenizer.encode(question, add_special_tokens=False).ids)
    (wanted_ids, wanted), (given_ids, given) = vectors(reference), vectors(answer)
    if not any(c.isalnum() for c in answer):
        return 0.0
    weights = [0.0 if t in asked else rarity(t) for t in wanted_ids]
    if sum(weights) <= 0.0:
        weights = [rarity(t) for t in wanted_ids]
    cosines = (np.array(wanted) @ np.array(given).T).tolist()
    mass = sum(weights)
    recalled = sum(w * max(0.0, *row) for w, row in zip(weights, cosines))
    shared = 0.0
    for column, token in enumerate(given_ids):
        if token not in asked:
            near = max(0.0, max(row[column] for row in cosines))
            shared += rarity(token) * min(1.0, max(0.0, (near - 0.4) / 0.5))
    points = 0.705 + 0.413 * min(recalled / mass, 0.6) + 0.0981 * math.log((0.5 + shared) / mass)
    return 100.0 * min(1.0, max(0.0, points))


def main():
    lines = [json.loads(line) for line in open(sys.argv[1], encoding="utf8") if line.strip()]
    graded = [json.loads(line) for line in open(sys.argv[2], encoding="utf8") if line.strip()]
    graded = [line["scored"]["coverage"] for line in graded if "scored" in line]
    differences = []
    for line, ours in zip(lines, graded, strict=True):
        reference = grade(line["question"], line["reference"], line["answer"])
        differences.append(abs(reference - ours))
    worst = max(range(len(differences)), key=differences.__getitem__)
    mean = sum(differences) / len(differences)
    print(f"{len(differences)} answers: mean difference {mean:.4f}, largest {differences[worst]:.4f} (line {worst + 1})")
    sys.exit(differences[worst] > 0.5)


if __name__ == "__main__":
    main()
