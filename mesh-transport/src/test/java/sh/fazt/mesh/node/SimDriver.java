package sh.fazt.mesh.node;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.DriverPropertyInfo;
import java.sql.SQLException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.sqlite.JDBC;

/** Opens the databases that have a simulated disk; all others it leaves to SQLite's driver. */
final class SimDriver implements Driver {
  private static final Map<String, SimDisk> DISKS = new ConcurrentHashMap<>();
  private static final JDBC SQLITE = new JDBC();

  static {
    try {
      // The first that is asked and knows the address opens it.
      List<Driver> known = Collections.list(DriverManager.getDrivers());
      for (Driver each : known) {
        DriverManager.deregisterDriver(each);
      }
      DriverManager.registerDriver(new SimDriver());
      for (Driver each : known) {
        DriverManager.registerDriver(each);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  static void mount(Path file, SimDisk disk) {
    DISKS.put(JDBC.PREFIX + file, disk);
  }

  static void unmount(Path file) {
    DISKS.remove(JDBC.PREFIX + file);
  }

  /** A connection past the simulated disk. */
  static Connection plain(Path file) throws SQLException {
    return JDBC.createConnection(JDBC.PREFIX + file, new Properties());
  }

  @Override
  public @Nullable Connection connect(String url, Properties settings) throws SQLException {
    SimDisk disk = DISKS.get(url);
    return disk == null ? null : disk.open(url, url.substring(JDBC.PREFIX.length()), settings);
  }

  @Override
  public boolean acceptsURL(String url) {
    return DISKS.containsKey(url);
  }

  @Override
  public DriverPropertyInfo[] getPropertyInfo(String url, Properties settings) throws SQLException {
    return SQLITE.getPropertyInfo(url, settings);
  }

  @Override
  public int getMajorVersion() {
    return SQLITE.getMajorVersion();
  }

  @Override
  public int getMinorVersion() {
    return SQLITE.getMinorVersion();
  }

  @Override
  public boolean jdbcCompliant() {
    return SQLITE.jdbcCompliant();
  }

  @Override
  public Logger getParentLogger() {
    return Logger.getLogger(SimDriver.class.getName());
  }
}
