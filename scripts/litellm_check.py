"""Asks the service some questions and compares its ledger with the proxy's own counts.

Called by scripts/litellm-check, which starts both.
"""

import json
import os
import time
import urllib.parse
import urllib.request

BASE, PROXY = os.environ["MUNSHI_BASE"], os.environ["PROXY"]
EMAIL, PASSWORD = "admin@example.in", "a long enough password"
ORDER = "The suit was filed in time. The point of limitation was decided for the plaintiff."
QUESTIONS = 5


def send(url, data, kind, token=None):
    """Sends bytes and gives what came back."""
    headers = {"content-type": kind}
    if token:
        headers["authorization"] = f"Bearer {token}"
    with urllib.request.urlopen(urllib.request.Request(url, data, headers), timeout=60) as answer:
        return answer.read()


def call(url, body=None, token=None):
    """Sends JSON and reads JSON."""
    data = None if body is None else json.dumps(body).encode()
    return json.loads(send(url, data, "application/json", token) or b"null")


def events(url, body=None, token=None):
    """The JSON of each event of a stream."""
    data = None if body is None else json.dumps(body).encode()
    lines = send(url, data, "application/json", token).decode().splitlines()
    told = [line[5:].strip() for line in lines if line.startswith("data:")]
    return [json.loads(line) for line in told if line.startswith("{")]


def totals(token):
    """The ledger's line of the mock model: calls, tokens read and written, estimated."""
    report = call(f"{BASE}/api/v1/usage?by=model", token=token)
    lines = [line for line in report["lines"] if line["label"].endswith("/ mock")]
    names = ("calls", "tokens_in", "tokens_out", "estimated")
    return tuple(lines[0][name] for name in names) if lines else (0, 0, 0, 0)


def enter():
    """Sets the chamber up with one document, and signs in."""
    form = {"organisation": "Check", "name": "Asha", "email": EMAIL, "password": PASSWORD}
    form = urllib.parse.urlencode(form).encode()
    send(f"{BASE}/setup", form, "application/x-www-form-urlencoded")
    token = call(f"{BASE}/api/v1/session", {"email": EMAIL, "password": PASSWORD})["token"]
    case = call(f"{BASE}/api/v1/cases", {"title": "A suit"}, token)["id"]
    file = (
        '--XX\r\ncontent-disposition: form-data; name="file"; filename="order.txt"\r\n\r\n'
        f"{ORDER}\r\n--XX--\r\n"
    )
    kind = "multipart/form-data; boundary=XX"
    send(f"{BASE}/api/v1/cases/{case}/documents", file.encode(), kind, token)
    return token, case


def main():
    """Asks, and checks the answers, the ledger, and a try of the model."""
    token, case = enter()
    read = written = answered = 0
    deadline = time.monotonic() + 60
    while answered < QUESTIONS:
        assert time.monotonic() < deadline, "the model does not answer"
        asked = {"question": f"How was limitation decided, in point {answered}?", "case_id": case}
        asked = call(f"{BASE}/api/v1/questions", asked, token)
        told = events(BASE + asked["events"], token=token)
        labels = [event["label"] for event in told if "label" in event]
        if labels and "without a language model" in labels[-1] and answered == 0:
            # Until the document is read there is nothing to ask a model about.
            assert ":" not in labels[-1], labels
            time.sleep(0.5)
            continue
        assert labels and labels[-1] == "Answered by mock", told
        used = [event for event in told if "tokens_in" in event]
        assert len(used) == 1 and used[0]["tokens_in"] > 0, told
        text = "".join(event.get("text", "") for event in told if "text" in event)
        assert "the suit was filed in time" in text, text
        read, written = read + used[0]["tokens_in"], written + used[0]["tokens_out"]
        answered += 1
    before = totals(token)
    assert before == (QUESTIONS, read, written, 0), (before, read, written)

    # The same prompt asked of the proxy without us: what it says is what the ledger says.
    tried = call(f"{BASE}/api/v1/models/1/test", {}, token)
    assert tried["works"], tried
    after = totals(token)
    direct = {
        "model": "mock",
        "messages": [
            {"role": "system", "content": "You are being tried. Answer with one word."},
            {"role": "user", "content": "Say yes."},
        ],
        "max_tokens": 200,
        "stream": True,
        "stream_options": {"include_usage": True},
    }
    told = events(f"{PROXY}/v1/chat/completions", direct, "sk-check")
    usage = [event["usage"] for event in told if event.get("usage")][-1]
    wanted = (usage["prompt_tokens"], usage["completion_tokens"])
    assert (after[1] - before[1], after[2] - before[2]) == wanted, (before, after, usage)

    status = call(f"{BASE}/api/v1/models", token=token)
    assert status["answering"] == "model" and status["models"][0]["failed"] == 0, status
    print(f"litellm-check: {after[0]} calls, {after[1]} + {after[2]} tokens, none estimated")


main()
