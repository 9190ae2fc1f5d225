package sh.fazt.mesh.schema;

import java.util.ArrayList;
import java.util.List;

/**
 * The tokens of a statement that SQLite has accepted, without blanks and comments; each keeps its
 * quotes. See "How the tokenizer works" in SQLite's documentation for what is a token.
 */
public final class SqlTokens {
  private static final String QUOTES = "'\"`[";

  private final String sql;
  private final List<String> tokens = new ArrayList<>();
  private int at;

  private SqlTokens(String sql) {
    this.sql = sql;
  }

  public static List<String> of(String sql) {
    SqlTokens reader = new SqlTokens(sql);
    while (reader.at < sql.length()) {
      reader.next();
    }
    return reader.tokens;
  }

  private void next() {
    char first = sql.charAt(at);
    if (Character.isWhitespace(first)) {
      at++;
    } else if (sql.startsWith("--", at)) {
      at = end("\n");
    } else if (sql.startsWith("/*", at)) {
      at = end("*/");
    } else if (QUOTES.indexOf(first) >= 0) {
      take(quotedEnd(at));
    } else if ((first == 'x' || first == 'X') && sql.startsWith("'", at + 1)) {
      take(quotedEnd(at + 1));
    } else if (isWord(first)) {
      int end = at + 1;
      while (end < sql.length() && isWithin(first, sql.charAt(end))) {
        end++;
      }
      take(end);
    } else if (sql.startsWith("||", at) || sql.startsWith("<>", at) || isPair()) {
      take(at + 2);
    } else {
      take(at + 1);
    }
  }

  private static boolean isWithin(char first, char next) {
    return isWord(next) || (isDigit(first) && next == '.');
  }

  private boolean isPair() {
    return at + 1 < sql.length()
        && "<>=!-".indexOf(sql.charAt(at)) >= 0
        && "<>=".indexOf(sql.charAt(at + 1)) >= 0;
  }

  private void take(int end) {
    tokens.add(sql.substring(at, end));
    at = end;
  }

  private int end(String mark) {
    int found = sql.indexOf(mark, at + 2);
    return found < 0 ? sql.length() : found + mark.length();
  }

  private int quotedEnd(int start) {
    char open = sql.charAt(start);
    char close = open == '[' ? ']' : open;
    int end = start + 1;
    while (end < sql.length()) {
      if (sql.charAt(end) != close) {
        end++;
      } else if (close != ']' && end + 1 < sql.length() && sql.charAt(end + 1) == close) {
        end += 2;
      } else {
        return end + 1;
      }
    }
    return sql.length();
  }

  private static boolean isWord(char next) {
    return next == '_' || next == '$' || next > 127 || Character.isLetterOrDigit(next);
  }

  private static boolean isDigit(char next) {
    return next >= '0' && next <= '9';
  }

  /** Whether the token can be a name: a word, or quoted as one. */
  static boolean isName(String token) {
    char first = token.charAt(0);
    return first == '"' || first == '`' || first == '[' || (isWord(first) && !isDigit(first));
  }

  /** The name that a token stands for. */
  static String name(String token) {
    char first = token.charAt(0);
    if (first == '[') {
      return token.substring(1, token.length() - 1);
    } else if (first == '"' || first == '`' || first == '\'') {
      String quote = String.valueOf(first);
      return token.substring(1, token.length() - 1).replace(quote + quote, quote);
    }
    return token;
  }

  /**
   * The parts of the first list in parentheses, between its commas, and behind them one more: what
   * follows the list.
   */
  static List<List<String>> list(List<String> tokens) {
    List<List<String>> parts = new ArrayList<>();
    List<String> part = new ArrayList<>();
    int depth = 0;
    boolean closed = false;
    for (String token : tokens) {
      depth += token.equals("(") ? 1 : token.equals(")") ? -1 : 0;
      boolean begins = depth == 1 && token.equals("(") && parts.isEmpty() && !closed;
      boolean ends = depth == 0 && token.equals(")") && !closed;
      if (begins) {
        part = new ArrayList<>();
      } else if (!closed && (ends || (depth == 1 && token.equals(",")))) {
        parts.add(part);
        part = new ArrayList<>();
        closed = ends;
      } else {
        part.add(token);
      }
    }
    parts.add(part);
    return parts;
  }
}
