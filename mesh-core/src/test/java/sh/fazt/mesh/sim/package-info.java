/** Long random runs against real SQLite files, and what judges them. */
@org.jspecify.annotations.NullMarked
package sh.fazt.mesh.sim;
