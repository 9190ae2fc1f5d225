package sh.fazt.mesh.commands;

import sh.fazt.mesh.control.ControlHandler;
import sh.fazt.mesh.control.Notes;
import sh.fazt.mesh.output.Json;

/**
 * Answers for a running node, and ends its daemon when told to or when the node has left.
 *
 * @param stop asks the daemon to end; returns at once
 */
record DaemonHandler(ControlHandler node, Runnable stop) implements ControlHandler {
  @Override
  public Json.Obj handle(String method, Json.Obj params, Notes notes) {
    if (method.equals("stop")) {
      stop.run();
      return Json.object().with("stopping", true);
    }
    Json.Obj answer = node.handle(method, params, notes);
    if (answer.flag("left")) {
      stop.run();
    }
    return answer;
  }
}
