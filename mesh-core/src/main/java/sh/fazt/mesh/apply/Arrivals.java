package sh.fazt.mesh.apply;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.MalformedException;
import sh.fazt.mesh.clock.Dot;
import sh.fazt.mesh.wire.BadSignatureException;
import sh.fazt.mesh.wire.BatchSeal;
import sh.fazt.mesh.wire.VerifiedBatch;

/**
 * What a peer sent, checked up to the first that cannot be taken in at all.
 *
 * @param ended what is the matter with that one, if there is one
 */
public record Arrivals(List<VerifiedBatch> verified, Optional<Ingested> ended) {
  public Arrivals {
    verified = List.copyOf(verified);
  }

  /**
   * Checks limits, format and signature of each envelope.
   *
   * @param ownPast what in a batch shows that this node has lost its past, if anything does
   */
  public static Arrivals check(
      List<Bytes> envelopes, Function<VerifiedBatch, Optional<Dot>> ownPast) {
    List<VerifiedBatch> verified = new ArrayList<>();
    for (Bytes envelope : envelopes) {
      try {
        VerifiedBatch batch = BatchSeal.verify(envelope);
        Optional<Dot> past = ownPast.apply(batch);
        if (past.isPresent()) {
          return new Arrivals(verified, Optional.of(new Ingested.OwnPast(past.get())));
        }
        verified.add(batch);
      } catch (MalformedException | BadSignatureException e) {
        String why = String.valueOf(e.getMessage());
        return new Arrivals(verified, Optional.of(new Ingested.Refused(why)));
      }
    }
    return new Arrivals(verified, Optional.empty());
  }

  /** How many changes the delivered ones among them hold, given the results in their order. */
  public long changesDelivered(List<Ingested> results) {
    long changes = 0;
    for (int i = 0; i < verified.size(); i++) {
      if (results.get(i) instanceof Ingested.Delivered) {
        changes += verified.get(i).batch().content().changes().size();
      }
    }
    return changes;
  }
}
