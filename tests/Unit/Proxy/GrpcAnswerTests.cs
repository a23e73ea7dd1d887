using IngressController.Proxy.Pipeline;
using Microsoft.AspNetCore.Http;

namespace IngressController.Unit.Proxy;

public sealed class GrpcAnswerTests
{
    [Theory]
    [InlineData("HTTP/2", "application/grpc", true)]
    [InlineData("HTTP/3", "application/grpc+proto", true)]
    [InlineData("HTTP/2", "Application/GRPC;charset=x", true)]
    [InlineData("HTTP/1.1", "application/grpc", false)]
    [InlineData("HTTP/2", "application/grpc-web+proto", false)]
    [InlineData("HTTP/2", "application/grpcx", false)]
    [InlineData("HTTP/2", "application/json", false)]
    [InlineData("HTTP/2", null, false)]
    public void Only_gRPC_calls_are_answered_as_such(string protocol, string? contentType, bool isCall)
    {
        var request = new DefaultHttpContext().Request;
        (request.Protocol, request.ContentType) = (protocol, contentType);

        Assert.Equal(isCall, GrpcAnswer.IsAskedFor(request, 404));
    }

    [Theory]
    [InlineData(302)]
    [InlineData(308)]
    [InlineData(421)]
    public void What_sends_the_client_elsewhere_stays_a_status_of_HTTP(int status)
    {
        var request = new DefaultHttpContext().Request;
        (request.Protocol, request.ContentType) = ("HTTP/2", "application/grpc");

        Assert.False(GrpcAnswer.IsAskedFor(request, status));
    }

    [Theory]
    [InlineData(400, "13")]
    [InlineData(401, "16")]
    [InlineData(403, "7")]
    [InlineData(404, "12")]
    [InlineData(405, "12")]
    [InlineData(408, "4")]
    [InlineData(413, "8")]
    [InlineData(414, "8")]
    [InlineData(418, "2")]
    [InlineData(429, "14")]
    [InlineData(500, "13")]
    [InlineData(502, "14")]
    [InlineData(503, "14")]
    [InlineData(504, "4")]
    public void Every_status_has_a_gRPC_status(int status, string grpcStatus)
    {
        var response = new DefaultHttpContext().Response;

        GrpcAnswer.Write(response, status);

        Assert.Equal((200, grpcStatus), (response.StatusCode, response.Headers["grpc-status"].ToString()));
    }
}
