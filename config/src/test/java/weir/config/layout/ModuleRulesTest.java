package weir.config.layout;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class ModuleRulesTest {
    @Test
    void shouldKeepModuleRulesInTheWholeTree() throws IOException {
        final List<String> broken = new ModuleRules(Path.of("..")).check(ModuleRules.MODULES);
        assertEquals("", String.join("\n", broken));
    }
}
