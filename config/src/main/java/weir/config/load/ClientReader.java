package weir.config.load;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import weir.config.model.AddressRange;
import weir.config.model.BinaryClient;
import weir.config.model.Permission;
import weir.config.model.TenantControls;
import weir.config.yaml.Forms;
import weir.config.yaml.Placed;
import weir.config.yaml.ProblemCode;
import weir.config.yaml.Section;
import weir.protocol.sbe.CancelOnDisconnect;

/** Reads the clients of binary order entry of a tenant. */
final class ClientReader {
    private static final String IPC = "ipc";

    private final References references;

    ClientReader(final References references) {
        this.references = references;
    }

    List<BinaryClient> read(final Section tenant, final Set<Permission> tenantPermissions,
        final List<TenantControls.Route> routes) {
        final List<BinaryClient> result = new ArrayList<>();
        for (final Section section : tenant.sections("clients")) {
            final int session = (int) (long) section.need("session", Forms.integer(1, 1_000_000), 0L);
            final String name = section.need("name", Forms.ascii(32), "");
            final String keyId = section.need("key", Forms.ascii(32), "");
            references.declare("session id", Integer.toString(session), section, "session");
            ControlsReader.routes(section, session, routes);
            references.declare("CompID", name, section, "name");
            references.declare("client key", keyId, section, "key");
            if (keyId.indexOf(' ') >= 0) {
                section.problem(ProblemCode.CONFIG_TYPE, "key", "a key id without spaces", "'" + keyId + '\'', "");
            }
            final Set<Permission> permissions = TenantReader.permissions(section, tenantPermissions);
            if (!tenantPermissions.containsAll(permissions)) {
                section.problem(ProblemCode.CONFIG_CONFLICT, "permissions", "permissions that the tenant has",
                    "one that it has not", "");
            }
            final int heartbeatMs = section.or("heartbeat", Forms.durationMs(50, 60_000), 1_000);
            final int timeoutMs = section.or("heartbeatTimeout", Forms.durationMs(100, 600_000), 3 * heartbeatMs);
            if (timeoutMs <= heartbeatMs) {
                section.problem(ProblemCode.CONFIG_CONFLICT, "heartbeatTimeout",
                    "more than heartbeat (" + heartbeatMs + "ms)", timeoutMs + "ms", "");
            }
            final List<AddressRange> addresses = new ArrayList<>();
            final boolean ipc = places(section, addresses);
            result.add(new BinaryClient(session, name, keyId,
                section.need("secret", Forms.secret(false), DeskReader.NO_SECRET), TenantReader.rate(section),
                permissions,
                section.or("cancelOnDisconnect", Forms.choice(CancelOnDisconnect.class), CancelOnDisconnect.NONE),
                section.or("cancelGrace", Forms.durationMs(0, 3_600_000), 5_000), heartbeatMs, timeoutMs, ipc,
                addresses));
            section.done();
        }
        return result;
    }

    /** Reads {@code allow}: {@code ipc}, addresses and ranges. Nothing allowed by mistake: it has no default. */
    private static boolean places(final Section section, final List<AddressRange> addresses) {
        boolean ipc = false;
        for (final Placed<String> item : section.list("allow", Forms.text(64))) {
            final Optional<AddressRange> range = AddressRange.parse(item.value());
            if (item.value().equals(IPC)) {
                ipc = true;
            } else if (range.isPresent()) {
                addresses.add(range.get());
            } else {
                section.problem(ProblemCode.CONFIG_TYPE, "allow", "ipc, or an address range such as 10.0.0.0/8",
                    "'" + item.value() + '\'', "");
            }
        }
        if (!section.has("allow")) {
            section.problem(ProblemCode.CONFIG_MISSING, "allow", "where it may be", "none",
                "allow: [ipc], or address ranges for UDP");
        }
        return ipc;
    }
}
