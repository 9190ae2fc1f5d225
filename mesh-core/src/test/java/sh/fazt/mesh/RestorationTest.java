package sh.fazt.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.schema.Value;

/** A lost value is written back as any local write is, and then it is lost no more. */
class RestorationTest extends PairOfReplicas {
  private static final String NOTES =
      "CREATE TABLE notes (id TEXT PRIMARY KEY, body TEXT, stars INT DEFAULT 3)";

  /** The laptop's value of a loses to the later one of the vps. */
  private void bothWrite() {
    laptop("UPDATE notes SET body = 'light' WHERE id = 'a'");
    vps("UPDATE notes SET body = 'dark' WHERE id = 'a'");
    sync();
    assertThat(rows("vps", "SELECT body FROM notes WHERE id = 'a'")).containsExactly("dark");
  }

  private List<ConflictEntry> open(String name) {
    return nodes.mesh(name).view().conflicts(100, false);
  }

  private Restoration.Restored restore(String name, long number) {
    nodes.nowMillis += 10;
    return Restoration.of(nodes.file(name), number, nodes.nowMillis);
  }

  private void refused(String name, long number, ErrorCode code, String message) {
    List<String> before = nodes.app(name).exact("notes");
    long open = open(name).size();
    assertThatThrownBy(() -> restore(name, number))
        .isInstanceOfSatisfying(MeshException.class, e -> assertThat(e.code()).isEqualTo(code))
        .hasMessageContaining(message);
    assertThat(nodes.app(name).exact("notes")).isEqualTo(before);
    assertThat(open(name)).hasSize((int) open);
  }

  @Test
  void aLostValueStandsAgainOnEveryNodeAndIsListedNoMore() {
    pair(NOTES, "INSERT INTO notes VALUES ('a', 'first', 1)");
    bothWrite();
    ConflictEntry lost = open("vps").get(0);
    assertThat(lost.nowBy()).contains("vps");
    assertThat(lost.lostBy().by()).isEqualTo("laptop");
    Restoration.Restored restored = restore("vps", lost.number());
    assertThat(restored.now()).isEqualTo(Value.of("light"));
    assertThat(restored.isUnchanged()).isFalse();
    assertThat(open("vps")).isEmpty();
    sync();
    assertThat(rows("laptop", "SELECT body FROM notes")).containsExactly("light");
    assertSame("notes");
    assertThat(open("laptop")).isEmpty();
    assertThat(conflicts("vps")).isZero();
    assertThat(conflicts("laptop")).isZero();
    assertThat(nodes.mesh("vps").view().conflicts(9, true))
        .extracting(ConflictEntry::number, ConflictEntry::settledMillis)
        .containsExactly(
            org.assertj.core.api.Assertions.tuple(lost.number(), nodes.nowMillis - 10));
    assertNothingWaits();
  }

  @Test
  void aSettledConflictStaysSettledWhateverIsWrittenLater() {
    pair(NOTES, "INSERT INTO notes VALUES ('a', 'first', 1)");
    bothWrite();
    restore("vps", open("vps").get(0).number());
    sync();
    laptop("UPDATE notes SET body = 'blue'");
    sync();
    assertThat(open("vps")).isEmpty();
    assertThat(open("laptop")).isEmpty();
  }

  @Test
  void aLostValueThatSomebodyWritesAgainByHandIsListedNoMore() {
    pair(NOTES, "INSERT INTO notes VALUES ('a', 'first', 1)");
    bothWrite();
    laptop("UPDATE notes SET body = 'light'");
    sync();
    assertThat(open("vps")).isEmpty();
    assertThat(open("laptop")).isEmpty();
  }

  @Test
  void numbersAreStable() {
    pair(NOTES, "INSERT INTO notes VALUES ('a', 'first', 1)");
    bothWrite();
    long first = open("vps").get(0).number();
    restore("vps", first);
    sync();
    laptop("UPDATE notes SET body = 'pale'");
    vps("UPDATE notes SET body = 'dark'");
    sync();
    long second = open("vps").get(0).number();
    assertThat(second).isGreaterThan(first);
    assertThat(nodes.mesh("vps").view().conflicts(9, true))
        .extracting(ConflictEntry::number)
        .containsExactly(second, first);
  }

  @Test
  void worksOnADatabaseThatNobodyWorksOn() {
    pair(NOTES, "INSERT INTO notes VALUES ('a', 'first', 1)");
    bothWrite();
    long number = open("vps").get(0).number();
    nodes.closeMesh("vps");
    restore("vps", number);
    nodes.open("vps");
    sync();
    assertThat(rows("laptop", "SELECT body FROM notes")).containsExactly("light");
  }

  @Test
  void aRowThatWasDeletedUnseenComesBackWhole() {
    pair(NOTES, "INSERT INTO notes VALUES ('a', 'first', 1), ('b', 'other', 2)");
    laptop("UPDATE notes SET stars = 7 WHERE id = 'a'");
    sync();
    vps("DELETE FROM notes WHERE id = 'a'");
    laptop("UPDATE notes SET body = 'late' WHERE id = 'a'");
    sync();
    assertThat(rows("laptop", "SELECT id FROM notes")).containsExactly("b");
    for (String name : List.of("laptop", "vps")) {
      assertThat(open(name)).hasSize(1);
    }
    Restoration.Restored restored = restore("laptop", open("laptop").get(0).number());
    assertThat(restored.row().keySet()).containsExactly("body", "stars");
    assertThat(restored.unknown()).isEmpty();
    sync();
    assertThat(rows("vps", "SELECT body || stars FROM notes ORDER BY id"))
        .containsExactly("late7", "other2");
    assertSame("notes");
    assertThat(open("laptop")).isEmpty();
    assertThat(open("vps")).isEmpty();
  }

  @Test
  void aRowThatWasInsertedAndLostToADeleteComesBackWithAllItsColumns() {
    pair(NOTES, "INSERT INTO notes VALUES ('a', 'first', 1)");
    laptop("DELETE FROM notes");
    nodes.mesh("laptop").harvest();
    laptop("INSERT INTO notes VALUES ('a', 'anew', 9)");
    nodes.mesh("laptop").harvest();
    vps("DELETE FROM notes");
    sync();
    assertThat(rows("vps", "SELECT id FROM notes")).isEmpty();
    assertThat(open("vps")).hasSize(2);
    restore("vps", open("vps").get(0).number());
    assertThat(open("vps")).isEmpty();
    sync();
    assertThat(rows("laptop", "SELECT body || stars FROM notes")).containsExactly("anew9");
    assertSame("notes");
    assertThat(open("laptop")).isEmpty();
  }

  @Test
  void aColumnThatNobodyWroteHasItsDefault() {
    pair(
        "CREATE TABLE notes (id TEXT PRIMARY KEY, body TEXT)",
        "INSERT INTO notes VALUES ('a', 'x')");
    vps("DELETE FROM notes");
    laptop("UPDATE notes SET body = 'late'");
    sync();
    vps("ALTER TABLE notes ADD COLUMN stars INT DEFAULT 3");
    sync();
    assertThat(restore("vps", open("vps").get(0).number()).unknown()).containsExactly("stars");
    assertThat(rows("vps", "SELECT body || stars FROM notes")).containsExactly("late3");
  }

  @Test
  void theRulesOfTheTableApply() {
    pair(
        "CREATE TABLE notes (id TEXT PRIMARY KEY, body TEXT UNIQUE)",
        "INSERT INTO notes VALUES ('a', 'first')");
    bothWrite();
    vps("INSERT INTO notes VALUES ('b', 'light')");
    sync();
    refused("vps", open("vps").get(0).number(), ErrorCode.VALUE_REFUSED, "UNIQUE");
  }

  @Test
  void aChildWhoseParentIsGoneIsRefused() {
    pair(
        "CREATE TABLE parents (id TEXT PRIMARY KEY)",
        "CREATE TABLE notes (id TEXT PRIMARY KEY,"
            + " body TEXT REFERENCES parents DEFERRABLE INITIALLY DEFERRED)",
        "INSERT INTO parents VALUES ('first'), ('light'), ('dark')",
        "INSERT INTO notes VALUES ('a', 'first')");
    bothWrite();
    vps("DELETE FROM parents WHERE id = 'light'");
    refused("vps", open("vps").get(0).number(), ErrorCode.VALUE_REFUSED, "FOREIGN KEY");
  }

  @Test
  void triggersOfTheApplicationRunAsForAnyWrite() {
    pair(
        NOTES,
        "CREATE TABLE journal (id TEXT PRIMARY KEY, was TEXT)",
        "INSERT INTO notes VALUES ('a', 'first', 1)");
    bothWrite();
    vps(
        "CREATE TRIGGER keep AFTER UPDATE ON notes BEGIN"
            + " INSERT INTO journal VALUES (new.id || new.body, old.body); END");
    restore("vps", open("vps").get(0).number());
    sync();
    assertThat(rows("laptop", "SELECT id || was FROM journal")).containsExactly("alightdark");
  }

  @Test
  void aTriggerThatUndoesTheWriteIsToldOf() {
    pair(NOTES, "INSERT INTO notes VALUES ('a', 'first', 1)");
    bothWrite();
    vps(
        "CREATE TRIGGER hush BEFORE UPDATE ON notes WHEN new.body = 'light'"
            + " BEGIN SELECT RAISE(IGNORE); END");
    refused("vps", open("vps").get(0).number(), ErrorCode.VALUE_REFUSED, "trigger");
  }

  @Test
  void whatCannotBeGivenBackSaysWhy() {
    pair(NOTES, "INSERT INTO notes VALUES ('a', 'first', 1)");
    bothWrite();
    long number = open("vps").get(0).number();
    refused("vps", 99, ErrorCode.CONFLICT_UNKNOWN, "no conflict 99");
    vps("ALTER TABLE notes RENAME COLUMN body TO text");
    refused("vps", number, ErrorCode.COLUMN_GONE, "no column body");
    vps("ALTER TABLE notes RENAME COLUMN text TO body");
    vps("DELETE FROM notes");
    refused("vps", number, ErrorCode.ROW_GONE, "is gone");
    nodes.mesh("vps").harvest();
    refused("vps", number, ErrorCode.ROW_GONE, "is gone");
    nodes.mesh("vps").untrack(Set.of("notes"));
    refused("vps", number, ErrorCode.TABLE_UNKNOWN, "does not replicate");
  }

  @Test
  void aValueThatStandsAlreadyIsSettledWithoutAWrite() {
    pair(NOTES, "INSERT INTO notes VALUES ('a', 'first', 1)");
    bothWrite();
    vps("UPDATE notes SET body = 'light'");
    Restoration.Restored restored = restore("vps", open("vps").get(0).number());
    assertThat(restored.isUnchanged()).isTrue();
    assertThat(open("vps")).isEmpty();
  }
}
