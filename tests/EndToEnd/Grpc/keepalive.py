"""A real gRPC client that sends PINGs while it has nothing to ask: keepalive.py ADDRESS HOST. Calls, waits for the end of its connection, and calls again."""
import sys
import threading

import grpc

channel = grpc.insecure_channel(sys.argv[1], (
    ("grpc.default_authority", sys.argv[2]),
    ("grpc.keepalive_time_ms", 500),
    ("grpc.keepalive_permit_without_calls", 1),
    ("grpc.http2.max_pings_without_data", 0),
))
call = channel.unary_unary("/test.Echo/Unary")
idle = threading.Event()
print(call(b"hello", timeout=60).decode(), end=", ")
channel.subscribe(lambda state: idle.set() if state is grpc.ChannelConnectivity.IDLE else None)
print("idle" if idle.wait(60) else "still connected", end=", ")
print(call(b"hello", timeout=60).decode())
