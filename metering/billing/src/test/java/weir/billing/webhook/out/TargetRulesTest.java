package weir.billing.webhook.out;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TargetRulesTest {
    private static final TargetRules STRICT =
        new TargetRules(false, TargetRules.PORTS, TargetRules.Lookup.SYSTEM);
    private static final TargetRules LOOPBACK = new TargetRules(true, TargetRules.PORTS, TargetRules.Lookup.SYSTEM);

    private static InetAddress ip(final String literal) throws UnknownHostException {
        return InetAddress.getByName(literal);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255", "100.64.0.1", "100.127.255.255",
        "127.0.0.1", "127.255.0.1", "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.8", "192.0.2.1",
        "192.88.99.1", "192.168.0.1", "198.18.0.1", "198.19.255.255", "198.51.100.7", "203.0.113.9", "224.0.0.1",
        "239.255.255.255", "240.0.0.1", "255.255.255.255",
        "::", "::1", "::10.0.0.1", "::ffff:10.0.0.1", "::ffff:127.0.0.1", "::ffff:169.254.169.254",
        "64:ff9b::a00:1", "64:ff9b::808:808", "64:ff9b:1::a00:1", "100::1", "2001::1", "2001:0:1:2::3",
        "2001:db8::1", "2002:a00:1::1", "2002:7f00:1::", "3fff::1", "fc00::1", "fd12:3456::1", "fe80::1", "fec0::1",
        "ff02::1", "5f00::1", "4000::1"})
    void shouldRefuseAddress(final String literal) throws Exception {
        assertNotNull(AddressRules.refusal(ip(literal), false), literal);
        assertThrows(TargetRules.RefusedException.class, () -> STRICT.resolve(literal));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.1", "100.63.255.255", "100.128.0.1",
        "172.15.255.255", "172.32.0.1", "192.0.1.1", "192.167.1.1", "198.17.255.255", "198.20.0.1", "223.255.255.255",
        "::ffff:8.8.8.8", "2606:4700:4700::1111", "2001:4860:4860::8888", "2a00:1450:4001::1", "2003::1"})
    void shouldAllowAddress(final String literal) throws Exception {
        assertNull(AddressRules.refusal(ip(literal), false), literal);
    }

    @Test
    void shouldAllowLoopbackAloneWhenConfigured() throws Exception {
        assertNull(AddressRules.refusal(ip("127.0.0.1"), true));
        assertNull(AddressRules.refusal(ip("::1"), true));
        assertEquals("private", AddressRules.refusal(ip("10.0.0.1"), true));
        assertEquals("link-local", AddressRules.refusal(ip("169.254.169.254"), true));
    }

    @ParameterizedTest
    @CsvSource({"https://hooks.example/a,true,true", "https://hooks.example:8443/a?b=c,true,true",
        "https://hooks.example:22/,false,true", "http://hooks.example/,false,true", "ftp://hooks.example/,false,false",
        "https://name@hooks.example/,false,false", "https://a:b@hooks.example/,false,false",
        "https://hooks.example/#x,false,false", "https:///path,false,false", "file:///etc/passwd,false,false",
        "https://hooks.example:80/,false,true", "//hooks.example/,false,false",
        "https://0x7f.1/,false,false", "https://[::1]/,true,true"})
    void shouldJudgeTheFormOfAUrl(final String url, final boolean strict, final boolean loopback) {
        assertEquals(strict, STRICT.refusal(URI.create(url)) == null, url);
        assertEquals(loopback, LOOPBACK.refusal(URI.create(url)) == null, url);
    }

    @Test
    void shouldRefuseANameThatIsPublicAndPrivateAtOnce() {
        final TargetRules rules = new TargetRules(false, TargetRules.PORTS,
            host -> new InetAddress[]{ip("8.8.8.8"), ip("10.0.0.1")});
        assertEquals("hooks.example leads to 10.0.0.1: private",
            assertThrows(TargetRules.RefusedException.class, () -> rules.resolve("hooks.example")).getMessage());
    }
}
