package sh.fazt.mesh.commands;

import java.net.URI;
import java.net.URISyntaxException;
import org.jspecify.annotations.Nullable;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;

/**
 * Where an inviting node answers.
 *
 * @param host a name or an address, without the brackets of an IPv6 address
 * @param port 1 to 65,535
 */
record InviteUrl(String host, int port) {
  private static final int PORT_USUAL = 8443;
  private static final String SCHEME = "https://";

  InviteUrl {
    if (host.isEmpty() || port < 1 || port > 0xffff) {
      throw new IllegalArgumentException("not a host and a port: " + host + ", " + port);
    }
  }

  /**
   * Reads {@code https://HOST[:PORT]}.
   *
   * @throws MeshException USAGE
   */
  static InviteUrl parse(String text) {
    try {
      URI uri = new URI(text);
      String host = uri.getHost();
      boolean bare =
          "https".equals(uri.getScheme())
              && (uri.getRawPath().isEmpty() || uri.getRawPath().equals("/"))
              && uri.getRawQuery() == null
              && uri.getRawUserInfo() == null;
      if (host != null && bare && (uri.getPort() == 0 || uri.getPort() > 0xffff)) {
        throw fault(": '" + text + "': ports go from 1 to 65535", null);
      } else if (host != null && bare) {
        String name = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
        return new InviteUrl(name, uri.getPort() < 0 ? PORT_USUAL : uri.getPort());
      }
    } catch (URISyntaxException | IllegalArgumentException e) {
      throw notAnAddress(text, e);
    }
    throw notAnAddress(text, null);
  }

  private static MeshException notAnAddress(String text, @Nullable Throwable cause) {
    String begins = text.startsWith(SCHEME) ? "" : ", which begins with " + SCHEME;
    return fault(begins + ": '" + text + "'", cause);
  }

  private static MeshException fault(String why, @Nullable Throwable cause) {
    return new MeshException(
        ErrorCode.USAGE,
        "not an address of a node" + why,
        "Write it like https://vps.example.com:8443",
        cause);
  }

  @Override
  public String toString() {
    return "https://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }
}
