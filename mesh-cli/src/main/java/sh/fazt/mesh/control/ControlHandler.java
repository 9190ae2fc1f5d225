package sh.fazt.mesh.control;

import sh.fazt.mesh.output.Json;

/**
 * Answers the requests of the local API.
 *
 * <p>Law: may be called from several threads at once and may block its caller; what a person should
 * hear of leaves as a {@code MeshException}.
 */
@FunctionalInterface
public interface ControlHandler {
  /**
   * @param method what is asked, such as {@code status}
   * @param notes takes what is worth saying before the answer is there
   * @return the answer
   */
  Json.Obj handle(String method, Json.Obj params, Notes notes);
}
