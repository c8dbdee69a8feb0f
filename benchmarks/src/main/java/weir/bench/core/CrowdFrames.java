package weir.bench.core;

import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import weir.config.boot.BootCommands;
import weir.config.model.WeirConfig;
import weir.protocol.sbe.GrantDecoder;
import weir.protocol.sbe.GrantEncoder;
import weir.protocol.sbe.GuardConfigDecoder;
import weir.protocol.sbe.MessageHeaderDecoder;
import weir.protocol.sbe.MessageHeaderEncoder;
import weir.protocol.sbe.RateConfigDecoder;
import weir.protocol.sbe.RiskConfigDecoder;
import weir.protocol.sbe.SessionConfigDecoder;
import weir.protocol.sbe.SessionConfigEncoder;
import weir.protocol.sbe.TenantConfigDecoder;
import weir.protocol.sbe.TenantConfigEncoder;
import weir.protocol.sbe.VenueAccountConfigDecoder;
import weir.protocol.sbe.VenueAccountConfigEncoder;

/**
 * The configuration of one tenant, many times over: each copy is a tenant with an account, credit and limits of its
 * own; the first so many have a session. Tenant, account and grant i are number i from 1, session i likewise.
 */
final class CrowdFrames {
    private static final int BODY = MessageHeaderEncoder.ENCODED_LENGTH;

    private CrowdFrames() {
    }

    static List<UnsafeBuffer> of(final WeirConfig config, final long nowNs, final int tenants, final int sessions) {
        final List<UnsafeBuffer> result = new ArrayList<>();
        final MessageHeaderDecoder header = new MessageHeaderDecoder();
        boolean sessionSeen = false;
        for (final byte[] frame : BootCommands.frames(config, nowNs)) {
            final int template = header.wrap(new UnsafeBuffer(frame), 0).templateId();
            if (template == RateConfigDecoder.TEMPLATE_ID || template == GuardConfigDecoder.TEMPLATE_ID
                || template == RiskConfigDecoder.TEMPLATE_ID) {
                continue; // of the demo's own desks and tenants, and off there
            }
            final boolean session = template == SessionConfigDecoder.TEMPLATE_ID;
            if (session && sessionSeen) {
                continue; // one desk each is enough
            }
            sessionSeen |= session;
            final int copies = session ? sessions : template == TenantConfigDecoder.TEMPLATE_ID
                || template == VenueAccountConfigDecoder.TEMPLATE_ID || template == GrantDecoder.TEMPLATE_ID
                ? tenants : 1;
            for (int i = 1; i <= copies; i++) {
                result.add(copy(frame, template, i, tenants));
            }
        }
        return result;
    }

    private static UnsafeBuffer copy(final byte[] frame, final int template, final int number, final int tenants) {
        final UnsafeBuffer copy = new UnsafeBuffer(frame.clone());
        final int tenant = (number - 1) % tenants + 1;
        switch (template) {
            case TenantConfigDecoder.TEMPLATE_ID:
                new TenantConfigEncoder().wrap(copy, BODY).tenantId(number).name("tenant-" + number)
                    .defaultAccountId(number);
                break;
            case VenueAccountConfigDecoder.TEMPLATE_ID:
                new VenueAccountConfigEncoder().wrap(copy, BODY).accountId(number).tenantId(number)
                    .name("account-" + number);
                break;
            case SessionConfigDecoder.TEMPLATE_ID:
                new SessionConfigEncoder().wrap(copy, BODY).sessionId(number).tenantId(tenant)
                    .compId("DESK" + number);
                break;
            case GrantDecoder.TEMPLATE_ID:
                new GrantEncoder().wrap(copy, BODY).grantId(number).tenantId(number);
                break;
            default:
                break;
        }
        return copy;
    }
}
