package weir.config.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.config.load.ConfigTree;
import weir.config.model.WeirConfig;
import weir.config.yaml.Problem;
import weir.config.yaml.ProblemCode;

class AccountSharingTest {
    @TempDir
    private Path directory;
    private ConfigTree tree;
    private final Map<String, String> environment = new HashMap<>(Map.of("ALPHA_COINBASE_KEY", "key-of-alpha",
        "BETA_COINBASE_KEY", "key-of-beta"));

    @BeforeEach
    void copyFiles() throws IOException {
        tree = new ConfigTree(directory);
    }

    private WeirConfig config() {
        return tree.load(Map.of()).orThrow();
    }

    private List<Problem> twice() {
        return AccountSharing.keysUsedTwice(config(), new SecretResolver(environment, directory));
    }

    @Test
    void shouldTakeAccountsWithKeysOfTheirOwn() {
        assertEquals(List.of(), twice());
    }

    @Test
    void shouldRefuseOneVenueKeyBehindTwoAccounts() {
        environment.put("BETA_COINBASE_KEY", "key-of-alpha");
        final List<Problem> problems = twice();
        assertEquals(1, problems.size(), problems::toString);
        assertEquals(ProblemCode.CONFIG_CONFLICT, problems.get(0).code());
        assertTrue(problems.get(0).location().file().endsWith("tenants/beta.yaml"), problems.get(0).oneLine());
        assertTrue(problems.get(0).found().contains("alpha-coinbase"), problems.get(0).oneLine());
        assertFalse(problems.get(0).oneLine().contains("key-of-alpha"), "the key itself is never printed");
    }

    @Test
    void shouldTellAMissingKeyOnceAndNotAsShared() {
        environment.clear();
        assertEquals(List.of(), twice());
    }

    @Test
    void shouldListWhatASharedAccountLetsActAcrossTenants() throws IOException {
        tree.replace("tenants/alpha.yaml", "name: alpha-coinbase", "name: alpha-coinbase\n    shared: true");
        tree.replace("tenants/beta.yaml", "accounts:", "defaultAccount: alpha-coinbase\naccounts:");
        final String sentence = AccountSharing.acrossTenants(config()).get(0);
        for (final String part : List.of("shared by alpha, beta", "venue limits", "self-trade prevention",
            "mass cancel", "cancel on disconnect", "lost connection")) {
            assertTrue(sentence.contains(part), sentence);
        }
    }

    @Test
    void shouldListLimitsThatTheVenueCountsPerAddress() {
        final List<String> sentences = AccountSharing.acrossTenants(config());
        assertTrue(sentences.stream().anyMatch(s -> s.contains("rest-public") && s.contains("alpha, beta")),
            sentences::toString);
        assertTrue(sentences.stream().noneMatch(s -> s.contains("fix-requests")), "a limit per key is not shared");
    }
}
