package weir.billing.world;

/** The databases that billing runs on; tests of the books run on each. */
public enum Store {
    SQLITE,
    POSTGRESQL
}
