/** Values as SQLite stores them, the shapes of tables, and the rules of what replicates. */
@NullMarked
package sh.fazt.mesh.schema;

import org.jspecify.annotations.NullMarked;
