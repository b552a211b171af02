"""What the fuzzer of the API must know of Munshi: ids that exist, and two media types.

Half of the calls name, in path and body, what the service really has, so that they get past "there
is no such case"; the other half with whatever the fuzzer makes up.
"""

import json
import os
import random
import urllib.request

import schemathesis

BASE = os.environ["MUNSHI_FUZZ_BASE"]
EMAIL = os.environ["MUNSHI_FUZZ_EMAIL"]
PASSWORD = os.environ["MUNSHI_FUZZ_PASSWORD"]


def sign_in():
    body = json.dumps({"email": EMAIL, "password": PASSWORD}).encode()
    headers = {"content-type": "application/json"}
    request = urllib.request.Request(BASE + "/api/v1/session", body, headers)
    with urllib.request.urlopen(request, timeout=20) as answer:
        return json.load(answer)["token"]


TOKEN = sign_in()


@schemathesis.auth(refresh_interval=2)
class Session:
    """Signs in anew every two seconds: some operations end the session they are called with."""

    def get(self, case, context):
        return sign_in()

    def set(self, case, data, context):
        case.headers = {**(case.headers or {}), "Authorization": f"Bearer {data}"}


def get(path):
    request = urllib.request.Request(BASE + path, headers={"Authorization": f"Bearer {TOKEN}"})
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return json.load(answer)
    except urllib.error.HTTPError:
        return []


def ids(rows, name="id"):
    return [row[name] for row in rows]


def known_ids():
    """The ids of the sample chamber, by the first word of the paths they stand in."""
    cases = ids(get("/api/v1/cases"))
    documents = [row for case in cases for row in get(f"/api/v1/cases/{case}/documents")]
    conversations = ids(get("/api/v1/conversations"))
    messages = [
        message["id"]
        for conversation in conversations
        for message in get(f"/api/v1/conversations/{conversation}").get("messages", [])
    ]
    return {
        "cases": cases,
        "documents": ids(documents),
        "clients": ids(get("/api/v1/clients")),
        "users": ids(get("/api/v1/users")),
        "conversations": conversations,
        "messages": messages,
        "jobs": ids(get("/api/v1/jobs")),
    }


KNOWN = known_ids()
NAMED = {"case_id": "cases", "client_id": "clients", "user_id": "users", "document_id": "documents"}


@schemathesis.hook
def before_call(context, case, **kwargs):
    parameters = case.path_parameters or {}
    if isinstance(case.body, dict):
        for name in NAMED.keys() & case.body.keys():
            if KNOWN[NAMED[name]] and random.random() < 0.5:
                case.body[name] = random.choice(KNOWN[NAMED[name]])
    area = case.operation.path.removeprefix("/api/v1/").split("/")[0]
    if KNOWN.get(area) and "id" in parameters and random.random() < 0.5:
        parameters["id"] = random.choice(KNOWN[area])
        if "number" in parameters:
            parameters["number"] = 1
        if "page" in parameters:
            parameters["page"] = 1


@schemathesis.serializer("application/jsonl")
def lines(context, value):
    rows = value if isinstance(value, list) else [value]
    return "\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows).encode()


@schemathesis.deserializer("application/octet-stream", "image/png", "image/svg+xml", "application/zip")
def as_it_is(context, response):
    return response.content.decode("latin-1")
