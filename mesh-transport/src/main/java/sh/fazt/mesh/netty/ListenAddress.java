package sh.fazt.mesh.netty;

import java.net.URI;
import java.net.URISyntaxException;
import org.jspecify.annotations.Nullable;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;

/**
 * Where to listen.
 *
 * @param host a name or an address of this machine; {@code 0.0.0.0} and {@code ::} mean all
 * @param port 0 to 65,535; 0 lets the system choose
 */
public record ListenAddress(String host, int port) {
  private static final int PORT_USUAL = 8443;

  public ListenAddress {
    if (host.isBlank() || port < 0 || port > 0xffff) {
      throw new IllegalArgumentException("no such address: " + host + " port " + port);
    }
  }

  /**
   * Reads {@code host:port}, {@code [v6 address]:port}, {@code :port} or {@code port}; without a
   * host all addresses of this machine are meant.
   *
   * @throws MeshException USAGE if {@code text} is none of these
   */
  public static ListenAddress parse(String text) {
    int colon = text.lastIndexOf(':');
    String host = text.substring(0, Math.max(colon, 0));
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    }
    String port = text.substring(colon + 1);
    if (!port.matches("\\d{1,9}")) {
      throw notAnAddress(text, "'" + port + "' is no port");
    } else if (Integer.parseInt(port) > 0xffff) {
      throw notAnAddress(text, "ports end at 65535");
    } else if (!host.isEmpty() && host.isBlank()) {
      throw notAnAddress(text, "its host is blank");
    } else if (host.indexOf('[') >= 0 || host.indexOf(']') >= 0) {
      throw notAnAddress(text, "its brackets do not match");
    }
    return new ListenAddress(host.isEmpty() ? "0.0.0.0" : host, Integer.parseInt(port));
  }

  private static MeshException notAnAddress(String text, String why) {
    return new MeshException(
        ErrorCode.USAGE,
        "not an address to listen on: " + text + ": " + why,
        "Name a host and a port, such as --listen 0.0.0.0:8443");
  }

  /**
   * Reads {@code https://host:port}; without a port 8443 is meant.
   *
   * @throws MeshException USAGE if {@code url} is something else
   */
  public static ListenAddress ofUrl(String url) {
    try {
      URI uri = new URI(url);
      String host = uri.getHost();
      if (host != null && "https".equals(uri.getScheme())) {
        String name = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
        return new ListenAddress(name, uri.getPort() < 0 ? PORT_USUAL : uri.getPort());
      }
    } catch (URISyntaxException | IllegalArgumentException e) {
      throw notAnUrl(url, e);
    }
    throw notAnUrl(url, null);
  }

  private static MeshException notAnUrl(String url, @Nullable Throwable cause) {
    return new MeshException(
        ErrorCode.USAGE,
        "not an address of a node: '" + url + "'",
        "fazt mesh join https://HOST:8443 --token TOKEN",
        cause);
  }

  @Override
  public String toString() {
    return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
  }
}
