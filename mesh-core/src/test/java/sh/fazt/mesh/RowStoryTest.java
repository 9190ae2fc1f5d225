package sh.fazt.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import sh.fazt.mesh.RowStory.ColumnStory;
import sh.fazt.mesh.RowStory.State;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.schema.Value;

/** Why a row is as it is: what shows, who wrote it and when, and which rule decided. */
class RowStoryTest extends PairOfReplicas {
  private static final String NOTES =
      "CREATE TABLE notes (id TEXT PRIMARY KEY, body TEXT, stars INT DEFAULT 3)";

  private RowStory story(String name, String table, String key) {
    return nodes.mesh(name).view().explain(table, key, Optional.empty());
  }

  private static ColumnStory column(RowStory story, String name) {
    return story.columns().stream()
        .filter(column -> column.column().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static void decided(ColumnStory column, Decision decision, String by) {
    assertThat(column.decision()).contains(decision);
    assertThat(column.wrote().map(Write::by)).contains(by);
  }

  private void refused(String table, String key, String column, ErrorCode code) {
    assertThatThrownBy(
            () -> nodes.mesh("vps").view().explain(table, key, Optional.ofNullable(column)))
        .isInstanceOfSatisfying(MeshException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  @Test
  void theOnlyWriteAndALaterWriteAreToldApart() {
    pair(NOTES);
    vps("INSERT INTO notes VALUES ('a', 'first', 1)");
    long inserted = nodes.nowMillis;
    sync();
    laptop("UPDATE notes SET body = 'second'");
    sync();
    for (String name : List.of("vps", "laptop")) {
      RowStory story = story(name, "notes", "a");
      assertThat(story.state()).isEqualTo(State.ALIVE);
      assertThat(story.madeBy().map(Write::by)).contains("vps");
      assertThat(story.madeBy().orElseThrow().atMillis()).isBetween(inserted, nodes.nowMillis);
      assertThat(column(story, "body").value()).contains(Value.of("second"));
      decided(column(story, "body"), Decision.LATER_WRITE, "laptop");
      decided(column(story, "stars"), Decision.ONLY_WRITE, "vps");
      assertThat(column(story, "body").lost()).isEmpty();
    }
  }

  @Test
  void whatLostIsNamedWithItsAuthorAndTheRule() {
    pair(NOTES, "INSERT INTO notes VALUES ('a', 'first', 1)");
    laptop("UPDATE notes SET body = 'light'");
    nodes.mesh("laptop").harvest();
    vps("UPDATE notes SET body = 'dark'");
    sync();
    ColumnStory body = column(story("laptop", "notes", "a"), "body");
    decided(body, Decision.LATER_WRITE, "vps");
    assertThat(body.lost()).hasSize(1);
    assertThat(body.lost().get(0).lost()).isEqualTo(Value.of("light"));
    assertThat(body.lost().get(0).lostBy().by()).isEqualTo("laptop");
  }

  /** The later of two writes loses if the row's life that it was made in has ended. */
  @Test
  void aRowMadeAnewBeatsALaterWriteToItsFormerLifeAndIsNotCalledLater() {
    pair(NOTES, "INSERT INTO notes VALUES ('a', 'first', 1)");
    vps("DELETE FROM notes");
    nodes.mesh("vps").harvest();
    vps("INSERT INTO notes VALUES ('a', 'anew', 1)");
    nodes.mesh("vps").harvest();
    laptop("UPDATE notes SET body = 'later'");
    sync();
    decided(column(story("vps", "notes", "a"), "body"), Decision.NEW_LIFE, "vps");
    for (String name : List.of("vps", "laptop")) {
      assertThat(column(story(name, "notes", "a"), "body").lost())
          .singleElement()
          .satisfies(entry -> assertThat(entry.lost()).isEqualTo(Value.of("later")));
    }
  }

  @Test
  void rowsFromBeforeTheMeshHaveNoTimeAndTheSeniorsStands() {
    nodes.database("vps", NOTES, "INSERT INTO notes VALUES ('a', 'vps', 1)");
    nodes.found("vps");
    nodes.database("laptop", NOTES, "INSERT INTO notes VALUES ('a', 'laptop', 1)");
    nodes.join("laptop", "vps");
    sync();
    RowStory story = story("laptop", "notes", "a");
    assertThat(story.madeBy().orElseThrow()).extracting(Write::atMillis).isEqualTo(0L);
    decided(column(story, "body"), Decision.SENIOR_ROW, "vps");
    assertThat(column(story, "body").lost().get(0).lost()).isEqualTo(Value.of("laptop"));
  }

  @Test
  void aTieIsBrokenByTheOrderOfSites() {
    pair(NOTES, "INSERT INTO notes VALUES ('a', 'first', 1)");
    for (int i = 0; i < 200 && conflictsDecided(Decision.SITE_ORDER) == 0; i++) {
      // Both applications write within one millisecond, sooner or later.
      nodes.app("vps").run("INSERT INTO _mesh_touched_1 (at, k0) VALUES (" + at() + ", 'a')");
      nodes.app("laptop").run("INSERT INTO _mesh_touched_1 (at, k0) VALUES (" + at() + ", 'a')");
      silently("vps", "UPDATE notes SET body = 'v" + i + "'");
      silently("laptop", "UPDATE notes SET body = 'l" + i + "'");
      sync();
    }
    ColumnStory body = column(story("vps", "notes", "a"), "body");
    assertThat(body.decision()).contains(Decision.SITE_ORDER);
    assertSame("notes");
  }

  private long at() {
    return nodes.nowMillis - 5;
  }

  /** Past the triggers, so that the time of the touch is the test's. */
  private void silently(String name, String sql) {
    nodes
        .app(name)
        .run(
            "BEGIN",
            "INSERT INTO _mesh_applying VALUES (1)",
            sql,
            "DELETE FROM _mesh_applying",
            "COMMIT");
  }

  private long conflictsDecided(Decision decision) {
    return nodes.mesh("vps").view().conflicts(9).stream()
        .filter(each -> each.decision() == decision)
        .count();
  }

  @Test
  void aDeadRowTellsWhoDeletedItAndWhatLost() {
    pair(NOTES, "INSERT INTO notes VALUES ('a', 'first', 1), ('b', 'first', 1)");
    vps("DELETE FROM notes WHERE id = 'b'");
    sync();
    assertThat(story("laptop", "notes", "b").state()).isEqualTo(State.DEAD);
    assertThat(story("laptop", "notes", "b").decision()).isEmpty();
    vps("DELETE FROM notes WHERE id = 'a'");
    laptop("UPDATE notes SET body = 'late' WHERE id = 'a'");
    sync();
    RowStory story = story("laptop", "notes", "a");
    assertThat(story.state()).isEqualTo(State.DEAD);
    assertThat(story.madeBy().map(Write::by)).contains("vps");
    assertThat(story.decision()).contains(Decision.DELETE_BEATS_EDIT);
    assertThat(column(story, "body").value()).isEmpty();
    assertThat(column(story, "body").lost()).hasSize(1);
  }

  @Test
  void rowsThatWantOneUniqueValueNameEachOther() {
    pair("CREATE TABLE u (id TEXT PRIMARY KEY, e TEXT UNIQUE)");
    laptop("INSERT INTO u VALUES ('l', 'x')");
    nodes.mesh("laptop").harvest();
    vps("INSERT INTO u VALUES ('v', 'x')");
    sync();
    for (String name : List.of("vps", "laptop")) {
      RowStory aside = story(name, "u", "v");
      assertThat(aside.state()).isEqualTo(State.SET_ASIDE);
      assertThat(aside.decision()).contains(Decision.OLDER_CLAIM);
      assertThat(aside.aside()).isPresent();
      assertThat(column(aside, "e").value()).contains(Value.of("x"));
      assertThat(aside.neighbours())
          .extracting(RowStory.Neighbour::key, RowStory.Neighbour::shown)
          .containsExactly(org.assertj.core.api.Assertions.tuple(List.of(Value.of("l")), true));
      RowStory shown = story(name, "u", "l");
      assertThat(shown.state()).isEqualTo(State.ALIVE);
      assertThat(shown.decision()).contains(Decision.OLDER_CLAIM);
      assertThat(shown.neighbours())
          .extracting(RowStory.Neighbour::shown, each -> each.since().by())
          .containsExactly(org.assertj.core.api.Assertions.tuple(false, "vps"));
    }
  }

  @Test
  void aChangeThatWaitsIsToldOfWithWhatItWaitsFor() {
    pair(NOTES, "INSERT INTO notes VALUES ('a', 'first', 1)");
    vps("ALTER TABLE notes ADD COLUMN colour TEXT", "UPDATE notes SET colour = 'red'");
    sync();
    RowStory story = story("laptop", "notes", "a");
    assertThat(story.state()).isEqualTo(State.ALIVE);
    assertThat(story.waiting()).hasSize(1);
    RowStory.Parked parked = story.waiting().get(0);
    assertThat(parked.wrote().by()).isEqualTo("vps");
    assertThat(parked.why().reason()).isEqualTo(Waiting.Reason.COLUMN_MISSING);
    assertThat(parked.why().sinceMillis()).isBetween(nodes.nowMillis - 100, nodes.nowMillis);
    assertThat(parked.cells()).containsExactly(new RowStory.Cell("colour", Value.of("red")));
    assertThat(nodes.mesh("laptop").view().explain("notes", "a", Optional.of("colour")).columns())
        .isEmpty();
    nodes.mesh("vps").view();
    vps("INSERT INTO notes VALUES ('n', 'new', 1, 'blue')");
    sync();
    assertThat(story("laptop", "notes", "n").waiting()).hasSize(1);
  }

  @Test
  void whatTheMeshHasNotTakenInIsToldOf() {
    pair(NOTES, "INSERT INTO notes VALUES ('a', 'first', 1), ('b', 'first', 1)");
    vps(
        "INSERT INTO notes VALUES ('n', 'new', 1)",
        "UPDATE notes SET body = 'edited' WHERE id = 'a'",
        "DELETE FROM notes WHERE id = 'b'");
    assertThat(story("vps", "notes", "n").state()).isEqualTo(State.CAME);
    assertThat(story("vps", "notes", "b").state()).isEqualTo(State.WENT);
    RowStory edited = story("vps", "notes", "a");
    assertThat(edited.state()).isEqualTo(State.ALIVE);
    assertThat(column(edited, "body").ahead()).isTrue();
    assertThat(column(edited, "body").wrote()).isEmpty();
    assertThat(column(edited, "stars").ahead()).isFalse();
    vps("ALTER TABLE notes ADD COLUMN late TEXT DEFAULT 'none'");
    assertThat(column(story("vps", "notes", "a"), "late").decision())
        .contains(Decision.DEFAULT_VALUE);
  }

  @Test
  void aDeleteThatWaitsForAPersonIsToldOf() {
    pair(NOTES);
    vps(
        "INSERT INTO notes (id) WITH RECURSIVE n(i) AS"
            + " (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 500) SELECT 'k' || i FROM n");
    sync();
    vps("DELETE FROM notes");
    nodes.mesh("vps").harvest();
    assertThat(story("vps", "notes", "k7").state()).isEqualTo(State.HELD);
    assertThat(story("laptop", "notes", "k7").state()).isEqualTo(State.ALIVE);
  }

  @Test
  void keysOfEveryKindAreFound() {
    pair(
        "CREATE TABLE kv (app TEXT, key TEXT, v TEXT, PRIMARY KEY (app, key))",
        "CREATE TABLE n (id INTEGER PRIMARY KEY, v TEXT)",
        "CREATE TABLE b (id BLOB PRIMARY KEY, v TEXT)",
        "CREATE TABLE c (id TEXT PRIMARY KEY COLLATE NOCASE, v TEXT)",
        "CREATE TABLE r (id REAL PRIMARY KEY, v TEXT)",
        "INSERT INTO kv VALUES ('a', 't', '1'), ('a/b', 'it''s', '2'), ('7', '8', '3')",
        "INSERT INTO n VALUES (7, 'x')",
        "INSERT INTO b VALUES (x'00ff', 'blob'), (7, 'number'), ('7', 'text'), ('k', 'word')",
        "INSERT INTO c VALUES ('Bob', 'x')",
        "INSERT INTO r VALUES (7, 'x'), (0.5, 'y')");
    finds("kv", "a/t", "1");
    finds("kv", "'a/b'/'it''s'", "2");
    finds("kv", "7/8", "3");
    finds("n", "7", "x");
    finds("n", "'7'", "x");
    finds("n", "07", "x");
    finds("b", "x'00ff'", "blob");
    finds("b", "7", "number");
    finds("b", "'7'", "text");
    finds("b", "k", "word");
    finds("c", "BOB", "x");
    finds("r", "7", "x");
    finds("r", "0.5", "y");
    refused("kv", "a", null, ErrorCode.USAGE);
    refused("kv", "a/b/c", null, ErrorCode.USAGE);
    refused("kv", "'a/b", null, ErrorCode.USAGE);
    refused("b", "x'0'", null, ErrorCode.USAGE);
    refused("kv", "'a'b/c", null, ErrorCode.USAGE);
  }

  private void finds(String table, String key, String value) {
    RowStory story = story("laptop", table, key);
    assertThat(column(story, "v").value()).as(table + " " + key).contains(Value.of(value));
    assertThat(column(story, "v").decision()).contains(Decision.ONLY_WRITE);
    RowStory again = story("laptop", table, story.keyText());
    assertThat(column(again, "v").value()).contains(Value.of(value));
  }

  @Test
  void aColumnThatWasDroppedOrRenamedIsSaidToBe() {
    pair(
        "CREATE TABLE notes (id TEXT PRIMARY KEY, body, hue)",
        "INSERT INTO notes VALUES ('a',1,2)");
    vps("ALTER TABLE notes DROP COLUMN hue");
    vps("ALTER TABLE notes RENAME COLUMN body TO text");
    nodes.mesh("vps").harvest();
    for (String column : List.of("HUE", "body")) {
      assertThatThrownBy(() -> nodes.mesh("vps").view().explain("notes", "a", Optional.of(column)))
          .isInstanceOfSatisfying(
              MeshException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.COLUMN_UNKNOWN))
          .hasMessage("table notes has no column %s any more: it was dropped or renamed", column);
    }
    refused("notes", "a", "colour", ErrorCode.COLUMN_UNKNOWN);
  }

  @Test
  void whatIsNotThereIsRefused() {
    pair(
        NOTES, "CREATE TABLE home (id TEXT PRIMARY KEY)", "INSERT INTO notes VALUES ('a', 'x', 1)");
    nodes.mesh("vps").untrack(java.util.Set.of("home"));
    refused("nothing", "a", null, ErrorCode.TABLE_UNKNOWN);
    refused("home", "a", null, ErrorCode.TABLE_UNKNOWN);
    refused("notes", "z", null, ErrorCode.ROW_UNKNOWN);
    refused("notes", "a", "colour", ErrorCode.COLUMN_UNKNOWN);
    assertThat(nodes.mesh("vps").view().explain("notes", "a", Optional.of("BODY")).columns())
        .extracting(ColumnStory::column)
        .containsExactly("body");
  }
}
