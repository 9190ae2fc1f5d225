package sh.fazt.mesh.commands;

import java.util.OptionalLong;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads for how many days the log is kept: a number, or {@code forever}. */
final class KeepLog implements ITypeConverter<OptionalLong> {
  private static final int DIGITS_MAX = 5;

  @Override
  public OptionalLong convert(String text) {
    if (text.equals("forever")) {
      return OptionalLong.empty();
    }
    if (!text.matches("[0-9]{1," + DIGITS_MAX + "}")) {
      throw new TypeConversionException("'" + text + "' is neither a number of days nor forever");
    }
    return OptionalLong.of(Long.parseLong(text));
  }
}
