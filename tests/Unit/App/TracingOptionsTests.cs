using System.Diagnostics;
using IngressController.App.Tracing;
using IngressController.Proxy.Tracing;

namespace IngressController.Unit.App;

public sealed class TracingOptionsTests
{
    private static readonly ActivityTraceId Low = ActivityTraceId.CreateFromString("00000000000000010af7651916cd43dd");
    private static readonly ActivityTraceId High = ActivityTraceId.CreateFromString("7ffffffffffffffe0af7651916cd43dd");

    [Theory]
    [InlineData(0, false, false)]
    [InlineData(0.5, true, false)]
    [InlineData(1, true, true)]
    public void The_ratio_is_of_all_ids(double ratio, bool takesLow, bool takesHigh)
    {
        var isRecorded = new TracingOptions(ratio, AsksParent: true, TraceContext.Trusted).Sampler();
        Assert.Equal((takesLow, takesHigh), (isRecorded(Low, default), isRecorded(High, default)));
    }

    [Theory]
    [InlineData(true, true, true)]
    [InlineData(true, false, false)]
    [InlineData(false, true, false)]
    [InlineData(false, false, false)]
    public void The_callers_word_counts_where_it_is_asked(bool asksParent, bool isParentRecorded, bool isRecorded)
    {
        var parent = new ActivityContext(High, ActivitySpanId.CreateRandom(), isParentRecorded ? ActivityTraceFlags.Recorded : ActivityTraceFlags.None, isRemote: true);
        Assert.Equal(isRecorded, new TracingOptions(0.5, asksParent, TraceContext.Trusted).Sampler()(High, parent));
    }

    [Theory]
    [InlineData("80000000000000000000000000000000")]
    [InlineData("00000000000000000000000000000001")]
    public void No_id_that_a_client_may_send_is_too_much(string id)
    {
        var trace = ActivityTraceId.CreateFromString(id);
        var parent = new ActivityContext(trace, ActivitySpanId.CreateRandom(), ActivityTraceFlags.None, isRemote: true);
        Assert.True(new TracingOptions(1, AsksParent: false, TraceContext.Always).Sampler()(trace, parent));
    }
}
