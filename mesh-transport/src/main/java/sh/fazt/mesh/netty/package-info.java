/** Links over TLS 1.3, and the HTTPS that shares their port. */
@NullMarked
package sh.fazt.mesh.netty;

import org.jspecify.annotations.NullMarked;
