package sh.fazt.mesh.commands;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads how many lines a list may have. */
final class Limit implements ITypeConverter<Integer> {
  private static final int MAX = 1000;

  @Override
  public Integer convert(String text) {
    try {
      int limit = Integer.parseInt(text);
      if (limit >= 1 && limit <= MAX) {
        return limit;
      }
    } catch (NumberFormatException e) {
      throw refused(text, e);
    }
    throw refused(text, null);
  }

  private static TypeConversionException refused(
      String text, @org.jspecify.annotations.Nullable Throwable cause) {
    TypeConversionException refusal =
        new TypeConversionException("'" + text + "' is not a number from 1 to " + MAX);
    if (cause != null) {
      refusal.initCause(cause);
    }
    return refusal;
  }
}
