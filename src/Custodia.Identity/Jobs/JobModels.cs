using Custodia.Console;
using Custodia.Identity.Directories;
using Custodia.Kernel.Policy;

namespace Custodia.Identity.Jobs;

internal sealed record JobsModel(IReadOnlyList<Directory> Directories, IReadOnlyList<JobAnswer> Jobs, string? Older, bool MayImport);

internal sealed record ImportModel(IReadOnlyList<Directory> Directories, FormState Form);

internal sealed record ExportModel(IReadOnlyList<Directory> Directories, IReadOnlyList<(Guid Id, string Name)> Groups, IReadOnlyList<PolicyUse> Uses, FormState Form);

/// <param name="Columns">Of a draft: the columns of its file.</param>
/// <param name="Preview">What was asked for by this very request.</param>
internal sealed record JobModel(
    JobAnswer Job, ColumnsAnswer? Columns, PreviewAnswer? Preview, IReadOnlyList<FindingAnswer> Findings, bool MayImport, FormState Form);
