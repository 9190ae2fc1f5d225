package sh.fazt.mesh.commands;

import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;

/** {@code fazt completion}. */
@Command(
    name = "completion",
    description = "Print a script that completes fazt commands in your shell.",
    footer = {
      "",
      "bash: source <(fazt completion bash)",
      "zsh:  source <(fazt completion zsh)",
      "fish: fazt completion fish | source"
    })
final class CompletionCommand extends MeshCommand {
  @Parameters(paramLabel = "SHELL", description = "bash, zsh or fish.")
  private String shell = "";

  CompletionCommand(Wiring wiring) {
    super(wiring);
  }

  @Override
  int run(Session session) {
    CommandLine whole = CommandTree.whole(session.wiring());
    String script =
        switch (shell) {
          // picocli's script serves both shells.
          case "bash", "zsh" -> AutoComplete.bash("fazt", whole);
          case "fish" -> FishCompletion.script(whole);
          default ->
              throw new MeshException(
                  ErrorCode.USAGE,
                  "no completion for '" + shell + "': it is bash, zsh or fish",
                  "fazt completion bash");
        };
    session.wiring().out().print(script);
    return OK;
  }
}
