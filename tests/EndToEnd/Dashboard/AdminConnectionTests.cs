using System.Net.Sockets;
using System.Text;
using IngressController.Testing;

namespace IngressController.EndToEnd.Dashboard;

/// <summary>How many connections the admin port takes.</summary>
public sealed class AdminConnectionTests
{
    [Fact]
    public async Task One_address_elsewhere_has_only_so_many_connections_and_takes_none_from_loopback()
    {
        await using var world = await DashboardWorld.StartAsync(address: "0.0.0.0");
        var held = new List<TcpClient>();
        for (var count = 0; count < 128; count++)
        {
            held.Add(new());
            Assert.True(await IsAnsweredAsync(held[^1], world.Outside));
        }

        using (var tooMany = new TcpClient())
        {
            Assert.False(await IsAnsweredAsync(tooMany, world.Outside));
        }

        Assert.Equal(200, (await world.AnswerAsync("/api/overview")).Status);
        held.ForEach(connection => connection.Dispose());
        await Eventually.TrueAsync(
            async () =>
            {
                using var another = new TcpClient();
                return await IsAnsweredAsync(another, world.Outside);
            },
            "room for another");
    }

    private static async Task<bool> IsAnsweredAsync(TcpClient connection, Uri at)
    {
        try
        {
            await connection.ConnectAsync(at.Host, at.Port);
            await connection.GetStream().WriteAsync(Encoding.ASCII.GetBytes("GET /livez HTTP/1.1\r\nHost: a\r\n\r\n"));
            return await connection.GetStream().ReadAsync(new byte[1024]).AsTask().InTime() > 0;
        }
        catch (Exception e) when (e is IOException or SocketException) // which of the two depends on how far connecting has come
        {
            return false;
        }
    }
}
