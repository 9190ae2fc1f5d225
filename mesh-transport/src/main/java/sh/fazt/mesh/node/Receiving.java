package sh.fazt.mesh.node;

import java.util.function.Supplier;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.frame.LinkListener;
import sh.fazt.mesh.frame.MeshLink;

/**
 * Hands what happens on links to whichever reception there is: a link outlives the core that has
 * called.
 *
 * @param dialled whether the links are those that this node opens
 */
record Receiving(Supplier<Reception> current, boolean dialled) implements LinkListener {
  @Override
  public void opened(MeshLink link) {
    if (dialled) {
      current.get().dialled(link);
    } else {
      current.get().opened(link);
    }
  }

  @Override
  public void frame(MeshLink link, Bytes frame) {
    current.get().frame(link, frame);
  }

  @Override
  public void writabilityChanged(MeshLink link) {
    current.get().writabilityChanged(link);
  }

  @Override
  public void closed(MeshLink link, String reason) {
    current.get().closed(link, reason);
  }
}
