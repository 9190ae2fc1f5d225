package sh.fazt.mesh.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;

/**
 * The first six bytes inside TLS, the same from either side: they tell a mesh link from HTTP, and
 * their digit is the version of the protocol. No HTTP method begins with them.
 */
final class Preamble {
  static final String TEXT = "FZTM1\n";

  private static final byte[] BYTES = TEXT.getBytes(StandardCharsets.US_ASCII);

  /** Bytes that every version begins with. */
  private static final int NAME_SIZE = 4;

  /** How bytes compare with the preamble. */
  enum Match {
    /** Equal so far. */
    PART,
    WHOLE,
    /** A mesh link of another version. */
    OTHER_VERSION,
    NONE
  }

  private Preamble() {}

  /** Compares without reading. */
  static Match match(ByteBuf in) {
    int size = Math.min(in.readableBytes(), BYTES.length);
    for (int i = 0; i < size; i++) {
      if (in.getByte(in.readerIndex() + i) != BYTES[i]) {
        return i < NAME_SIZE ? Match.NONE : Match.OTHER_VERSION;
      }
    }
    return size < BYTES.length ? Match.PART : Match.WHOLE;
  }

  static ByteBuf bytes() {
    return Unpooled.copiedBuffer(BYTES);
  }

  static void skip(ByteBuf in) {
    in.skipBytes(BYTES.length);
  }
}
