package sh.fazt.mesh.output;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import sh.fazt.mesh.bytes.MalformedException;

/** JSON values to text (RFC 8259) and back. */
public final class JsonText {
  /** How deep objects and arrays may nest. */
  public static final int DEPTH_MAX = 64;

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(DEPTH_MAX)
                  .maxNumberLength(32)
                  .build())
          .build();

  private static final Separators SEPARATORS =
      Separators.createDefaultInstance().withObjectFieldValueSpacing(Separators.Spacing.AFTER);

  private JsonText() {}

  /** One line, without spaces; control characters are escaped, so it holds no line break. */
  public static String compact(Json value) {
    return write(value, false);
  }

  /**
   * The same, with whatever could steer a terminal escaped: for text of other people's machines.
   */
  public static String printable(Json value) {
    StringBuilder shown = new StringBuilder();
    for (char unit : compact(value).toCharArray()) {
      if (unit < 0x7f || Printable.isShowable(unit)) {
        shown.append(unit);
      } else {
        shown.append(String.format(Locale.ROOT, "\\u%04x", (int) unit));
      }
    }
    return shown.toString();
  }

  /** Two spaces a level, a line a field. */
  public static String indented(Json value) {
    return write(value, true);
  }

  /**
   * @throws MalformedException unless {@code text} is one JSON value of at most {@link #DEPTH_MAX}
   *     levels
   */
  public static Json parse(String text) throws MalformedException {
    try (JsonParser parser = FACTORY.createParser(text)) {
      JsonToken first = parser.nextToken();
      if (first == null) {
        throw new MalformedException("no JSON value");
      }
      Json value = read(parser, first);
      if (parser.nextToken() != null) {
        throw new MalformedException("more than one JSON value");
      }
      return value;
    } catch (JsonProcessingException e) {
      throw new MalformedException("not JSON: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Json read(JsonParser parser, JsonToken token)
      throws IOException, MalformedException {
    return switch (token) {
      case START_OBJECT -> readObject(parser);
      case START_ARRAY -> readArray(parser);
      case VALUE_STRING -> new Json.Text(parser.getText());
      case VALUE_NUMBER_INT -> new Json.Whole(parser.getLongValue());
      case VALUE_NUMBER_FLOAT -> new Json.Real(parser.getDoubleValue());
      case VALUE_TRUE -> new Json.Bool(true);
      case VALUE_FALSE -> new Json.Bool(false);
      case VALUE_NULL -> Json.NULL;
      default -> throw new MalformedException("not JSON: unexpected " + token);
    };
  }

  private static Json readObject(JsonParser parser) throws IOException, MalformedException {
    Map<String, Json> fields = new LinkedHashMap<>();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      fields.put(name, read(parser, parser.nextToken()));
    }
    return new Json.Obj(fields);
  }

  private static Json readArray(JsonParser parser) throws IOException, MalformedException {
    List<Json> items = new ArrayList<>();
    for (JsonToken token = parser.nextToken();
        token != JsonToken.END_ARRAY;
        token = parser.nextToken()) {
      items.add(read(parser, token));
    }
    return new Json.Arr(items);
  }

  private static String write(Json value, boolean indented) {
    StringWriter text = new StringWriter();
    try (JsonGenerator generator = FACTORY.createGenerator(text)) {
      if (indented) {
        generator.setPrettyPrinter(
            new DefaultPrettyPrinter(SEPARATORS)
                .withArrayIndenter(new DefaultIndenter("  ", "\n"))
                .withObjectIndenter(new DefaultIndenter("  ", "\n")));
      }
      write(value, generator);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  private static void write(Json value, JsonGenerator out) throws IOException {
    if (value instanceof Json.Obj object) {
      out.writeStartObject();
      for (Map.Entry<String, Json> field : object.fields().entrySet()) {
        out.writeFieldName(field.getKey());
        write(field.getValue(), out);
      }
      out.writeEndObject();
    } else if (value instanceof Json.Arr array) {
      out.writeStartArray();
      for (Json item : array.items()) {
        write(item, out);
      }
      out.writeEndArray();
    } else if (value instanceof Json.Text text) {
      out.writeString(text.value());
    } else if (value instanceof Json.Whole number) {
      out.writeNumber(number.value());
    } else if (value instanceof Json.Real number) {
      out.writeNumber(number.value());
    } else if (value instanceof Json.Bool flag) {
      out.writeBoolean(flag.value());
    } else if (value instanceof Json.Null) {
      out.writeNull();
    } else {
      throw new AssertionError("unhandled " + value);
    }
  }
}
