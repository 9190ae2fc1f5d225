/** Every decoder of bytes from outside, driven by chance and by a fuzzer. */
package sh.fazt.mesh.fuzz;
