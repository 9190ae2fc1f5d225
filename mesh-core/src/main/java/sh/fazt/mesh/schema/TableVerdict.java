package sh.fazt.mesh.schema;

import sh.fazt.mesh.fault.ErrorCode;

/** Whether a table can replicate at all. */
public sealed interface TableVerdict {
  String name();

  record Eligible(TableShape shape) implements TableVerdict {
    @Override
    public String name() {
      return shape.name();
    }
  }

  /**
   * @param code why, for programs
   * @param reason why, for people
   */
  record Refused(String name, ErrorCode code, String reason) implements TableVerdict {}
}
