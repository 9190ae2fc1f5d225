package sh.fazt.mesh.fuzz;

import sh.fazt.mesh.bytes.ByteReader;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.MalformedException;

/** A decoder that is broken on purpose, behind bytes that chance alone does not find. */
public final class FragileDriver {
  private static final Target FRAGILE = Target.oneWay("fragile", FragileDriver::read);

  private FragileDriver() {}

  private static void read(Bytes input) throws MalformedException {
    ByteReader in = new ByteReader(input);
    for (int wanted : new int[] {'F', 'Z', 'T', '9'}) {
      if (in.u8() != wanted) {
        throw new MalformedException("not ours");
      }
    }
    throw new IllegalStateException("four bytes");
  }

  public static void fuzzerTestOneInput(byte[] input) {
    Trial.run(FRAGILE, input);
  }
}
