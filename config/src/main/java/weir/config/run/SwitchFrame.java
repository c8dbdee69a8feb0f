package weir.config.run;

import java.nio.charset.StandardCharsets;
import org.agrona.MutableDirectBuffer;
import weir.protocol.sbe.BooleanType;
import weir.protocol.sbe.KillTrigger;
import weir.protocol.sbe.MessageHeaderEncoder;
import weir.protocol.sbe.TradingState;
import weir.protocol.sbe.TradingSwitchEncoder;

/** Encodes a TradingSwitch. One thread. */
final class SwitchFrame {
    private static final int ACTOR_MAX = 32;
    private static final int WHY_MAX = 200;

    private final MutableDirectBuffer buffer;
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final TradingSwitchEncoder encoder = new TradingSwitchEncoder();

    SwitchFrame(final MutableDirectBuffer buffer) {
        this.buffer = buffer;
    }

    /** Encodes at the buffer's begin; answers the length without the header. */
    int encode(final SwitchTarget target, final TradingState state, final boolean cancelOpen,
        final KillTrigger trigger, final String actor, final String why) {
        encoder.wrapAndApplyHeader(buffer, 0, header).scope(target.scope()).targetId(target.id())
            .tenantId(target.tenantId()).state(state).cancelOpen(cancelOpen ? BooleanType.TRUE : BooleanType.FALSE)
            .trigger(trigger).actor(ascii(actor, ACTOR_MAX));
        final byte[] text = ascii(why, WHY_MAX).getBytes(StandardCharsets.US_ASCII);
        encoder.putWhy(text, 0, text.length);
        return encoder.encodedLength();
    }

    /** Printable ASCII of at most so many characters. */
    static String ascii(final String text, final int max) {
        final String printable = text.replaceAll("[^ -~]", "?");
        return printable.length() <= max ? printable : printable.substring(0, max);
    }
}
