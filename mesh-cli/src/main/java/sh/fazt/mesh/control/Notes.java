package sh.fazt.mesh.control;

import sh.fazt.mesh.output.Json;

/** Takes what comes before an answer. Law: must not throw and should not block for long. */
public interface Notes {
  /** Hears nothing. */
  Notes NONE =
      new Notes() {
        @Override
        public void progress(Json.Obj state) {}

        @Override
        public void event(Json.Obj event) {}
      };

  /** How far the work has come. */
  void progress(Json.Obj state);

  /** Something that happened, one of a stream. */
  void event(Json.Obj event);

  /** Whether somebody still listens, and is to be told more. */
  default boolean isOpen() {
    return true;
  }
}
