namespace IngressController.Kubernetes.Wire;

/// <summary>How the API's own source calls the type of a field, where that does not follow from ours. The API server's decode errors say it.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class GoTypeAttribute(string name) : Attribute
{
    public string Name { get; } = name;
}

/// <summary>The fields that the API has in this object and that nothing here reads, so that they are not taken for misspelt ones.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class UnreadFieldsAttribute(params string[] names) : Attribute
{
    public IReadOnlyList<string> Names { get; } = names;
}
