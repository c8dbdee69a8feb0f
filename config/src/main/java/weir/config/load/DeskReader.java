package weir.config.load;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import weir.config.model.AddressRange;
import weir.config.model.Desk;
import weir.config.model.Permission;
import weir.config.model.SecretRef;
import weir.config.model.TenantControls;
import weir.config.yaml.Forms;
import weir.config.yaml.Placed;
import weir.config.yaml.ProblemCode;
import weir.config.yaml.Section;
import weir.protocol.sbe.CancelOnDisconnect;

/** Reads the desks of a tenant. */
final class DeskReader {
    /** Stands for a secret whose reference could not be read. */
    static final SecretRef NO_SECRET = new SecretRef(SecretRef.Kind.ENV, "NONE", "", 0);

    private final References references;

    DeskReader(final References references) {
        this.references = references;
    }

    List<Desk> read(final Section tenant, final Set<Permission> tenantPermissions,
        final List<TenantControls.Route> routes) {
        final List<Desk> result = new ArrayList<>();
        for (final Section section : tenant.sections("desks")) {
            final int session = (int) (long) section.need("session", Forms.integer(1, 1_000_000), 0L);
            final String compId = section.need("compId", Forms.ascii(32), "");
            references.declare("session id", Integer.toString(session), section, "session");
            ControlsReader.routes(section, session, routes);
            references.declare("CompID", compId, section, "compId");
            final Set<Permission> permissions = TenantReader.permissions(section, tenantPermissions);
            if (!tenantPermissions.containsAll(permissions)) {
                section.problem(ProblemCode.CONFIG_CONFLICT, "permissions", "permissions that the tenant has",
                    "one that it has not", "");
            }
            final List<AddressRange> allow = new ArrayList<>();
            for (final Placed<AddressRange> item : section.list("allow", Forms.addressRange())) {
                allow.add(item.value());
            }
            result.add(new Desk(session, compId, TenantReader.rate(section), permissions,
                section.or("cancelOnDisconnect", Forms.choice(CancelOnDisconnect.class), CancelOnDisconnect.NONE),
                section.or("cancelGrace", Forms.durationMs(0, 3_600_000), 5_000), logon(section), allow));
            section.done();
        }
        return result;
    }

    private static Desk.Logon logon(final Section desk) {
        final Optional<Section> section = desk.section("logon");
        if (section.isEmpty()) {
            desk.problem(ProblemCode.CONFIG_MISSING, "logon", "a way to prove a logon", "none",
                "add password, hmacSecret or certificate");
            return new Desk.Logon(Optional.empty(), Optional.empty(), Optional.empty());
        }
        final Section ways = section.get();
        final boolean any = ways.has("password") | ways.has("hmacSecret") | ways.has("certificate");
        final Desk.Logon logon = new Desk.Logon(ways.maybe("password", Forms.secret(true)),
            ways.maybe("hmacSecret", Forms.secret(false)), ways.maybe("certificate", Forms.sha256()));
        if (!any) {
            ways.problem(ProblemCode.CONFIG_MISSING, "", "a way to prove a logon", "none",
                "add password, hmacSecret or certificate");
        }
        ways.done();
        return logon;
    }
}
