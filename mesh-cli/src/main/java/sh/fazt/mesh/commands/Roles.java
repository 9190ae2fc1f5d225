package sh.fazt.mesh.commands;

import java.util.Locale;
import java.util.stream.Stream;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;
import sh.fazt.mesh.output.Json;
import sh.fazt.mesh.roster.Role;

/** Reads a role: {@code full}, {@code read} or {@code relay}. */
final class Roles implements ITypeConverter<Role> {
  @Override
  public Role convert(String text) {
    return Stream.of(Role.values())
        .filter(role -> role.toString().equals(text.toLowerCase(Locale.ROOT)))
        .findFirst()
        .orElseThrow(
            () ->
                new TypeConversionException(
                    "'" + text + "' is no role; there are full, read, relay"));
  }

  /** The one that a request names, else {@code full}. */
  static Role of(Json.Obj params) {
    return params.has("role")
        ? Role.valueOf(params.text("role").toUpperCase(Locale.ROOT))
        : Role.FULL;
  }
}
