package sh.fazt.mesh.netty;

import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.UnresolvedAddressException;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;

/**
 * Why an address cannot be listened on.
 *
 * @param code PORT_IN_USE, or FAILURE for all else
 * @param message what is wrong with the address
 * @param instead one that can be
 */
public record ListenRefusal(ErrorCode code, String message, ListenAddress instead) {
  private static final String LOOPBACK = "127.0.0.1";

  /** Listens for a moment and tells what went wrong, if something did. */
  public static Optional<ListenRefusal> probe(ListenAddress address) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress(address.host(), address.port()));
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of(of(address, e));
    }
  }

  static ListenRefusal of(ListenAddress address, Throwable cause) {
    String message = String.valueOf(cause.getMessage());
    String lower = message.toLowerCase(Locale.ROOT);
    ListenAddress anyPort = new ListenAddress(address.host(), 0);
    if (cause instanceof BindException && lower.contains("in use")) {
      OptionalLong holder = PortHolder.find(address.port());
      String who = holder.isPresent() ? process(holder.getAsLong()) : "another program";
      return new ListenRefusal(
          ErrorCode.PORT_IN_USE,
          "port " + address.port() + " of " + address.host() + " is taken by " + who,
          anyPort);
    }
    if (lower.contains("permission")) {
      String text = "cannot listen on %s: this user may not take port %s";
      return new ListenRefusal(ErrorCode.FAILURE, text.formatted(address, address.port()), anyPort);
    }
    boolean unknown = cause instanceof UnresolvedAddressException || lower.contains("unresolved");
    String why =
        unknown
            ? "no such host: " + address.host()
            : lower.contains("assign requested") ? "this machine has no such address" : message;
    return new ListenRefusal(
        ErrorCode.FAILURE,
        "cannot listen on " + address + ": " + why,
        new ListenAddress(LOOPBACK, 0));
  }

  private static String process(long pid) {
    String name =
        ProcessHandle.of(pid)
            .flatMap(process -> process.info().command())
            .map(command -> " (" + command.substring(command.lastIndexOf('/') + 1) + ")")
            .orElse("");
    return "process " + pid + name;
  }

  MeshException fault(Throwable cause) {
    return new MeshException(code, message, "fazt mesh daemon --listen " + instead, cause);
  }
}
