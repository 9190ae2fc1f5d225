/** The only room that speaks to SQLite and to the key files beside it. */
@NullMarked
package sh.fazt.mesh.store;

import org.jspecify.annotations.NullMarked;
