"""Lets Schemathesis reach what stands behind an id and a secret: posts, uploads and files that are there, made as they are needed."""

import functools
import json
import random
import secrets
import struct
import time
import urllib.request
import zlib

import schemathesis

OCTETS = "application/offset+octet-stream"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
chance = random.Random(7)


@schemathesis.serializer(OCTETS)
def octets(context, value):
    if isinstance(value, bytes):
        return value
    return getattr(value, "data", None) or str(value).encode("utf-8", "surrogatepass")


def ask(base, path, headers, body):
    request = urllib.request.Request(base + path, data=body, headers=headers, method="POST")
    with urllib.request.urlopen(request) as answer:
        return answer.headers, json.loads(answer.read() or b"null")


def upload(base, length=1000):
    headers, _ = ask(base, "/api/v1/uploads", {"Tus-Resumable": "1.0.0", "Upload-Length": str(length)}, b"")
    return headers["Location"].rsplit("/", 1)[1]


def post(base, secret, locked):
    wish = {"text": "words", "manage_secret": secret, "media": [{"upload": upload(base)}], **({"password": "kite"} if locked else {})}
    _, made = ask(base, "/api/v1/posts", {"Content-Type": "application/json"}, json.dumps(wish).encode())
    return made["id"]


def picture():
    """A PNG of a few grey pixels."""
    chunk = lambda kind, data: struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    rows = zlib.compress(bytes(9) * 8)
    return PNG[:8] + chunk(b"IHDR", struct.pack(">IIBBBBB", 8, 8, 8, 0, 0, 0, 0)) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@functools.cache
def file(base):
    """The media id and the name of a file that is served."""
    request = urllib.request.Request(f"{base}/kite.png", data=picture(), headers={"Accept": "application/json"}, method="PUT")
    with urllib.request.urlopen(request) as answer:
        link = json.load(answer)["url"]
    for _ in range(300):
        with urllib.request.urlopen(f"{link}.json") as answer:
            (medium,) = json.load(answer)["media"]
        if medium["state"] == "ready":
            return medium["original"]["url"].split("/")[-2:]
        time.sleep(0.1)
    raise TimeoutError("the picture was not ready")


@schemathesis.hook
def before_call(context, case, kwargs):
    """Three requests of four are about something that is there; the others are as they were drawn."""
    path = case.operation.path
    if path == "/oembed" and chance.random() < 0.75:
        base = case.operation.schema.get_base_url().rstrip("/")
        case.query = {**(case.query or {}), "url": f"{base}/{post(base, secrets.token_urlsafe(24), chance.random() < 0.25)}"}
        return
    if path == "/m/{media_id}/{name}" and chance.random() < 0.75:
        case.path_parameters["media_id"], case.path_parameters["name"] = file(case.operation.schema.get_base_url().rstrip("/"))
        return
    if "{id}" not in path or chance.random() < 0.25:
        return
    base = case.operation.schema.get_base_url().rstrip("/")
    if "/uploads/" in path:
        case.path_parameters["id"] = upload(base)
        if case.headers and "Upload-Offset" in case.headers and chance.random() < 0.5:
            case.headers["Upload-Offset"] = "0"
        return
    secret = secrets.token_urlsafe(24)
    case.path_parameters["id"] = post(base, secret, path.endswith("/open"))
    if case.headers and "Authorization" in case.headers and chance.random() < 0.8:
        case.headers["Authorization"] = f"Bearer {secret}"
    if path.endswith("/open") and isinstance(case.body, dict) and chance.random() < 0.3:
        case.body["password"] = "kite"


@schemathesis.serializer("application/x-ndjson")
def one_object_a_line(context, value):
    """Lists of notices: an object a line."""
    return (json.dumps(value) + "\n").encode()
