"""A gRPC server with bytes for messages: server.py [CERTIFICATE KEY]. Says "port N" once it listens."""
import sys
import time
from concurrent import futures

import grpc


def unary(request, context):
    metadata = dict(context.invocation_metadata())
    if request == b"fail":
        context.set_trailing_metadata((("x-trailing", "t"),))
        context.abort(grpc.StatusCode.FAILED_PRECONDITION, "not today: 100% ü")
    if request == b"sleep":
        while context.is_active():
            time.sleep(0.01)
        print("cancelled", flush=True)
    context.send_initial_metadata((("x-initial", metadata.get("x-asked", "")),))
    context.set_trailing_metadata((("x-trailing", "t"),))
    return request + b" " + (b"deadline" if context.time_remaining() is not None and context.time_remaining() < 1e6 else b"no deadline")


def server_stream(request, context):
    for number in range(int(request)):
        yield b"%d" % number


def client_stream(requests, context):
    return b"%d" % sum(int(request) for request in requests)


def both(requests, context):
    for request in requests:
        yield request.upper()


def first(requests, context):
    yield b"ready"
    for request in requests:
        yield request


def ticks(request, context):
    number = 0
    while context.is_active():
        yield b"%d" % number
        number += 1
        time.sleep(0.02)


service = grpc.method_handlers_generic_handler("test.Echo", {
    "Unary": grpc.unary_unary_rpc_method_handler(unary),
    "ServerStream": grpc.unary_stream_rpc_method_handler(server_stream),
    "ClientStream": grpc.stream_unary_rpc_method_handler(client_stream),
    "Both": grpc.stream_stream_rpc_method_handler(both),
    "First": grpc.stream_stream_rpc_method_handler(first),
    "Ticks": grpc.unary_stream_rpc_method_handler(ticks),
})
server = grpc.server(futures.ThreadPoolExecutor(max_workers=8))
server.add_generic_rpc_handlers((service,))
if len(sys.argv) > 2:
    certificate, key = (open(name, "rb").read() for name in sys.argv[1:3])
    port = server.add_secure_port("127.0.0.1:0", grpc.ssl_server_credentials(((key, certificate),)))
else:
    port = server.add_insecure_port("127.0.0.1:0")
server.start()
print("port", port, flush=True)
server.wait_for_termination()
