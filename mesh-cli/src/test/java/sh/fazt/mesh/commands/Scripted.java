package sh.fazt.mesh.commands;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import sh.fazt.mesh.bytes.MalformedException;
import sh.fazt.mesh.control.ControlHandler;
import sh.fazt.mesh.control.Notes;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.output.Failure;
import sh.fazt.mesh.output.Json;
import sh.fazt.mesh.output.JsonText;

/** Answers as written down beforehand. */
final class Scripted implements ControlHandler {
  private final Map<String, Json.Obj> answers = new HashMap<>();
  private final Map<String, Json.Obj> progress = new HashMap<>();
  private final Map<String, List<Json.Obj>> events = new HashMap<>();

  /**
   * @param line {@code method = {...}}
   */
  void answer(String line) {
    put(answers, line);
  }

  void progress(String line) {
    put(progress, line);
  }

  /** What is told of, one after the other, before the method answers. */
  void event(String line) {
    int equals = line.indexOf('=');
    String method = line.substring(0, equals).strip();
    Map<String, Json.Obj> one = new HashMap<>();
    put(one, line);
    events.computeIfAbsent(method, any -> new ArrayList<>()).add(one.get(method));
  }

  private static void put(Map<String, Json.Obj> map, String line) {
    int equals = line.indexOf('=');
    try {
      map.put(
          line.substring(0, equals).strip(),
          (Json.Obj) JsonText.parse(line.substring(equals + 1).strip()));
    } catch (MalformedException e) {
      throw new IllegalArgumentException(line, e);
    }
  }

  @Override
  public Json.Obj handle(String method, Json.Obj params, Notes notes) {
    if (progress.containsKey(method)) {
      notes.progress(progress.get(method));
    }
    events.getOrDefault(method, List.of()).forEach(notes::event);
    String dry = params.flag("dry_run") ? method + "-dry" : method;
    return get(answers.containsKey(dry) ? dry : method);
  }

  boolean has(String method) {
    return answers.containsKey(method);
  }

  Json.Obj get(String method) {
    Json.Obj answer = answers.get(method);
    if (answer == null) {
      throw new MeshException(ErrorCode.USAGE, "no such method: " + method, null);
    }
    if (answer.has("error")) {
      throw Failure.read(answer.object("error"));
    }
    return answer;
  }
}
