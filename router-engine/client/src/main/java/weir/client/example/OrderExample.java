package weir.client.example;

import io.aeron.CommonContext;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import weir.client.ClientListener;
import weir.client.WeirClient;
import weir.client.WeirClientContext;
import weir.protocol.RejectReason;
import weir.protocol.Scale;
import weir.protocol.sbe.BusinessRejectDecoder;
import weir.protocol.sbe.CancelRejectDecoder;
import weir.protocol.sbe.DisconnectCause;
import weir.protocol.sbe.ExecutionReportDecoder;
import weir.protocol.sbe.OrdType;
import weir.protocol.sbe.OrdStatus;
import weir.protocol.sbe.Side;
import weir.protocol.sbe.TimeInForce;

/**
 * Logs on, rests a few orders, cancels them, logs out, and prints what it hears. Keeps the number of the next report in
 * a file, so that a second run goes on where the first one ended.
 * <p>
 * Arguments: directory of the entry driver, key id, symbol, price, number of orders, file of the next report's number.
 * The secret is read from the environment variable {@code WEIR_CLIENT_SECRET}.
 */
public final class OrderExample implements ClientListener {
    private static final int RESPONSE_STREAM = 1_042;
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(20);
    private static final long PAUSE_NS = TimeUnit.MICROSECONDS.toNanos(50);

    private final Path progress;
    private int resting;
    private int done;

    private OrderExample(final Path progress) {
        this.progress = progress;
    }

    /**
     * Runs.
     *
     * @param args see the class
     * @throws Exception when the file of the next report's number cannot be read or written
     */
    public static void main(final String[] args) throws Exception {
        final String secret = System.getenv("WEIR_CLIENT_SECRET");
        if (args.length != 6 || secret == null) {
            System.err.println("usage: WEIR_CLIENT_SECRET=... OrderExample AERON_DIR KEY SYMBOL PRICE ORDERS FILE");
            System.exit(2);
        }
        final Path progress = Path.of(args[5]);
        final long nextReport = Files.exists(progress) ? Long.parseLong(Files.readString(progress).trim()) : 1;
        final OrderExample example = new OrderExample(progress);
        final WeirClientContext context = new WeirClientContext()
            .aeronDirectory(args[0].isEmpty() ? CommonContext.getAeronDirectoryName() : args[0])
            .keyId(args[1]).secret(secret.toCharArray()).responseStreamId(RESPONSE_STREAM)
            .nextExpectedReportSeq(nextReport).listener(example)
            .errorHandler(error -> System.err.println("error: " + error));
        try (WeirClient client = WeirClient.launch(context)) {
            example.trade(client, args[2], e8(args[3]), Integer.parseInt(args[4]));
        }
    }

    private void trade(final WeirClient client, final String symbol, final long price, final int orders)
        throws IOException {
        final String run = Long.toString(System.currentTimeMillis(), Character.MAX_RADIX);
        await(client, "logon", () -> client.isLoggedOn());
        for (int i = 0; i < orders; i++) {
            final String id = run + '-' + i;
            await(client, "sending", () -> client.tryNewOrder(id, symbol, Side.BUY, OrdType.LIMIT, TimeInForce.GTC,
                Scale.E8 / 100, price) > 0);
        }
        await(client, "orders at the venue", () -> resting + done >= orders);
        for (int i = 0; i < orders; i++) {
            final String id = run + '-' + i;
            await(client, "sending",
                () -> client.tryCancel(id + "-x", id, symbol, Side.BUY) > 0);
        }
        await(client, "cancels", () -> done >= orders);
        await(client, "acknowledgement", () -> client.unacknowledged() == 0);
        Files.writeString(progress, Long.toString(client.nextExpectedReportSeq()));
        System.out.println("done; next report is " + client.nextExpectedReportSeq());
    }

    private static void await(final WeirClient client, final String what, final BooleanSupplier end) {
        final long deadlineNs = System.nanoTime() + PATIENCE_NS;
        while (!end.getAsBoolean()) {
            if (client.poll(16) == 0) {
                LockSupport.parkNanos(PAUSE_NS);
            }
            if (System.nanoTime() - deadlineNs > 0) {
                throw new IllegalStateException("waited for " + what + ", client is " + client.state());
            }
        }
    }

    private static long e8(final String decimal) {
        return new BigDecimal(decimal).movePointRight(Scale.E8_DIGITS).longValueExact();
    }

    @Override
    public void onLoggedOn(final int sessionId, final long nextReportSeq, final int lastMsgSeqNum) {
        System.out.println("logged on: session " + sessionId + ", next report " + nextReportSeq + ", last command "
            + lastMsgSeqNum);
    }

    @Override
    public void onLogonRefused() {
        System.out.println("logon refused");
    }

    @Override
    public void onDisconnected(final DisconnectCause cause, final RejectReason reason) {
        System.out.println("disconnected: " + cause + ' ' + reason);
    }

    @Override
    public void onExecutionReport(final long reportSeq, final boolean replayed, final ExecutionReportDecoder report) {
        System.out.println("report " + reportSeq + (replayed ? " (replayed)" : "") + ": " + report.clOrdId() + ' '
            + report.execType() + ' ' + report.ordStatus() + ' ' + RejectReason.ofCode(report.reason()));
        if (!replayed) {
            final OrdStatus status = report.ordStatus();
            resting += status == OrdStatus.NEW ? 1 : 0;
            done += status == OrdStatus.CANCELED || status == OrdStatus.REJECTED || status == OrdStatus.FILLED ? 1 : 0;
        }
    }

    @Override
    public void onCancelReject(final long reportSeq, final boolean replayed, final CancelRejectDecoder report) {
        System.out.println("report " + reportSeq + ": cancel refused, " + RejectReason.ofCode(report.reason()));
    }

    @Override
    public void onBusinessReject(final long reportSeq, final boolean replayed, final BusinessRejectDecoder report) {
        System.out.println("report " + reportSeq + ": refused, " + RejectReason.ofCode(report.reason()));
    }

    @Override
    public void onReportsGone(final long asked, final long next) {
        System.out.println("reports from " + asked + " are no longer kept; next is " + next);
    }
}
