using SecuTicket.Cli;

return await CommandTree.RunAsync(args, Surroundings.OfProcess());
