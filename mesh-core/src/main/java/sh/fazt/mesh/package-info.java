/**
 * The facade: {@link sh.fazt.mesh.MeshSetup} makes a database part of a mesh, {@link
 * sh.fazt.mesh.Mesh} works on one, {@link sh.fazt.mesh.MeshView} looks at one.
 */
@NullMarked
package sh.fazt.mesh;

import org.jspecify.annotations.NullMarked;
