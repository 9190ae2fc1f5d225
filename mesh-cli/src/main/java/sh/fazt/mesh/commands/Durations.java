package sh.fazt.mesh.commands;

import java.time.Duration;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;
import sh.fazt.mesh.output.Units;

/** Reads {@code 30s}, {@code 15m}, {@code 1h}, {@code 2d}. */
final class Durations implements ITypeConverter<Duration> {
  @Override
  public Duration convert(String text) {
    return Units.parseDuration(text)
        .filter(duration -> !duration.isZero())
        .orElseThrow(
            () -> new TypeConversionException("'" + text + "' is not a time such as 30s, 15m, 1h"));
  }
}
