package weir.config.load;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import weir.config.model.Teaching;
import weir.config.yaml.Forms;
import weir.config.yaml.Placed;
import weir.config.yaml.ProblemCode;
import weir.config.yaml.Section;
import weir.protocol.sbe.LimitScope;

/** Reads what a venue's answers teach of its limits. */
final class TeachingReader {
    private static final int STATUS_MAX = 65_534;

    private final References references;
    private final String venue;

    TeachingReader(final References references, final String venue) {
        this.references = references;
        this.venue = venue;
    }

    List<Teaching> read(final Section root) {
        final List<Teaching> result = new ArrayList<>();
        for (final Section section : root.sections("teaches")) {
            result.add(teaching(section));
            section.done();
        }
        return result;
    }

    private Teaching teaching(final Section section) {
        final Teaching.Source source = section.has("header") ? Teaching.Source.HEADER
            : section.has("body") ? Teaching.Source.BODY : Teaching.Source.STATUS;
        final String name = source == Teaching.Source.HEADER ? section.need("header", Forms.ascii(64), "")
            : source == Teaching.Source.BODY ? section.need("body", Forms.ascii(128), "") : "";
        final List<Integer> statuses = new ArrayList<>();
        for (final Placed<Long> status : section.list("status", Forms.integer(1, STATUS_MAX))) {
            statuses.add((int) (long) status.value());
        }
        final List<String> words = new ArrayList<>();
        for (final Placed<String> word : section.list("words", Forms.text(64))) {
            words.add(word.value().toLowerCase(Locale.ROOT));
        }
        if (source == Teaching.Source.STATUS && statuses.isEmpty() && words.isEmpty()) {
            section.problem(ProblemCode.CONFIG_MISSING, "status", "a header, a body value, statuses or words", "none",
                "");
        }
        final Teaching.Sets sets = section.need("sets", Forms.choice(Teaching.Sets.class), Teaching.Sets.BAR);
        final boolean bar = sets == Teaching.Sets.BAR;
        final boolean timed = bar && source != Teaching.Source.STATUS;
        final Teaching.Unit unit = timed
            ? section.need("unit", Forms.choice(Teaching.Unit.class), Teaching.Unit.SECONDS) : Teaching.Unit.COUNT;
        if (timed == (unit == Teaching.Unit.COUNT)) {
            section.problem(ProblemCode.CONFIG_CONFLICT, "unit", "seconds or epoch-ms for a bar", Forms.name(unit), "");
        }
        if (!bar && source == Teaching.Source.STATUS) {
            section.problem(ProblemCode.CONFIG_CONFLICT, "sets", "bar, as a status has no value", Forms.name(sets), "");
        }
        return new Teaching(source, name, statuses, words, sets, unit, bar ? OptionalInt.empty() : limit(section),
            bar ? scope(section) : LimitScope.ACCOUNT);
    }

    private OptionalInt limit(final Section section) {
        final int id = (int) (long) section.need("limit", Forms.integer(1, 1_000_000), 0L);
        references.mention("limit of venue " + venue, Integer.toString(id), section.at("limit"),
            section.path("limit"));
        return OptionalInt.of(id);
    }

    private static LimitScope scope(final Section section) {
        final LimitScope scope = section.need("scope", Forms.choice(LimitScope.class), LimitScope.ACCOUNT);
        if (scope != LimitScope.IP && scope != LimitScope.ACCOUNT && scope != LimitScope.CONNECTION) {
            section.problem(ProblemCode.CONFIG_CONFLICT, "scope", "ip, account or connection", Forms.name(scope), "");
        }
        return scope;
    }
}
