/** The command line: one file a command, each parses, calls and prints. */
@NullMarked
package sh.fazt.mesh.commands;

import org.jspecify.annotations.NullMarked;
