package weir.bench.jmh;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import weir.protocol.Scale;
import weir.protocol.sbe.MessageHeaderDecoder;
import weir.protocol.sbe.MessageHeaderEncoder;
import weir.protocol.sbe.NewOrderDecoder;
import weir.protocol.sbe.NewOrderEncoder;
import weir.protocol.sbe.OrdType;
import weir.protocol.sbe.SelfTradePrevention;
import weir.protocol.sbe.ShapeError;
import weir.protocol.sbe.Side;
import weir.protocol.sbe.TimeInForce;

/** What does it cost to encode, and to decode, one NewOrder as SBE? */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class SbeBenchmark {
    private final UnsafeBuffer buffer = new UnsafeBuffer(BufferUtil.allocateDirectAligned(512, 64));
    private final MessageHeaderEncoder headerEncoder = new MessageHeaderEncoder();
    private final MessageHeaderDecoder headerDecoder = new MessageHeaderDecoder();
    private final NewOrderEncoder encoder = new NewOrderEncoder();
    private final NewOrderDecoder decoder = new NewOrderDecoder();
    private final byte[] clOrdId = Arrays.copyOf("ORDER-0000000001".getBytes(StandardCharsets.US_ASCII), 36);
    private final byte[] symbol = Arrays.copyOf("BTC-USD".getBytes(StandardCharsets.US_ASCII), 20);
    private long sequence;

    /** Leaves one encoded message for the decoder. */
    @Setup
    public void prepare() {
        encode();
    }

    /**
     * Encodes every field.
     *
     * @return encoded length, bytes
     */
    @Benchmark
    public int encode() {
        encoder.wrapAndApplyHeader(buffer, 0, headerEncoder);
        encoder.sessionId(7).msgSeqNum((int)++sequence);
        encoder.messageFlags().clear();
        encoder.receivedNs(sequence).putClOrdId(clOrdId, 0).putSymbol(symbol, 0).side(Side.BUY).ordType(OrdType.LIMIT)
            .timeInForce(TimeInForce.GTC);
        encoder.execInst().clear();
        encoder.selfTradePrevention(SelfTradePrevention.CANCEL_NEWEST).shapeError(ShapeError.NONE)
            .orderQty(Scale.E8).price(65_000L * Scale.E8).stopPx(Scale.NULL).cashOrderQty(Scale.NULL)
            .expireNs(Scale.NULL).queueDeadlineNs(Scale.NULL).strategyId(0);
        return encoder.encodedLength();
    }

    /**
     * Reads the fields that admission reads.
     *
     * @return a mix of them
     */
    @Benchmark
    public long decode() {
        headerDecoder.wrap(buffer, 0);
        decoder.wrap(buffer, MessageHeaderDecoder.ENCODED_LENGTH, headerDecoder.blockLength(), headerDecoder.version());
        return decoder.sessionId() + decoder.msgSeqNum() + decoder.receivedNs() + decoder.side().value()
            + decoder.ordType().value() + decoder.timeInForce().value() + decoder.orderQty() + decoder.price()
            + decoder.stopPx() + decoder.expireNs();
    }
}
