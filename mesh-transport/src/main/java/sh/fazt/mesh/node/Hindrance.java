package sh.fazt.mesh.node;

import java.util.Optional;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;

/**
 * What keeps a node from a part of its work just now; it goes on by itself when that ends.
 *
 * @param remedy a command that mends it, or shows more
 */
public record Hindrance(ErrorCode code, String message, Optional<String> remedy) {
  static Hindrance of(MeshException fault) {
    return new Hindrance(fault.code(), String.valueOf(fault.getMessage()), fault.remedy());
  }
}
