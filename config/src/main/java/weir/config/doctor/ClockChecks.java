package weir.config.doctor;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.zone.ZoneRulesException;
import java.time.zone.ZoneRulesProvider;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import weir.config.model.Tenant;
import weir.config.model.Venue;
import weir.config.model.VenueAccount;
import weir.config.model.WeirConfig;

/** Is the host's clock synchronised, does it run evenly, is it near the venues', does it know the tenants' zones. */
final class ClockChecks {
    private static final long SAMPLE_NS = 200_000_000L;
    private static final long DRIFT_WARN_US = 5_000;
    private static final long DRIFT_FAIL_US = 50_000;
    private static final long SKEW_WARN_MS = 1_000;
    private static final long SKEW_FAIL_MS = 4_000;
    private static final Duration VENUE_TIMEOUT = Duration.ofSeconds(5);
    private static final Pattern EPOCH = Pattern.compile("\"epoch\"\\s*:\\s*\"?(\\d+(?:\\.\\d+)?)");

    private ClockChecks() {
    }

    static void check(final WeirConfig config, final Host host, final boolean venues, final Findings findings) {
        synchronised(host, findings);
        even(host, findings);
        zones(config, host, findings);
        if (venues) {
            venues(config, host, findings);
        }
    }

    private static void synchronised(final Host host, final Findings findings) {
        final String expected = "synchronised: venues refuse signatures that are seconds off (5 s to 30 s)";
        final String advice = "start chrony or systemd-timesyncd and wait until it has synchronised";
        final Optional<String> kernel = host.command().apply(
            List.of("timedatectl", "show", "--property=NTPSynchronized", "--value")).map(String::strip);
        final Optional<String> chrony = host.command().apply(List.of("chronyc", "-c", "tracking"));
        if (kernel.filter("yes"::equals).isPresent()) {
            findings.ok("clock.sync", "the kernel says synchronised", expected);
        } else if (chrony.filter(ClockChecks::tracks).isPresent()) {
            findings.ok("clock.sync", "chrony tracks " + chrony.get().split(",")[1], expected);
        } else if (Files.exists(host.run().resolve("systemd/timesync/synchronized"))) {
            findings.ok("clock.sync", "systemd-timesyncd has synchronised", expected);
        } else if (kernel.filter("no"::equals).isPresent()) {
            findings.fail("clock.sync", "the kernel says not synchronised", expected, advice);
        } else {
            findings.warn("clock.sync", "unknown: no timedatectl, chrony or systemd-timesyncd answers", expected,
                advice + "; in a container look at the host, or compare with weir doctor --venues");
        }
    }

    /** chronyc -c: reference, address, stratum and more, parted by commas; the last says whether it is synchronised. */
    private static boolean tracks(final String tracking) {
        return tracking.matches("(?s)[^,]+,[^,]+,.*") && !tracking.contains("Not synchronised");
    }

    private static void even(final Host host, final Findings findings) {
        final long wallMs = host.wallMs().getAsLong();
        final long monotonicNs = host.monotonicNs().getAsLong();
        try {
            Thread.sleep(Duration.ofNanos(SAMPLE_NS).toMillis());
        } catch (final InterruptedException ex) {
            Thread.currentThread().interrupt();
        }
        final long elapsedNs = host.monotonicNs().getAsLong() - monotonicNs;
        final long driftUs = (host.wallMs().getAsLong() - wallMs) * 1_000 - elapsedNs / 1_000;
        final String found = driftUs / 1_000 + " ms apart after " + elapsedNs / 1_000_000 + " ms";
        final String expected = "wall and monotonic clock together: the engine works a step off at 5 ms a second only";
        final String advice = "something steps the clock: see chrony's makestep, the hypervisor's time sync";
        findings.atLeast("clock.even", -Math.abs(driftUs), -DRIFT_FAIL_US, -DRIFT_WARN_US, found, expected, advice);
    }

    private static void zones(final WeirConfig config, final Host host, final Findings findings) {
        final TreeSet<String> zones = new TreeSet<>();
        config.tenants().stream().map(Tenant::timeZone).map(ZoneId::getId).forEach(zones::add);
        zones.add(config.acceptor().timeZone().getId());
        final String expected = "rules of " + String.join(", ", zones)
            + " that are not outdated: a period rolls at a tenant's midnight";
        String version;
        try {
            version = ZoneRulesProvider.getVersions("Europe/London").lastEntry().getKey();
        } catch (final ZoneRulesException ex) {
            version = "";
        }
        final Matcher year = Pattern.compile("(\\d{4})[a-z]*").matcher(version);
        final int now = Instant.ofEpochMilli(host.wallMs().getAsLong()).atOffset(ZoneOffset.UTC).getYear();
        if (!year.matches()) {
            findings.fail("clock.zones", "no time zone data", expected, "install a complete JDK");
        } else if (Integer.parseInt(year.group(1)) < now - 1) {
            findings.warn("clock.zones", "tzdata " + version, expected, "update the JDK, or its tzdata with TZUpdater");
        } else {
            findings.ok("clock.zones", "tzdata " + version, expected);
        }
    }

    private static void venues(final WeirConfig config, final Host host, final Findings findings) {
        final Map<String, URI> targets = new TreeMap<>();
        for (final Tenant tenant : config.tenants()) {
            for (final VenueAccount account : tenant.accounts()) {
                final Optional<Venue> venue = config.venue(account.venue());
                venue.map(v -> v.environments().get(account.environment())).flatMap(e -> e.rest())
                    .ifPresent(uri -> targets.put(account.venue() + '/' + account.environment(), uri));
            }
        }
        final HttpClient client = HttpClient.newBuilder().connectTimeout(VENUE_TIMEOUT).build();
        targets.forEach((name, uri) -> venue(client, name, uri, host, findings));
    }

    private static void venue(final HttpClient client, final String name, final URI rest, final Host host,
        final Findings findings) {
        final String check = "clock.venue." + name;
        final String expected = "within 1 s of the venue's own time; venues refuse from 5 s on";
        try {
            final long askedMs = host.wallMs().getAsLong();
            final HttpResponse<String> answer = client.send(HttpRequest.newBuilder(rest.resolve("/time"))
                .timeout(VENUE_TIMEOUT).GET().build(), HttpResponse.BodyHandlers.ofString());
            final long middleMs = (askedMs + host.wallMs().getAsLong()) / 2;
            final Matcher epoch = EPOCH.matcher(answer.body());
            final long venueMs;
            if (epoch.find()) {
                venueMs = Math.round(Double.parseDouble(epoch.group(1)) * 1_000);
            } else {
                // The Date header has whole seconds: half of one is the best guess.
                venueMs = ZonedDateTime.parse(answer.headers().firstValue("date").orElse(""),
                    DateTimeFormatter.RFC_1123_DATE_TIME).toInstant().toEpochMilli() + 500;
            }
            final long skewMs = venueMs - middleMs;
            findings.atLeast(check, -Math.abs(skewMs), -SKEW_FAIL_MS, -SKEW_WARN_MS,
                "the venue is " + skewMs + " ms from us", expected, "synchronise the host's clock");
        } catch (final IOException | DateTimeParseException ex) {
            findings.warn(check, "no answer: " + ex.getClass().getSimpleName(), expected,
                "see that " + rest + " can be reached from here");
        } catch (final InterruptedException ex) {
            Thread.currentThread().interrupt();
        }
    }
}
