package weir.client;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.agrona.CloseHelper;
import org.agrona.DirectBuffer;
import weir.protocol.RejectReason;
import weir.protocol.sbe.BusinessRejectDecoder;
import weir.protocol.sbe.CancelOrderDecoder;
import weir.protocol.sbe.CancelRejectDecoder;
import weir.protocol.sbe.ExecutionReportDecoder;
import weir.protocol.sbe.MassCancelDecoder;
import weir.protocol.sbe.MassCancelReportDecoder;
import weir.protocol.sbe.MessageFlagsDecoder;
import weir.protocol.sbe.MessageHeaderDecoder;
import weir.protocol.sbe.NewOrderDecoder;
import weir.protocol.sbe.OrderStatusRequestDecoder;
import weir.protocol.sbe.ReplaceOrderDecoder;

/**
 * The client's own record of what it sent and heard, by which its operator checks the bill ({@code weir reconcile
 * --client-log}). Lines are those of a desk's raw FIX log, {@code epochNanos SP IN|OUT SP message} with SOH between
 * fields: message type(35), number(34), sender(49), receiver(56), ClOrdID(11), PossResend(97), and of answers what they
 * are about, RecordSeq(20001) and the code(58). A line is one write, after its command has left; it allocates. One
 * thread.
 */
final class CommandLog implements AutoCloseable {
    private static final char SOH = '\u0001';
    private static final String ROUTER = "WEIR";
    private static final long NS_PER_MS = 1_000_000L;

    private final WeirClientContext context;
    private final FileChannel channel;
    private final StringBuilder line = new StringBuilder(256);
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final NewOrderDecoder newOrder = new NewOrderDecoder();
    private final ReplaceOrderDecoder replace = new ReplaceOrderDecoder();
    private final CancelOrderDecoder cancel = new CancelOrderDecoder();
    private final OrderStatusRequestDecoder status = new OrderStatusRequestDecoder();
    private final MassCancelDecoder mass = new MassCancelDecoder();
    private final ExecutionReportDecoder execution = new ExecutionReportDecoder();
    private final CancelRejectDecoder cancelReject = new CancelRejectDecoder();
    private final BusinessRejectDecoder businessReject = new BusinessRejectDecoder();
    private final MassCancelReportDecoder massReport = new MassCancelReportDecoder();

    private CommandLog(final WeirClientContext context, final FileChannel channel) {
        this.context = context;
        this.channel = channel;
    }

    /** Null where the context names no file. */
    static CommandLog open(final WeirClientContext context) {
        final Path file = context.commandLog();
        if (file == null) {
            return null;
        }
        try {
            if (file.toAbsolutePath().getParent() != null) {
                Files.createDirectories(file.toAbsolutePath().getParent());
            }
            return new CommandLog(context, FileChannel.open(file, StandardOpenOption.CREATE,
                StandardOpenOption.APPEND));
        } catch (final IOException ex) {
            throw new IllegalArgumentException("cannot write the command log " + file + ": " + ex, ex);
        }
    }

    /** A command left. */
    void onCommand(final DirectBuffer buffer, final int offset) {
        header.wrap(buffer, offset);
        switch (header.templateId()) {
            case NewOrderDecoder.TEMPLATE_ID -> {
                newOrder.wrapAndApplyHeader(buffer, offset, header);
                command("D", newOrder.msgSeqNum(), newOrder.clOrdId(), newOrder.messageFlags());
            }
            case ReplaceOrderDecoder.TEMPLATE_ID -> {
                replace.wrapAndApplyHeader(buffer, offset, header);
                command("G", replace.msgSeqNum(), replace.clOrdId(), replace.messageFlags());
            }
            case CancelOrderDecoder.TEMPLATE_ID -> {
                cancel.wrapAndApplyHeader(buffer, offset, header);
                command("F", cancel.msgSeqNum(), cancel.clOrdId(), cancel.messageFlags());
            }
            case OrderStatusRequestDecoder.TEMPLATE_ID -> {
                status.wrapAndApplyHeader(buffer, offset, header);
                command("H", status.msgSeqNum(), status.clOrdId(), status.messageFlags());
            }
            case MassCancelDecoder.TEMPLATE_ID -> {
                mass.wrapAndApplyHeader(buffer, offset, header);
                command("q", mass.msgSeqNum(), mass.clOrdId(), mass.messageFlags());
            }
            default -> {
                // no command
            }
        }
    }

    private void command(final String type, final int msgSeqNum, final String clOrdId,
        final MessageFlagsDecoder flags) {
        begin("OUT", type, context.keyId(), ROUTER);
        field(34, msgSeqNum).field(11, clOrdId);
        if (flags.possResend()) {
            field(97, "Y");
        }
        write();
    }

    /** A report, or the gateway's own answer, came. */
    void onReport(final DirectBuffer buffer, final int offset) {
        header.wrap(buffer, offset);
        switch (header.templateId()) {
            case ExecutionReportDecoder.TEMPLATE_ID -> {
                execution.wrapAndApplyHeader(buffer, offset, header);
                answer("8", execution.refMsgSeqNum(), execution.recordSequence(), execution.reason());
                field(11, execution.clOrdId()).field(37, execution.orderId())
                    .field(39, Character.toString((char)execution.ordStatus().value()));
            }
            case CancelRejectDecoder.TEMPLATE_ID -> {
                cancelReject.wrapAndApplyHeader(buffer, offset, header);
                answer("9", cancelReject.refMsgSeqNum(), cancelReject.recordSequence(), cancelReject.reason());
                field(11, cancelReject.clOrdId()).field(434, cancelReject.responseTo());
            }
            case BusinessRejectDecoder.TEMPLATE_ID -> {
                businessReject.wrapAndApplyHeader(buffer, offset, header);
                answer("j", businessReject.refMsgSeqNum(), businessReject.recordSequence(), businessReject.reason());
                field(372, Character.toString((char)businessReject.refMsgType())).field(379, businessReject.refId());
            }
            case MassCancelReportDecoder.TEMPLATE_ID -> {
                massReport.wrapAndApplyHeader(buffer, offset, header);
                answer("r", massReport.refMsgSeqNum(), massReport.recordSequence(), massReport.reason());
                field(11, massReport.clOrdId());
            }
            default -> {
                return;
            }
        }
        write();
    }

    private void answer(final String type, final int refMsgSeqNum, final long recordSequence, final int code) {
        begin("IN", type, ROUTER, context.keyId());
        if (refMsgSeqNum > 0) {
            field(45, refMsgSeqNum);
        }
        if (recordSequence != 0) {
            field(20001, recordSequence);
        }
        final RejectReason reason = RejectReason.ofCode(code);
        if (reason != RejectReason.NONE) {
            field(58, reason == null ? "CODE_" + code : reason.name());
        }
    }

    private void begin(final String way, final String type, final String from, final String to) {
        line.setLength(0);
        line.append(context.epochClock().time() * NS_PER_MS).append(' ').append(way).append(" 8=FIXT.1.1").append(SOH);
        field(35, type).field(49, from).field(56, to);
    }

    private CommandLog field(final int tag, final String value) {
        line.append(tag).append('=').append(value.strip()).append(SOH);
        return this;
    }

    private CommandLog field(final int tag, final long value) {
        line.append(tag).append('=').append(value).append(SOH);
        return this;
    }

    private void write() {
        final ByteBuffer bytes = StandardCharsets.ISO_8859_1.encode(line.append('\n').toString());
        try {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        } catch (final IOException ex) {
            context.errorHandler().onError(ex);
        }
    }

    @Override
    public void close() {
        CloseHelper.quietClose(channel);
    }
}
