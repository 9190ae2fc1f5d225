package sh.fazt.mesh.gossip;

import java.util.Optional;
import java.util.OptionalLong;
import sh.fazt.mesh.identity.VerifyKey;

/**
 * What the engine knows of a peer, connected or not; immutable.
 *
 * @param connected whether a link is up and the peer has introduced itself
 * @param hello how it introduced itself last
 * @param behind batches that it holds and we lack, as far as we know
 * @param ahead batches that we hold and it lacks, as far as we know
 * @param comparedMillis when it last answered a comparison, Unix milliseconds, 0 for not on the
 *     link that is up
 * @param levelMillis when both were last known to hold the same, Unix milliseconds, 0 for never
 * @param rttMillis of the last ping
 * @param clockOffsetMillis its clock less ours
 */
public record PeerView(
    VerifyKey peer,
    boolean connected,
    Optional<Hello> hello,
    long behind,
    long ahead,
    long comparedMillis,
    long levelMillis,
    OptionalLong rttMillis,
    OptionalLong clockOffsetMillis) {}
