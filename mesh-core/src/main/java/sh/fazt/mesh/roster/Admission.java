package sh.fazt.mesh.roster;

/**
 * What an accepted joiner was given.
 *
 * @param roster the server's, checked; {@link Roster#mesh} and {@link Roster#operations} are to
 *     keep
 * @param inviter the server
 * @param clockAheadMillis how far the server's clock is ahead of ours, less the time on the way
 */
public record Admission(Roster roster, Member inviter, long clockAheadMillis) {}
