package weir.config.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import weir.config.model.Teaching;
import weir.config.model.Venue;
import weir.config.model.VenueLimit;
import weir.venue.Lesson;

/** What a contract's {@code teaches} says, as an adapter takes it. */
final class VenueLessons {
    private VenueLessons() {
    }

    /**
     * Lessons of a venue.
     *
     * @return in the order of the file
     */
    static List<Lesson> of(final Venue venue) {
        final List<Lesson> lessons = new ArrayList<>();
        for (final Teaching teaching : venue.teachings()) {
            final Optional<VenueLimit> limit = venue.limits().stream()
                .filter(l -> teaching.limitId().isPresent() && l.id() == teaching.limitId().getAsInt()).findFirst();
            lessons.add(new Lesson(Lesson.Source.valueOf(teaching.source().name()), teaching.name(),
                teaching.statuses(), teaching.words(), Lesson.Sets.valueOf(teaching.sets().name()),
                Lesson.Unit.valueOf(teaching.unit().name()), teaching.limitId().orElse(0), teaching.scope(),
                limit.map(VenueLimit::capacity).orElse(0L), limit.map(VenueLimit::refillPerSecond).orElse(0L)));
        }
        return lessons;
    }
}
