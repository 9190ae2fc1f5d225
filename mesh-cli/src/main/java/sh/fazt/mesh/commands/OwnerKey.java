package sh.fazt.mesh.commands;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import sh.fazt.mesh.MeshView;
import sh.fazt.mesh.Persona;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.identity.VerifyKey;
import sh.fazt.mesh.roster.Member;

/**
 * The persona that may act for a mesh. Where it is not on this machine, whose key is missing is
 * told, and how it comes here.
 *
 * @param present the persona of this machine; throws KEYS_MISSING if there is none
 */
record OwnerKey(Path database, Supplier<Persona> present) implements Supplier<Persona> {
  private static final int KEY_LETTERS = 8;

  /**
   * @throws MeshException NOT_INITIALIZED, KEYS_MISSING, or NOT_A_MEMBER if it owns no member
   */
  @Override
  public Persona get() {
    try (MeshView view = MeshView.open(database)) {
      List<Member> members = view.roster().members();
      Optional<Member> own = view.roster().member(view.node());
      Persona persona = present(own, members);
      VerifyKey key = persona.key().verifyKey();
      if (own.isPresent() && members.stream().noneMatch(each -> each.persona().equals(key))) {
        throw new MeshException(
            ErrorCode.NOT_A_MEMBER,
            "the persona of this machine, "
                + named(persona.name(), key)
                + ", owns no member of this mesh; this node is "
                + owner(own.get()),
            remedy(own.get(), members));
      }
      return persona;
    }
  }

  private Persona present(Optional<Member> own, List<Member> members) {
    try {
      return present.get();
    } catch (MeshException e) {
      if (e.code() != ErrorCode.KEYS_MISSING || own.isEmpty()) {
        throw e;
      }
      throw new MeshException(
          ErrorCode.KEYS_MISSING,
          e.getMessage() + "; this node is " + owner(own.get()),
          remedy(own.get(), members),
          e);
    }
  }

  private static String owner(Member own) {
    return named(own.personaName(), own.persona()) + "'s";
  }

  /** Personas of one name are told apart by their keys. */
  private static String named(String name, VerifyKey key) {
    return name + " (key " + key.value().hex().substring(0, KEY_LETTERS) + "…)";
  }

  /** Recovery words replace the key of the persona that founded the mesh, and no other. */
  private static String remedy(Member own, List<Member> members) {
    boolean founder =
        members.stream()
            .anyMatch(each -> each.seniority() == 0 && each.persona().equals(own.persona()));
    return "Bring that key here with fazt identity export and import"
        + (founder ? ", or, if it is lost, replace it with fazt mesh recover" : "");
  }
}
