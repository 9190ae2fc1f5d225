package sh.fazt.mesh.commands;

import java.util.LinkedHashMap;
import java.util.Map;
import sh.fazt.mesh.output.Json;

/** How columns merge, as requests and answers say it: the word for the type, by column. */
final class MergeWords {
  private MergeWords() {}

  static Json.Obj document(Map<String, String> words) {
    Json.Obj document = Json.object();
    for (Map.Entry<String, String> each : words.entrySet()) {
      document = document.with(each.getKey(), each.getValue());
    }
    return document;
  }

  static Map<String, String> of(Json.Obj document) {
    Map<String, String> words = new LinkedHashMap<>();
    document.fields().keySet().forEach(column -> words.put(column, document.text(column)));
    return words;
  }
}
