package sh.fazt.mesh.fingerprint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import sh.fazt.mesh.bytes.ByteReader;
import sh.fazt.mesh.bytes.ByteWriter;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.Hash;
import sh.fazt.mesh.bytes.MalformedException;

class StateMessagesTest {
  private static final StatePlan.Column BODY = new StatePlan.Column("body", 1);
  private static final StatePlan.Column TITLE = new StatePlan.Column("title", 2);

  private static StatePlan plan(StatePlan.Table... tables) {
    return StatePlan.of(List.of(tables));
  }

  private static StatePlan.Table table(String name, StatePlan.Column... columns) {
    return new StatePlan.Table(name, 7, List.of(columns));
  }

  private static List<StateQuestion> questions() {
    return List.of(
        new StateQuestion.Whole(Hash.of(Bytes.utf8("plan"))),
        new StateQuestion.Part(plan(table("notes", BODY, TITLE), table("app"))),
        new StateQuestion.Ranges(Hash.ZERO, List.of(Prefix.ALL, Prefix.ALL.child(15).child(3))),
        new StateQuestion.Rows(Hash.ZERO, List.of(1L, -1L)));
  }

  private static List<StateAnswer> answers() {
    Fingerprint some = new Fingerprint(12, Hash.of(Bytes.utf8("some")));
    StateItem item = new StateItem(-5, Bytes.wrap(new byte[StateItem.DIGEST_BYTES]));
    return List.of(
        new StateAnswer.Root(Hash.ZERO, some),
        new StateAnswer.Plan(plan(table("notes", BODY))),
        new StateAnswer.Ranges(
            List.of(
                new StateRange.Items(List.of(item)),
                new StateRange.Parts(Collections.nCopies(16, some)))),
        new StateAnswer.Rows(
            List.of(
                new RowReport(9, 0, Bytes.utf8("key"), RowReport.Judgement.DAMAGED),
                new RowReport(10, -1, Bytes.EMPTY, RowReport.Judgement.UNKNOWN))),
        new StateAnswer.NotNow(StateAnswer.Why.OTHER_PLAN));
  }

  private static Bytes written(StateQuestion question) {
    ByteWriter out = new ByteWriter();
    question.writeTo(out);
    return out.toBytes();
  }

  private static Bytes written(StateAnswer answer) {
    ByteWriter out = new ByteWriter();
    answer.writeTo(out);
    return out.toBytes();
  }

  @Test
  void everyKindSurvivesTheWire() throws MalformedException {
    for (StateQuestion question : questions()) {
      ByteReader in = new ByteReader(written(question));
      assertThat(StateQuestion.readFrom(in)).isEqualTo(question);
      in.end();
    }
    for (StateAnswer answer : answers()) {
      ByteReader in = new ByteReader(written(answer));
      assertThat(StateAnswer.readFrom(in)).isEqualTo(answer);
      in.end();
    }
    assertThat(questions().stream().map(Object::getClass))
        .hasSameSizeAs(StateQuestion.class.getPermittedSubclasses());
    assertThat(answers().stream().map(Object::getClass))
        .hasSameSizeAs(StateAnswer.class.getPermittedSubclasses());
  }

  @Test
  void damagedBytesAreMalformedOrAnotherMessageAndNothingElse() {
    List<Bytes> all = new ArrayList<>();
    questions().forEach(question -> all.add(written(question)));
    answers().forEach(answer -> all.add(written(answer)));
    for (long seed = 0; seed < 2_000; seed++) {
      Random random = new Random(seed);
      byte[] bytes = all.get(random.nextInt(all.size())).toArray();
      bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
      Bytes cut = Bytes.wrap(bytes).slice(0, 1 + random.nextInt(bytes.length));
      readsOrIsMalformed(cut, seed);
    }
  }

  private static void readsOrIsMalformed(Bytes bytes, long seed) {
    try {
      assertThat(StateQuestion.readFrom(new ByteReader(bytes))).as("seed " + seed).isNotNull();
    } catch (MalformedException e) {
      assertThat(e.getMessage()).isNotEmpty();
    }
    try {
      assertThat(StateAnswer.readFrom(new ByteReader(bytes))).as("seed " + seed).isNotNull();
    } catch (MalformedException e) {
      assertThat(e.getMessage()).isNotEmpty();
    }
  }

  @Test
  void moreThanTheLimitIsMalformed() {
    ByteWriter ranges = new ByteWriter();
    ranges.u8(2).raw(Hash.ZERO.value()).varint(StateLimits.RANGES_MAX + 1);
    ByteWriter rows = new ByteWriter();
    rows.u8(3).raw(Hash.ZERO.value()).varint(StateLimits.DIFFERENCES_MAX + 1);
    ByteWriter tables = new ByteWriter();
    tables.u8(1).varint(StateLimits.TABLES_MAX + 1);
    ByteWriter columns = new ByteWriter();
    columns.u8(1).varint(1).text("t").u64(0).varint(StateLimits.COLUMNS_MAX + 1);
    ByteWriter none = new ByteWriter();
    none.u8(2).raw(Hash.ZERO.value()).varint(0);
    for (ByteWriter each : List.of(ranges, rows, tables, columns, none)) {
      assertThatThrownBy(() -> StateQuestion.readFrom(new ByteReader(each.toBytes())))
          .isInstanceOf(MalformedException.class);
    }
    ByteWriter items = new ByteWriter();
    items.u8(2).varint(1).u8(0).varint(StateLimits.LEAF_ROWS_MAX + 1);
    ByteWriter key = new ByteWriter();
    key.u8(3).varint(1).u64(1).varint(1).varint(StateLimits.KEY_BYTES_MAX + 1);
    ByteWriter disorder = new ByteWriter();
    disorder.u8(1).varint(2).text("b").u64(0).varint(0).text("a").u64(0).varint(0);
    for (ByteWriter each : List.of(items, key, disorder)) {
      assertThatThrownBy(() -> StateAnswer.readFrom(new ByteReader(each.toBytes())))
          .isInstanceOf(MalformedException.class);
    }
  }

  private static Bytes tableNamed(String table, String column) {
    return new ByteWriter()
        .u8(1)
        .varint(1)
        .text(table)
        .u64(0)
        .varint(1)
        .text(column)
        .u64(0)
        .toBytes();
  }

  @Test
  void aLongerNameThanTheLimitIsMalformed() throws MalformedException {
    String most = "x".repeat(StateLimits.NAME_BYTES_MAX);
    StateQuestion.Part read =
        (StateQuestion.Part) StateQuestion.readFrom(new ByteReader(tableNamed(most, most)));
    assertThat(read.plan().table(most).orElseThrow().columns().get(0).name()).isEqualTo(most);
    for (Bytes each : List.of(tableNamed(most + "x", "c"), tableNamed("t", most + "x"))) {
      assertThatThrownBy(() -> StateQuestion.readFrom(new ByteReader(each)))
          .isInstanceOf(MalformedException.class)
          .hasMessageContaining("1025");
    }
    assertThatThrownBy(() -> table(most + "x")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new StatePlan.Column(most + "x", 1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void plansShareWhatBothHaveAlikeAndNameTheRest() {
    StatePlan ours = plan(table("app", BODY), table("mine"), table("notes", BODY, TITLE));
    StatePlan theirs =
        plan(
            new StatePlan.Table("app", 8, List.of(BODY)),
            table("notes", new StatePlan.Column("body", 9), new StatePlan.Column("tag", 1), TITLE),
            table("yours"));
    StatePlan.Fit fit = StatePlan.Fit.of(ours, theirs);
    assertThat(fit.common()).isEqualTo(plan(table("notes", TITLE)));
    assertThat(fit.apart())
        .containsExactly(
            new StatePlan.Apart("app", "", StatePlan.Apart.Why.OTHER_KEY),
            new StatePlan.Apart("mine", "", StatePlan.Apart.Why.ONLY_HERE),
            new StatePlan.Apart("notes", "body", StatePlan.Apart.Why.OTHER_KIND),
            new StatePlan.Apart("notes", "tag", StatePlan.Apart.Why.ONLY_THERE),
            new StatePlan.Apart("yours", "", StatePlan.Apart.Why.ONLY_THERE));
    assertThat(StatePlan.Fit.of(theirs, ours).common()).isEqualTo(fit.common());
    assertThat(fit.common().isWithin(ours)).isTrue();
    assertThat(theirs.isWithin(ours)).isFalse();
  }
}
