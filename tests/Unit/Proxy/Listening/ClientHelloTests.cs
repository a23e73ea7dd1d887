using System.Buffers;
using IngressController.Proxy.Listening;

namespace IngressController.Unit.Proxy.Listening;

public sealed class ClientHelloTests
{
    [Fact]
    public void Empty_records_are_not_read_for_ever()
    {
        var records = Enumerable.Repeat<byte[]>([22, 3, 1, 0, 0], 4000).SelectMany(record => record).ToArray();
        Assert.Null(ClientHello.Read(new ReadOnlySequence<byte>(records, 0, 100)));
        Assert.Equal(new Verdict<ClientHello?>(null), ClientHello.Read(new ReadOnlySequence<byte>(records)));
    }
}
