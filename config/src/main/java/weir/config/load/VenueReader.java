package weir.config.load;

import java.net.URI;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import weir.chain.Address;
import weir.config.model.Venue;
import weir.config.model.VenueChain;
import weir.config.model.VenueEnvironment;
import weir.config.model.VenueHttp;
import weir.config.model.VenueLimit;
import weir.config.model.VenueLink;
import weir.config.yaml.Forms;
import weir.config.yaml.HostPort;
import weir.config.yaml.Placed;
import weir.config.yaml.ProblemCode;
import weir.config.yaml.Section;
import weir.config.yaml.Suggestion;
import weir.protocol.Venues;

/** Reads {@code venues/NAME.yaml}. */
final class VenueReader {
    private static final int DAY_MS = 86_400_000;

    private static final HostPort NO_FIX = new HostPort("", 0);

    private final References references;

    VenueReader(final References references) {
        this.references = references;
    }

    Venue read(final Section root) {
        final String name = root.need("venue", Forms.ascii(32), "");
        final int id = Venues.id(name);
        if (id == 0 && !name.isEmpty()) {
            root.problem(ProblemCode.CONFIG_REFERENCE, "venue", "one of " + String.join(", ", known()),
                "'" + name + '\'', Suggestion.nearest(name, known()));
        }
        references.declare("venue", name, root, "venue");
        final Set<Venue.Capability> capabilities = EnumSet.noneOf(Venue.Capability.class);
        for (final Placed<Venue.Capability> item : root.list("capabilities", Forms.choice(Venue.Capability.class))) {
            capabilities.add(item.value());
        }
        final Section batches = root.sectionOrEmpty("batch");
        final int batchMax = batch(batches, "max", Venue.Capability.BATCH_NEW, capabilities);
        final int cancelBatchMax = batch(batches, "cancels", Venue.Capability.BATCH_CANCEL, capabilities);
        batches.done();
        final Section queue = root.sectionOrEmpty("queue");
        final int queueCapacity = (int) (long) queue.or("capacity", Forms.integer(1, 1 << 20), 4096L);
        final int queueDeadlineMs = queue.or("deadline", Forms.durationMs(1, DAY_MS), 2_000);
        queue.done();
        final Venue venue = new Venue(id, name, capabilities, batchMax, cancelBatchMax, queueCapacity,
            queueDeadlineMs,
            root.need("visibilityDelay", Forms.durationMs(0, 600_000), 0),
            root.need("unknownTimeout", Forms.durationMs(1, DAY_MS), 1),
            root.section("link").map(section -> link(section, root.has("http"))),
            root.section("http").map(VenueReader::http),
            environments(root, name), limits(root, name), new TeachingReader(references, name).read(root),
            root.section("chain").map(VenueReader::chain));
        root.done();
        return venue;
    }

    private static int batch(final Section batches, final String key, final Venue.Capability needed,
        final Set<Venue.Capability> capabilities) {
        final int max = (int) (long) batches.or(key, Forms.integer(1, 1_000), 1L);
        if (max > 1 && !capabilities.contains(needed)) {
            batches.problem(ProblemCode.CONFIG_CONFLICT, key, "1 for a venue without " + Forms.name(needed),
                Integer.toString(max), "add " + Forms.name(needed) + " to capabilities, or remove it");
        }
        return max;
    }

    private static VenueChain chain(final Section section) {
        final List<VenueChain.Token> tokens = new ArrayList<>();
        for (final Section token : section.sections("tokens")) {
            tokens.add(new VenueChain.Token(token.need("symbol", Forms.ascii(8), ""),
                address(token, "address"),
                (int) (long) token.need("decimals", Forms.integer(0, 36), 0L)));
            token.done();
        }
        final VenueChain chain = new VenueChain(section.need("chainId", Forms.integer(1, Long.MAX_VALUE), 1L),
            address(section, "settlementContract"), tokens,
            section.or("validity", Forms.durationMs(60_000, Integer.MAX_VALUE), 7 * DAY_MS),
            section.or("immediateValidity", Forms.durationMs(1_000, DAY_MS), 120_000),
            section.or("slippage", Forms.basisPoints(10_000), 50),
            section.or("cancelGrace", Forms.durationMs(0, DAY_MS), 60_000),
            section.or("expiryGrace", Forms.durationMs(0, DAY_MS), 15_000),
            section.or("barMin", Forms.durationMs(1, DAY_MS), 30_000),
            section.or("barMax", Forms.durationMs(1, DAY_MS), 600_000));
        if (chain.barMinMs() > chain.barMaxMs()) {
            section.problem(ProblemCode.CONFIG_CONFLICT, "barMax", "at least barMin (" + chain.barMinMs() + "ms)",
                chain.barMaxMs() + "ms", "");
        }
        section.done();
        return chain;
    }

    /** An address as it is written: one with a wrong checksum is not another's by accident. */
    private static String address(final Section section, final String key) {
        final String text = section.need(key, Forms.ascii(42), "");
        try {
            return text.isEmpty() ? text : Address.parse(text).toString();
        } catch (final IllegalArgumentException ex) {
            section.problem(ProblemCode.CONFIG_RANGE, key, "an address, 0x and 40 digits", '\'' + text + '\'',
                ex.getMessage());
            return "";
        }
    }

    private static VenueHttp http(final Section section) {
        final int min = section.or("reconnectMin", Forms.durationMs(100, DAY_MS), 1_000);
        final int max = section.or("reconnectMax", Forms.durationMs(100, DAY_MS), 30_000);
        if (min > max) {
            section.problem(ProblemCode.CONFIG_CONFLICT, "reconnectMax", "at least reconnectMin (" + min + "ms)",
                max + "ms", "");
        }
        final VenueHttp http = new VenueHttp(section.or("nonce", Forms.flag(), true),
            (int) (long) section.or("inFlight", Forms.integer(1, 64), 4L),
            section.or("processBefore", Forms.durationMs(0, 60_000), 0),
            section.or("connectTimeout", Forms.durationMs(10, 60_000), 2_000),
            section.or("requestTimeout", Forms.durationMs(10, 60_000), 3_000), min, max,
            section.or("poll", Forms.durationMs(100, 60_000), 2_000),
            section.or("ping", Forms.durationMs(1_000, 59_000), 20_000),
            section.or("silence", Forms.durationMs(2_000, 300_000), 45_000),
            section.or("clockAlarm", Forms.durationMs(10, 60_000), 1_000),
            section.or("cancelOnDisconnect", Forms.choice(VenueHttp.Cancels.class), VenueHttp.Cancels.NONE),
            deadMan(section.sectionOrEmpty("deadMan")));
        if (http.silenceMs() <= http.pingMs()) {
            section.problem(ProblemCode.CONFIG_CONFLICT, "silence", "more than ping (" + http.pingMs() + "ms)",
                http.silenceMs() + "ms", "");
        }
        if (http.processBeforeMs() > 0 && http.clockAlarmMs() > http.processBeforeMs() / 2) {
            section.problem(ProblemCode.CONFIG_CONFLICT, "clockAlarm", "at most half of processBefore ("
                + http.processBeforeMs() + "ms)", http.clockAlarmMs() + "ms",
                "the venue would refuse before the alarm");
        }
        section.done();
        return http;
    }

    private static VenueHttp.DeadMan deadMan(final Section section) {
        final VenueHttp.DeadMan deadMan = new VenueHttp.DeadMan(
            section.or("timeout", Forms.durationMs(0, DAY_MS), 0),
            section.or("every", Forms.durationMs(1_000, DAY_MS), 15_000),
            section.or("onShared", Forms.flag(), false));
        if (deadMan.timeoutMs() > 0 && deadMan.everyMs() > deadMan.timeoutMs() / 2) {
            section.problem(ProblemCode.CONFIG_CONFLICT, "every", "at most half of timeout (" + deadMan.timeoutMs()
                + "ms)", deadMan.everyMs() + "ms", "");
        }
        section.done();
        return deadMan;
    }

    private static VenueLink link(final Section section, final boolean overHttp) {
        final int min = section.or("reconnectMin", Forms.durationMs(100, DAY_MS), 1_000);
        final int max = section.or("reconnectMax", Forms.durationMs(100, DAY_MS), 30_000);
        final VenueLink link = new VenueLink(section.need("targetCompId", Forms.ascii(32), ""),
            section.or("heartbeat", Forms.durationMs(1_000, 300_000), 30_000), min, max,
            section.or("logonRate", Forms.ratePerSecond(1, 1_000), 1),
            (int) (long) section.or("queueMax", Forms.integer(10, 10_000_000), 50L),
            section.or("cancelOnDisconnect", Forms.choice(VenueLink.Cancels.class), VenueLink.Cancels.SESSION),
            section.or("transport", Forms.choice(VenueLink.Transport.class), VenueLink.Transport.WEIR),
            section.maybe("trustStore", Forms.path()));
        if (min > max) {
            section.problem(ProblemCode.CONFIG_CONFLICT, "reconnectMax", "at least reconnectMin (" + min + "ms)",
                max + "ms", "");
        }
        if (overHttp && link.transport() == VenueLink.Transport.QUICKFIXJ) {
            section.problem(ProblemCode.CONFIG_CONFLICT, "transport", "weir, where orders go over HTTP first",
                Forms.name(link.transport()), "remove it");
        }
        section.done();
        return link;
    }

    private Map<String, VenueEnvironment> environments(final Section root, final String venue) {
        final Map<String, VenueEnvironment> result = new LinkedHashMap<>();
        final Section all = root.sectionOrEmpty("environments");
        for (final String name : all.names()) {
            all.section(name).ifPresent(section -> {
                final HostPort fix = root.has("http") || !root.has("link") ? section.or("fix", Forms.hostPort(), NO_FIX)
                    : section.need("fix", Forms.hostPort(), NO_FIX);
                final Optional<URI> rest = section.maybe("rest", Forms.httpUri());
                result.put(name, new VenueEnvironment(name, fix.host(), fix.port(),
                    section.or("tls", Forms.flag(), true), rest, section.maybe("ws", Forms.wsUri())));
                references.declare("environment of venue " + venue, name, all, name);
                section.done();
            });
        }
        if (!root.has("environments")) {
            root.problem(ProblemCode.CONFIG_MISSING, "environments", "at least one environment", "none", "add it");
        }
        return result;
    }

    private List<VenueLimit> limits(final Section root, final String venue) {
        final List<VenueLimit> limits = new ArrayList<>();
        final LimitReader reader = new LimitReader(references, venue);
        for (final Section section : root.sections("limits")) {
            limits.add(reader.read(section));
        }
        limits.sort((a, b) -> Integer.compare(a.id(), b.id()));
        if (limits.isEmpty()) {
            root.problem(ProblemCode.CONFIG_MISSING, "limits", "the venue's limits", "none",
                "a venue without a contract is not traded");
        }
        return limits;
    }

    private static List<String> known() {
        final List<String> names = new ArrayList<>();
        for (int i = 1; i < Venues.COUNT; i++) {
            names.add(Venues.name(i));
        }
        return names;
    }
}
