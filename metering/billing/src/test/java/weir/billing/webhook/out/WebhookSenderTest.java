package weir.billing.webhook.out;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.agrona.concurrent.SystemEpochClock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class WebhookSenderTest {
    private static final String BODY = "{\"type\":\"test\",\"timestamp\":\"2026-01-01T00:00:00Z\",\"data\":{}}";

    @TempDir
    private Path directory;

    private static WebhookSender sender(final TargetRules rules, final SSLContext tls) {
        return sender(rules, tls, 20_000);
    }

    private static WebhookSender sender(final TargetRules rules, final SSLContext tls, final int timeoutMs) {
        return new WebhookSender(new WebhookSettings(List.of(), List.of(), rules, 20_000, timeoutMs,
            List.of(0L), 2, 1, 1),
            tls, SystemEpochClock.INSTANCE);
    }

    private static WebhookEndpoint endpoint(final URI url) {
        return new WebhookEndpoint(1, "main", url, Set.of(), () -> WebhookReceiver.SECRET);
    }

    private static TargetRules rules(final boolean loopback, final TargetRules.Lookup lookup) {
        return new TargetRules(loopback, TargetRules.PORTS, lookup);
    }

    @Test
    void shouldConnectToTheAddressThatWasApprovedWhenTheNameChangesItsAnswer() throws Exception {
        final AtomicInteger lookups = new AtomicInteger();
        final TargetRules.Lookup rebinding = host -> new InetAddress[]{
            InetAddress.getByName(lookups.incrementAndGet() == 1 ? "127.0.0.1" : "127.0.0.2")};
        try (WebhookReceiver good = new WebhookReceiver();
            WebhookReceiver inside = new WebhookReceiver("127.0.0.2", good.port(), null);
            WebhookSender sender = sender(rules(true, rebinding), null)) {
            final WebhookAnswer answer = sender.send(endpoint(good.url("http", "hooks.example")), "m1", BODY);
            assertEquals(204, answer.status(), answer::detail);
            assertEquals(1, lookups.get(), "one look-up, whose result is used");
            assertEquals(List.of("m1"), good.ids());
            assertEquals("hooks.example:" + good.port(), good.seen.get(0).host());
            assertEquals("", good.seen.get(0).fault());
            assertEquals(List.of(), inside.ids());
        }
    }

    @Test
    void shouldContactNothingWhenTheNameLeadsInside() {
        final AtomicInteger lookups = new AtomicInteger();
        try (WebhookReceiver inside = new WebhookReceiver();
            WebhookSender sender = sender(rules(false, host -> {
                lookups.incrementAndGet();
                return new InetAddress[]{InetAddress.getByName("127.0.0.1")};
            }), null)) {
            for (final String host : List.of("hooks.example", "127.0.0.1", "[::1]")) {
                final WebhookAnswer answer = sender.send(endpoint(inside.url("http", host)), "m1", BODY);
                assertEquals(0, answer.status());
                assertTrue(answer.detail().contains("loopback"), host + ": " + answer.detail());
            }
            assertEquals(3, lookups.get(), "literals are judged as well");
            assertEquals(List.of(), inside.ids());
        }
    }

    @Test
    void shouldCountNothingButSuccessAsSuccess() {
        try (WebhookReceiver receiver = new WebhookReceiver();
            WebhookSender sender = sender(rules(true, TargetRules.Lookup.SYSTEM), null);
            WebhookSender impatient = sender(rules(true, TargetRules.Lookup.SYSTEM), null, 1_000)) {
            receiver.then(WebhookReceiver.status(200),
                WebhookReceiver.status(307, "Location", receiver.url() + "/other"),
                WebhookReceiver.status(429, "Retry-After", "7"),
                WebhookReceiver.status(503, "Retry-After", "Thu, 01 Jan 1970 00:00:00 GMT"),
                WebhookReceiver.status(503, "Retry-After", "soon"), WebhookReceiver.status(503, "Retry-After",
                    "99999999999999999"), WebhookReceiver.endless(), WebhookReceiver.stall());
            final WebhookEndpoint endpoint = endpoint(receiver.url());
            assertEquals(new WebhookAnswer(200, -1, ""), sender.send(endpoint, "m1", BODY));
            final WebhookAnswer redirect = sender.send(endpoint, "m2", BODY);
            assertEquals(307, redirect.status());
            assertTrue(!redirect.delivered());
            assertEquals(new WebhookAnswer(429, 7_000, ""), sender.send(endpoint, "m3", BODY));
            assertEquals(new WebhookAnswer(503, 0, ""), sender.send(endpoint, "m4", BODY));
            assertEquals(new WebhookAnswer(503, -1, ""), sender.send(endpoint, "m5", BODY));
            assertEquals(new WebhookAnswer(503, 86_400_000, ""), sender.send(endpoint, "m6", BODY));
            assertEquals(new WebhookAnswer(200, -1, ""), sender.send(endpoint, "m7", BODY), "its body is not read");
            assertEquals(new WebhookAnswer(0, -1, "no answer in 1000 ms"), impatient.send(endpoint, "m8", BODY));
            assertEquals(List.of("m1", "m2", "m3", "m4", "m5", "m6", "m7", "m8"), receiver.ids(),
                "no redirect is followed, nothing is sent twice");
        }
    }

    @Test
    void shouldAskTheCertificateForTheNameOfTheUrl() throws Exception {
        final SSLContext tls = tls("hooks.example");
        final TargetRules.Lookup loopback = host -> new InetAddress[]{InetAddress.getByName("127.0.0.1")};
        try (WebhookReceiver receiver = new WebhookReceiver("127.0.0.1", 0, tls);
            WebhookSender sender = sender(rules(true, loopback), tls);
            WebhookSender stranger = sender(rules(true, loopback), null)) {
            final WebhookAnswer answer = sender.send(endpoint(receiver.url("https", "hooks.example")), "m1", BODY);
            assertEquals(204, answer.status(), answer::detail);
            final WebhookAnswer other = sender.send(endpoint(receiver.url("https", "other.example")), "m2", BODY);
            assertTrue(other.status() == 0 && other.detail().contains("other.example"), other::detail);
            final WebhookAnswer untrusted = stranger.send(endpoint(receiver.url("https", "hooks.example")), "m3", BODY);
            assertTrue(untrusted.status() == 0 && untrusted.detail().startsWith("SSL"), untrusted::detail);
            assertEquals(List.of("m1"), receiver.ids());
        }
    }

    private SSLContext tls(final String name) throws Exception {
        final Path file = directory.resolve("keys.p12");
        final String tool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        final Process keytool = new ProcessBuilder(tool, "-genkeypair", "-alias", "a", "-keyalg", "EC",
            "-groupname", "secp256r1", "-dname", "CN=" + name, "-ext", "SAN=dns:" + name, "-validity", "2",
            "-storetype", "PKCS12", "-storepass", "changeit", "-keystore", file.toString())
            .redirectErrorStream(true).start();
        assertEquals(0, keytool.waitFor(), () -> "keytool");
        final KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            keys.load(in, "changeit".toCharArray());
        }
        final KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        own.init(keys, "changeit".toCharArray());
        final KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("a", keys.getCertificate("a"));
        final TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        final SSLContext context = SSLContext.getInstance("TLS");
        context.init(own.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }
}
