using IngressController.Testing;

namespace IngressController.EndToEnd.Proxy;

public sealed class RequestIdTests
{
    [Fact]
    public async Task A_sane_request_id_of_the_client_is_kept_and_answered()
    {
        await using var backend = await EchoBackend.StartAsync();
        await using var proxy = await ProxyUnderTest.StartWithAsync(backend.Destination);

        var response = await proxy.SendRawAsync("GET / HTTP/1.1\r\nHost: shop.test\r\nX-Request-ID: trace-1.2_3\r\nConnection: close\r\n\r\n");

        Assert.Equal("trace-1.2_3", backend.Single.Header("X-Request-ID"));
        Assert.Contains("X-Request-ID: trace-1.2_3\r\n", response, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("X-Request-ID: \r\n")]
    [InlineData("X-Request-ID: two words\r\n")]
    [InlineData("X-Request-ID: one\r\nX-Request-ID: two\r\n")]
    [InlineData("X-Request-ID: \"quoted\"\r\n")]
    public async Task Otherwise_a_request_id_of_32_hexadecimal_digits_is_made(string header)
    {
        await using var backend = await EchoBackend.StartAsync();
        await using var proxy = await ProxyUnderTest.StartWithAsync(backend.Destination);

        var response = await proxy.SendRawAsync($"GET / HTTP/1.1\r\nHost: shop.test\r\n{header}Connection: close\r\n\r\n");

        var id = backend.Single.Header("X-Request-ID");
        Assert.Matches("^[0-9a-f]{32}$", id);
        Assert.Contains($"X-Request-ID: {id}\r\n", response, StringComparison.Ordinal);
    }
}
