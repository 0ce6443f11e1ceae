using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;
using Redbark.Sync.Worker.Api.Accounts.History;
using static Redbark.Sync.Worker.Console.Accounts.Chart.BalanceChart;

namespace Redbark.Sync.Worker.Console.Accounts.Chart;

/// <summary>Draws a balance's history as SVG. In C#, because Razor takes SVG's element <c>text</c> for a word of its own.</summary>
public sealed class BalanceDrawing : ComponentBase
{
    /// <summary>Tells two drawings of one page apart.</summary>
    [Parameter, EditorRequired] public string Id { get; set; } = "";
    [Parameter, EditorRequired] public string Title { get; set; } = "";

    /// <summary>What it shows, in a sentence or two, for who cannot see it.</summary>
    [Parameter, EditorRequired] public string Description { get; set; } = "";
    [Parameter] public string? Class { get; set; }
    [Parameter, EditorRequired] public int Width { get; set; }
    [Parameter, EditorRequired] public int Height { get; set; }

    /// <summary>How many days are written along the foot at most.</summary>
    [Parameter] public int MostTicks { get; set; } = 8;
    [Parameter, EditorRequired] public object? History { get; set; }

    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        var chart = new BalanceChart((BalanceHistory)History!, Width, Height, MostTicks);
        builder.OpenElement(0, "svg");
        builder.AddAttribute(1, "class", $"chart {Class}");
        builder.AddAttribute(2, "viewBox", $"0 0 {Width} {Height}");
        builder.AddAttribute(3, "role", "img");
        builder.AddAttribute(4, "aria-labelledby", $"{Id}-title {Id}-description");
        Named(builder, "title", $"{Id}-title", Title);
        Named(builder, "desc", $"{Id}-description", Description);
        foreach (var tick in chart.Amounts)
        {
            Line(builder, "grid", chart.PlotLeft, tick.At, chart.PlotRight, tick.At);
            Words(builder, chart.PlotLeft - 8, tick.At + 4, "end", tick.Label);
        }

        foreach (var tick in chart.Days)
        {
            Line(builder, "tick", tick.At, chart.PlotBottom, tick.At, chart.PlotBottom + 5);
            Words(builder, tick.At, chart.PlotBottom + 20, tick.At > chart.PlotRight - 30 ? "end" : tick.At < chart.PlotLeft + 30 ? "start" : "middle", tick.Label);
        }

        if (chart.ShowsOpening)
            Line(builder, "opening", chart.PlotLeft, chart.OpeningY, chart.PlotRight, chart.OpeningY);
        if (chart.DriftX is { } since)
            Line(builder, "since", since, chart.PlotTop, since, chart.PlotBottom);
        builder.OpenElement(20, "path");
        builder.AddAttribute(21, "class", "ledger");
        builder.AddAttribute(22, "d", chart.Ledger);
        builder.CloseElement();
        foreach (var point in chart.Points)
            Point(builder, point);
        builder.CloseElement();
    }

    private static void Point(RenderTreeBuilder builder, ChartPoint point)
    {
        if (point.Point.Agrees == false)
        {
            Line(builder, "apart", point.X, point.Y, point.X, point.LedgerY);
            builder.OpenElement(30, "path");
            builder.AddAttribute(31, "class", "bank differs");
            builder.AddAttribute(32, "d", $"M{Text(point.X)} {Text(point.Y - 5)}l5 5l-5 5l-5 -5z");
            builder.CloseElement();
            return;
        }

        builder.OpenElement(33, "circle");
        builder.AddAttribute(34, "class", point.Point.Agrees == true ? "bank agrees" : "bank");
        builder.AddAttribute(35, "cx", Text(point.X));
        builder.AddAttribute(36, "cy", Text(point.Y));
        builder.AddAttribute(37, "r", "3");
        builder.CloseElement();
    }

    private static void Named(RenderTreeBuilder builder, string element, string id, string text)
    {
        builder.OpenElement(5, element);
        builder.AddAttribute(6, "id", id);
        builder.AddContent(7, text);
        builder.CloseElement();
    }

    private static void Line(RenderTreeBuilder builder, string name, double x1, double y1, double x2, double y2)
    {
        builder.OpenElement(10, "line");
        builder.AddAttribute(11, "class", name);
        builder.AddAttribute(12, "x1", Text(x1));
        builder.AddAttribute(13, "y1", Text(y1));
        builder.AddAttribute(14, "x2", Text(x2));
        builder.AddAttribute(15, "y2", Text(y2));
        builder.CloseElement();
    }

    private static void Words(RenderTreeBuilder builder, double x, double y, string anchor, string text)
    {
        builder.OpenElement(16, "text");
        builder.AddAttribute(17, "x", Text(x));
        builder.AddAttribute(18, "y", Text(y));
        builder.AddAttribute(19, "text-anchor", anchor);
        builder.AddContent(20, text);
        builder.CloseElement();
    }
}
