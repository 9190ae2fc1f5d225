package sh.fazt.mesh.commands;

import java.net.URI;
import java.net.URISyntaxException;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;

/**
 * A host name or address, and a port.
 *
 * @param host without the brackets of an IPv6 address
 * @param port 0 to 65,535; 0 lets the system choose
 */
record HostPort(String host, int port) {
  static final int PORT_USUAL = 8443;

  HostPort {
    if (host.isEmpty() || port < 0 || port > 0xffff) {
      throw new IllegalArgumentException("not a host and a port: " + host + ", " + port);
    }
  }

  /**
   * Reads {@code HOST:PORT}, {@code [v6]:PORT}, {@code :PORT} (every address) or {@code HOST}.
   *
   * @param command what it was given to, for the remedy
   * @throws MeshException USAGE
   */
  static HostPort parse(String text, String command) {
    String whole = text.startsWith(":") ? "0.0.0.0" + text : text;
    return from("https://" + whole, text, command + " --listen 0.0.0.0:8443");
  }

  /**
   * Reads {@code https://HOST[:PORT]}.
   *
   * @throws MeshException USAGE
   */
  static HostPort parseUrl(String url) {
    if (!url.startsWith("https://")) {
      throw notAnAddress(url, "fazt mesh join https://HOST:8443 --token TOKEN");
    }
    return from(url, url, "fazt mesh join https://HOST:8443 --token TOKEN");
  }

  private static HostPort from(String url, String text, String remedy) {
    try {
      URI uri = new URI(url);
      String host = uri.getHost();
      String path = String.valueOf(uri.getPath());
      if (host == null
          || !(path.isEmpty() || path.equals("/"))
          || uri.getUserInfo() != null
          || uri.getQuery() != null
          || uri.getPort() > 0xffff) {
        throw notAnAddress(text, remedy);
      }
      String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
      return new HostPort(bare, uri.getPort() < 0 ? PORT_USUAL : uri.getPort());
    } catch (URISyntaxException e) {
      throw notAnAddress(text, remedy);
    }
  }

  private static MeshException notAnAddress(String text, String remedy) {
    return new MeshException(ErrorCode.USAGE, "not an address: '" + text + "'", remedy);
  }

  /** {@code https://HOST:PORT}. */
  String url() {
    return "https://" + this;
  }

  @Override
  public String toString() {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }
}
