/**
 * Configuration files to the typed model. In: a {@link weir.config.load.ConfigSource} and the environment. Out: a
 * {@link weir.config.load.LoadResult}: the model, or every problem there is. Thread: the caller's; nothing is shared.
 */
package weir.config.load;
