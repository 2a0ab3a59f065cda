using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Mvc.Controllers;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.Infrastructure;
using Microsoft.Extensions.DependencyInjection;
using SecuTicket.Api.Administration;
using SecuTicket.Api.Hosting;

namespace SecuTicket.Api.Tests.Contract;

public sealed class DirectActionsTests
{
    [Fact]
    public async Task Only_what_has_nothing_to_bind_and_no_filter_is_called_past_the_framework()
    {
        await using var node = new NodeFactory();
        var actions = node.Services.GetRequiredService<IActionDescriptorCollectionProvider>().ActionDescriptors.Items.Cast<ControllerActionDescriptor>().ToArray();

        var direct = actions.Where(DirectActions.IsDirect).ToArray();

        direct.Select(action => action.DisplayName!.Split(' ')[0].Split('.')[^2..]).Select(names => string.Join('.', names))
            .Should().Contain(["TicketReadsController.Find", "TicketReadsController.Verify", "TicketsController.Purchase", "TransactionsController.PostBatch"]);
        direct.Should().NotContain(action => action.Parameters.Count > 0);
        direct.SelectMany(action => action.FilterDescriptors).Select(one => one.Filter)
            .Should().NotContain(filter => filter is IAuthorizationFilter || filter is IActionFilter || filter is IResultFilter || filter is IFilterFactory);
        DirectActions.IsDirect(new ControllerActionDescriptor { Parameters = [], BoundProperties = [new ParameterDescriptor()], FilterDescriptors = [], MethodInfo = direct[0].MethodInfo }).Should().BeFalse();
        actions.Where(action => action.EndpointMetadata.OfType<AdminOnlyAttribute>().Any()).Should().NotBeEmpty().And.NotIntersectWith(direct);
    }
}
