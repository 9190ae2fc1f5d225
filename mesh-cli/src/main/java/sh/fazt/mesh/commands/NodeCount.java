package sh.fazt.mesh.commands;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads how many nodes. */
final class NodeCount implements ITypeConverter<Integer> {
  @Override
  public Integer convert(String text) {
    if (!text.matches("[0-9]{1,6}")) {
      throw new TypeConversionException("'" + text + "' is not a number of nodes, such as 2");
    }
    return Integer.valueOf(text);
  }
}
