"""Calls of a real gRPC client: calls.py ADDRESS HOST CALL [AUTHORITY]. Prints what came of the call."""
import os
import queue
import sys

import grpc

address, host, call = sys.argv[1:4]
if len(sys.argv) > 4:
    credentials = grpc.ssl_channel_credentials(open(sys.argv[4], "rb").read())
    channel = grpc.secure_channel(address, credentials, (("grpc.ssl_target_name_override", host), ("grpc.enable_retries", 0)))
else:
    channel = grpc.insecure_channel(address, (("grpc.default_authority", host), ("grpc.enable_retries", 0)))


def unary(request, method="/test.Echo/Unary", timeout=20, metadata=()):
    try:
        answer, how = channel.unary_unary(method).with_call(request, timeout=timeout, metadata=metadata)
        initial, trailing = dict(how.initial_metadata()), dict(how.trailing_metadata())
        return f"{answer.decode()}, {initial.get('x-initial')}, {trailing.get('x-trailing')}"
    except grpc.RpcError as error:
        return f"{error.code().name}: {error.details()} {dict(error.trailing_metadata() or ()).get('x-trailing')}"


def both():
    asked = queue.Queue()
    answers = channel.stream_stream("/test.Echo/Both")(iter(asked.get, None), timeout=20)
    heard = []
    for word in (b"one", b"two", b"three"):
        asked.put(word)  # the next is said only after the answer to this one
        heard.append(next(answers).decode())
    asked.put(None)
    return heard, list(answers), answers.code().name


def first():
    asked = queue.Queue()
    answers = channel.stream_stream("/test.Echo/First")(iter(asked.get, None), timeout=20)
    word = next(answers).decode()  # although nothing has been said yet
    asked.put(None)
    return word, list(answers), answers.code().name


def ticks():
    """Until the file STOP is there."""
    heard = 0
    answers = channel.unary_stream("/test.Echo/Ticks")(b"")
    for number, answer in enumerate(answers):
        if int(answer) != number:
            return f"{answer} instead of {number}"
        heard = number + 1
        if heard == 3:
            print("it ticks", flush=True)
        if os.path.exists(os.environ["STOP"]):
            answers.cancel()
            return "all heard"
    return f"ended after {heard}"


calls = {
    "unary": lambda: unary(b"hello", metadata=(("x-asked", "yes"),)),
    "status": lambda: unary(b"fail"),
    "deadline": lambda: unary(b"sleep", timeout=1),
    "unknown": lambda: unary(b"", method="/test.Echo/Nothing"),
    "server": lambda: [answer.decode() for answer in channel.unary_stream("/test.Echo/ServerStream")(b"5", timeout=20)],
    "client": lambda: channel.stream_unary("/test.Echo/ClientStream")(iter((b"1", b"2", b"3")), timeout=20).decode(),
    "both": both,
    "first": first,
    "ticks": ticks,
}
print(calls[call]())
