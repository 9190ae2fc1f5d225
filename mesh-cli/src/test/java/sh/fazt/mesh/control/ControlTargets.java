package sh.fazt.mesh.control;

import java.util.List;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.MalformedException;
import sh.fazt.mesh.fuzz.Target;
import sh.fazt.mesh.output.Json;
import sh.fazt.mesh.output.JsonText;

/** Lines on the daemon's socket. */
public final class ControlTargets {
  private ControlTargets() {}

  public static List<Target> all() {
    return List.of(Target.of("json", new Values()).spelled(Target.Spelling.EQUAL));
  }

  private static final class Values implements Target.Door<Json> {
    @Override
    public Json decode(Bytes input) throws MalformedException {
      return JsonText.parse(input.asUtf8());
    }

    @Override
    public Bytes encode(Json value) {
      return Bytes.utf8(JsonText.compact(value));
    }
  }
}
