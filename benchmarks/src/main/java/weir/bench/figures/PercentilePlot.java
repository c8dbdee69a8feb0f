package weir.bench.figures;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.HdrHistogram.Histogram;

/**
 * Latency over percentile as an SVG picture: percentiles on a scale of nines, microseconds on a logarithmic one, one
 * line for each contestant. Needs nothing but a viewer.
 */
public final class PercentilePlot {
    private static final int WIDTH = 960;
    private static final int HEIGHT = 560;
    private static final int LEFT = 80;
    private static final int RIGHT = 230;
    private static final int TOP = 60;
    private static final int BOTTOM = 70;
    private static final double NINES = 5;
    private static final double[] MARKS = {0, 50, 90, 99, 99.9, 99.99, 99.999};
    private static final int STEPS = 200;
    private static final String[] COLOURS = {
        "#1b6ca8", "#c8553d", "#3a7d44", "#8e5ea2", "#b8860b", "#4a4a4a", "#00838f", "#ad1457", "#5d4037"};

    private final String title;
    private final String caption;
    private final List<String> names = new ArrayList<>();
    private final List<Histogram> histograms = new ArrayList<>();

    /**
     * An empty plot.
     *
     * @param title   above it
     * @param caption below it, up to two lines: machine and command
     */
    public PercentilePlot(final String title, final String caption) {
        this.title = title;
        this.caption = caption;
    }

    /**
     * Adds a line; one without values is left out.
     *
     * @param name      in the legend
     * @param histogram nanoseconds
     * @return this
     */
    public PercentilePlot add(final String name, final Histogram histogram) {
        if (histogram.getTotalCount() > 0) {
            names.add(name);
            histograms.add(histogram);
        }
        return this;
    }

    /**
     * Whether it has a line.
     *
     * @return false when there is nothing to draw
     */
    public boolean isEmpty() {
        return names.isEmpty();
    }

    /**
     * Draws.
     *
     * @return an SVG document
     */
    public String svg() {
        double low = Double.MAX_VALUE;
        double high = 1;
        for (final Histogram histogram : histograms) {
            low = Math.min(low, Math.max(1, histogram.getMinValue()));
            high = Math.max(high, histogram.getMaxValue());
        }
        final double bottom = Math.floor(Math.log10(low));
        final double top = Math.max(bottom + 1, Math.ceil(Math.log10(high)));
        final StringBuilder svg = new StringBuilder(1 << 14);
        svg.append(String.format(Locale.ROOT, "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" "
            + "font-family=\"sans-serif\" font-size=\"13\">%n", WIDTH, HEIGHT));
        svg.append(String.format(Locale.ROOT, "<rect width=\"%d\" height=\"%d\" fill=\"white\"/>%n", WIDTH, HEIGHT));
        text(svg, LEFT, 30, "start", 18, title);
        final String[] captions = caption.split("\n");
        for (int i = 0; i < captions.length; i++) {
            text(svg, LEFT, HEIGHT - 8 - 12 * (captions.length - 1 - i), "start", 10, captions[i]);
        }
        grid(svg, bottom, top);
        for (int i = 0; i < names.size(); i++) {
            final String colour = COLOURS[i % COLOURS.length];
            svg.append("<polyline fill=\"none\" stroke=\"").append(colour).append("\" stroke-width=\"2\" points=\"");
            line(svg, histograms.get(i), bottom, top);
            svg.append("\"/>\n");
            final int y = TOP + 12 + i * 22;
            svg.append(String.format(Locale.ROOT,
                "<rect x=\"%d\" y=\"%d\" width=\"14\" height=\"4\" fill=\"%s\"/>%n", WIDTH - RIGHT + 18, y - 6,
                colour));
            text(svg, WIDTH - RIGHT + 40, y, "start", 13, names.get(i));
        }
        return svg.append("</svg>\n").toString();
    }

    private static void grid(final StringBuilder svg, final double bottom, final double top) {
        for (final double mark : MARKS) {
            final double x = x(mark);
            svg.append(String.format(Locale.ROOT,
                "<line x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\" stroke=\"#dddddd\"/>%n", x, TOP, x,
                HEIGHT - BOTTOM));
            text(svg, x, HEIGHT - BOTTOM + 20, "middle", 12, trimmed(mark));
        }
        text(svg, (LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - BOTTOM + 40, "middle", 12, "percentile");
        for (double power = bottom; power <= top; power++) {
            final double y = y(Math.pow(10, power), bottom, top);
            svg.append(String.format(Locale.ROOT,
                "<line x1=\"%d\" y1=\"%.1f\" x2=\"%d\" y2=\"%.1f\" stroke=\"#dddddd\"/>%n", LEFT, y, WIDTH - RIGHT, y));
            text(svg, LEFT - 8, y + 4, "end", 12, unit(Math.pow(10, power)));
        }
    }

    private static String trimmed(final double mark) {
        return Double.toString(mark).replaceFirst("\\.0$", "");
    }

    private static String unit(final double ns) {
        return ns < 1e3 ? Figures.plain(ns) + " ns" : ns < 1e6 ? Figures.plain(ns / 1e3) + " us"
            : ns < 1e9 ? Figures.plain(ns / 1e6) + " ms" : Figures.plain(ns / 1e9) + " s";
    }

    private static void line(final StringBuilder svg, final Histogram histogram, final double bottom,
        final double top) {
        for (int i = 0; i <= STEPS; i++) {
            final double percentile = 100 - 100 * Math.pow(10, -NINES * i / STEPS);
            svg.append(String.format(Locale.ROOT, "%.1f,%.1f ", x(percentile),
                y(Math.max(1, histogram.getValueAtPercentile(percentile)), bottom, top)));
        }
    }

    /** 0 at the left, one more nine with each fifth of the width. */
    private static double x(final double percentile) {
        final double nines = Math.min(NINES, -Math.log10(Math.max(1e-9, 1 - percentile / 100)));
        return LEFT + nines / NINES * (WIDTH - LEFT - RIGHT);
    }

    private static double y(final double ns, final double bottom, final double top) {
        return HEIGHT - BOTTOM - (Math.log10(ns) - bottom) / (top - bottom) * (HEIGHT - TOP - BOTTOM);
    }

    private static void text(final StringBuilder svg, final double x, final double y, final String anchor,
        final int size, final String text) {
        svg.append(String.format(Locale.ROOT, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" font-size=\"%d\">",
            x, y, anchor, size)).append(escaped(text)).append("</text>\n");
    }

    private static String escaped(final String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
