package weir.bench.suite;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** What needs no sockets. */
final class InProcess {
    InProcess(final Plan plan, final Deadline deadline, final Console console, final Path shared) {
    }

    void run(final Map<Budget, List<BudgetLine>> lines) {
    }
}
