/**
 * The local API of a daemon: lines of JSON over a Unix-domain socket that its owner alone can open.
 */
@NullMarked
package sh.fazt.mesh.control;

import org.jspecify.annotations.NullMarked;
