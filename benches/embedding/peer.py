"""onnxruntime on the same model and texts, in 32-bit numbers.

    peer.py MODEL_DIR THREADS SECONDS < texts.json

Builds the graph from `model.safetensors`, checks nothing against ours, and prints one
line of JSON for each batch size: batch, tokens, seconds. Tokenising is part of the time,
as it is on our side. Texts of a batch are padded to the longest, sorted by length
beforehand, which favours this side; padding is not counted as tokens.
"""

import json
import math
import struct
import sys
import time

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer

MAX_TOKENS = 256


def tensors(path):
    """The tensors of a safetensors file by name."""
    with open(path, "rb") as file:
        data = file.read()
    (length,) = struct.unpack("<Q", data[:8])
    found = {}
    for name, entry in json.loads(data[8 : 8 + length]).items():
        if name != "__metadata__" and entry["dtype"] == "F32":
            start, end = (8 + length + offset for offset in entry["data_offsets"])
            found[name] = np.frombuffer(data[start:end], np.float32).reshape(entry["shape"])
    return found


class Graph:
    """Nodes and weights in the making."""

    def __init__(self):
        self.nodes, self.weights, self.count = [], [], 0

    def add(self, kind, *inputs, **attributes):
        self.count += 1
        name = f"x{self.count}"
        names = [self.constant(i) if isinstance(i, np.ndarray) else i for i in inputs]
        self.nodes.append(helper.make_node(kind, names, [name], **attributes))
        return name

    def constant(self, array):
        self.count += 1
        name = f"w{self.count}"
        self.weights.append(numpy_helper.from_array(np.ascontiguousarray(array), name))
        return name


def build(directory):
    """The model as the bytes of an ONNX file: tokens and mask in, vectors out."""
    weights = tensors(f"{directory}/model.safetensors")
    config = json.load(open(f"{directory}/config.json"))
    hidden, heads = config["hidden_size"], config["num_attention_heads"]
    each, epsilon = hidden // heads, config["layer_norm_eps"]
    graph = Graph()

    def linear(x, name):
        x = graph.add("MatMul", x, weights[f"{name}.weight"].T)
        return graph.add("Add", x, weights[f"{name}.bias"])

    def norm(x, name):
        scale, shift = weights[f"{name}.weight"], weights[f"{name}.bias"]
        return graph.add("LayerNormalization", x, scale, shift, axis=-1, epsilon=epsilon)

    def split(x, order):
        x = graph.add("Reshape", x, np.array([0, 0, heads, each], np.int64))
        return graph.add("Transpose", x, perm=order)

    segment = weights["embeddings.token_type_embeddings.weight"][0]
    positions = weights["embeddings.position_embeddings.weight"] + segment
    length = graph.add("Slice", graph.add("Shape", "ids"), *(np.array([n], np.int64) for n in (1, 2)))
    position = graph.add("Slice", positions, np.array([0], np.int64), length)
    word = graph.add("Gather", weights["embeddings.word_embeddings.weight"], "ids")
    state = norm(graph.add("Add", word, position), "embeddings.LayerNorm")
    hidden_from = graph.add("Unsqueeze", graph.add("Sub", np.float32([1]), "mask"), np.array([1, 2], np.int64))
    hidden_from = graph.add("Mul", hidden_from, np.float32([-1e9]))
    for number in range(config["num_hidden_layers"]):
        at = f"encoder.layer.{number}"
        query = split(linear(state, f"{at}.attention.self.query"), [0, 2, 1, 3])
        key = split(linear(state, f"{at}.attention.self.key"), [0, 2, 3, 1])
        value = split(linear(state, f"{at}.attention.self.value"), [0, 2, 1, 3])
        scores = graph.add("Mul", graph.add("MatMul", query, key), np.float32([1 / math.sqrt(each)]))
        shares = graph.add("Softmax", graph.add("Add", scores, hidden_from), axis=-1)
        taken = graph.add("Transpose", graph.add("MatMul", shares, value), perm=[0, 2, 1, 3])
        taken = graph.add("Reshape", taken, np.array([0, 0, hidden], np.int64))
        step = linear(taken, f"{at}.attention.output.dense")
        state = norm(graph.add("Add", state, step), f"{at}.attention.output.LayerNorm")
        wide = graph.add("Gelu", linear(state, f"{at}.intermediate.dense"))
        step = linear(wide, f"{at}.output.dense")
        state = norm(graph.add("Add", state, step), f"{at}.output.LayerNorm")
    weight = graph.add("Unsqueeze", "mask", np.array([2], np.int64))
    total = graph.add("ReduceSum", graph.add("Mul", state, weight), np.array([1], np.int64), keepdims=0)
    size = graph.add("ReduceL2", total, np.array([1], np.int64), keepdims=1)
    graph.nodes.append(helper.make_node("Div", [total, size], ["vectors"]))
    made = helper.make_graph(
        graph.nodes,
        "model",
        [
            helper.make_tensor_value_info("ids", TensorProto.INT64, ["texts", "tokens"]),
            helper.make_tensor_value_info("mask", TensorProto.FLOAT, ["texts", "tokens"]),
        ],
        [helper.make_tensor_value_info("vectors", TensorProto.FLOAT, ["texts", hidden])],
        graph.weights,
    )
    model = helper.make_model(made, opset_imports=[helper.make_opsetid("", 20)], ir_version=9)
    onnx.checker.check_model(model)
    return model.SerializeToString()


def main():
    directory, threads, seconds = sys.argv[1], int(sys.argv[2]), float(sys.argv[3])
    texts = sorted(json.load(sys.stdin), key=len)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    session = onnxruntime.InferenceSession(build(directory), options, providers=["CPUExecutionProvider"])
    tokenizer = Tokenizer.from_file(f"{directory}/tokenizer.json")
    tokenizer.enable_truncation(MAX_TOKENS)
    tokenizer.enable_padding()

    def embed(batch):
        encodings = tokenizer.encode_batch(batch)
        ids = np.array([e.ids for e in encodings], np.int64)
        mask = np.array([e.attention_mask for e in encodings], np.float32)
        return session.run(["vectors"], {"ids": ids, "mask": mask})[0], int(mask.sum())

    first = embed(texts[:1])[0][0]
    print(json.dumps({"first": first.tolist(), "version": onnxruntime.__version__}), flush=True)
    for size in (1, 8, 32):
        batches = [texts[i : i + size] for i in range(0, len(texts) - size + 1, size)]
        embed(batches[0])
        done, number, started = 0, 0, time.perf_counter()
        while time.perf_counter() - started < seconds:
            done += embed(batches[number % len(batches)])[1]
            number += 1
        spent = time.perf_counter() - started
        print(json.dumps({"batch": size, "tokens": done, "seconds": spent}), flush=True)


main()
