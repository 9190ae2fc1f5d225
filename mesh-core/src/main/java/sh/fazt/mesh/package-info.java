/**
 * The facade: {@link sh.fazt.mesh.Founder} makes a database the first node of a mesh, {@link
 * sh.fazt.mesh.Mesh} works on one, {@link sh.fazt.mesh.MeshView} looks at one, {@link
 * sh.fazt.mesh.MeshSetup} makes it an ordinary one again.
 */
@NullMarked
package sh.fazt.mesh;

import org.jspecify.annotations.NullMarked;
