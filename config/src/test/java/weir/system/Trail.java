package weir.system;

import java.util.List;
import weir.sim.desk.DeskClient;
import weir.sim.desk.DeskReport;

/** What a desk was told, in short lines that tests compare. */
final class Trail {
    private Trail() {
    }

    /**
     * Every ExecutionReport(8) and OrderCancelReject(9) of an order in order of arrival, as {@code 150=F 39=1 11=b 41=a
     * 32=0.3 31=59990 14=0.3 151=0.7 6=59990} or {@code 9 39=8 11=c 41=x 102=1 UNKNOWN_ORDER}. Tags 41, 32, 31 and the
     * code of Text(58) only where they are set.
     */
    static List<String> of(final DeskClient desk, final String firstClOrdId) {
        final String orderId = desk.reports().matching(report -> "8".equals(report.msgType())
            && firstClOrdId.equals(report.clOrdId())).get(0).get(37);
        return desk.reports().matching(report -> orderId.equals(report.get(37))
            && ("8".equals(report.msgType()) || "9".equals(report.msgType()))).stream().map(Trail::shown).toList();
    }

    /** OrderID(37) of a desk's order. */
    static long orderId(final DeskClient desk, final String firstClOrdId) {
        return Long.parseLong(desk.reports().matching(report -> "8".equals(report.msgType())
            && firstClOrdId.equals(report.clOrdId())).get(0).get(37));
    }

    static String shown(final DeskReport report) {
        final StringBuilder text = new StringBuilder();
        if ("8".equals(report.msgType())) {
            tags(text, report, 150, 39, 11, 41, 32, 31, 14, 151, 6);
        } else {
            text.append(report.msgType());
            tags(text, report, 39, 11, 41, 102);
        }
        if (!report.code().isEmpty()) {
            text.append(' ').append(report.code());
        }
        return text.toString().trim();
    }

    private static void tags(final StringBuilder text, final DeskReport report, final int... tags) {
        for (final int tag : tags) {
            if (report.get(tag) != null) {
                text.append(' ').append(tag).append('=').append(report.get(tag));
            }
        }
    }
}
