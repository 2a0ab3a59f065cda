using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;

namespace SecuTicket.Api.Web;

/// <summary>Keys that go with the process: the framework makes one at each start whether anybody asks for it or not, and would keep it in the user's folder as it is.</summary>
internal sealed class PassingKeys : IXmlRepository
{
    private readonly List<XElement> _keys = [];

    /// <inheritdoc/>
    public IReadOnlyCollection<XElement> GetAllElements()
    {
        lock (_keys) return [.. _keys];
    }

    /// <inheritdoc/>
    public void StoreElement(XElement element, string friendlyName)
    {
        lock (_keys) _keys.Add(element);
    }
}
