package sh.fazt.mesh;

/**
 * Living rows of one table that a rule of it keeps out, for people.
 *
 * @param sinceMillis since when the first of them, Unix milliseconds
 * @param keyText the key of that one, as a person types it
 * @param rule what keeps that one out, in SQLite's words or ours
 */
public record SetAside(String table, long rows, long sinceMillis, String keyText, String rule) {}
