package sh.fazt.mesh.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sh.fazt.mesh.Ambient;
import sh.fazt.mesh.Founder;
import sh.fazt.mesh.Mesh;
import sh.fazt.mesh.Persona;
import sh.fazt.mesh.bytes.Hash;
import sh.fazt.mesh.fingerprint.Prefix;
import sh.fazt.mesh.fingerprint.StateAnswer;
import sh.fazt.mesh.fingerprint.StateAnswer.NotNow;
import sh.fazt.mesh.fingerprint.StateAnswer.Why;
import sh.fazt.mesh.fingerprint.StatePlan;
import sh.fazt.mesh.fingerprint.StateQuestion;
import sh.fazt.mesh.gossip.StateAsk;
import sh.fazt.mesh.gossip.StateTell;
import sh.fazt.mesh.identity.Chance;
import sh.fazt.mesh.identity.SigningKey;
import sh.fazt.mesh.identity.VerifyKey;
import sh.fazt.mesh.schema.ReplicationPlan;
import sh.fazt.mesh.store.Database;

/** A peer may ask about states, one question at a time, and costly ones not without a rest. */
class StateServingTest {
  private static final StateQuestion WHOLE = new StateQuestion.Whole(Hash.ZERO);
  private static final StatePlan NOTHING = new StatePlan(List.of());
  private static final VerifyKey PEER = key(1);
  private static final VerifyKey OTHER = key(2);

  @TempDir Path folder;
  private final MeshLoop loop = new MeshLoop("test", 0, fault -> {});
  private final BlockingQueue<StateTell> told = new LinkedBlockingQueue<>();

  private static VerifyKey key(long seed) {
    return SigningKey.generate(Chance.from(new Random(seed))).verifyKey();
  }

  @BeforeEach
  void startLoop() {
    loop.start();
  }

  @AfterEach
  void closeLoop() {
    loop.close();
  }

  private Path replica() {
    Path file = folder.resolve("one.db");
    try (Database database = Database.create(file)) {
      database.run("CREATE TABLE t (id TEXT PRIMARY KEY, v)");
      database.run("INSERT INTO t VALUES ('a', 1)");
    }
    Founder.of(file, Persona.create("jay")).replicating(new ReplicationPlan.Choice.All()).found();
    try (Mesh mesh = Mesh.open(file, Ambient.system())) {
      mesh.harvest();
      while (mesh.hasMore()) {
        mesh.harvest();
      }
    }
    return file;
  }

  private StateTell next() throws InterruptedException {
    StateTell tell = told.poll(30, TimeUnit.SECONDS);
    assertThat(tell).isNotNull();
    return tell;
  }

  @Test
  void oneQuestionOfAPeerAtATimeAndThenARest() throws InterruptedException {
    Agenda agenda = new Agenda(loop);
    StateDesk desk = new StateDesk(agenda, replica());
    StateServing[] serving = new StateServing[1];
    List<StateTell> first = new ArrayList<>();
    serving[0] =
        new StateServing(
            agenda,
            desk,
            (peer, answer) -> {
              told.add(answer);
              first.add(answer);
              if (answer.id() == 1) {
                StateAnswer.Plan plan = (StateAnswer.Plan) answer.answer();
                serving[0].asked(PEER, new StateAsk(4, new StateQuestion.Part(plan.plan())));
              } else if (answer.id() == 4) {
                serving[0].asked(PEER, new StateAsk(6, new StateQuestion.Part(NOTHING)));
              } else if (answer.id() == 6) {
                StateAnswer.Plan plan = (StateAnswer.Plan) first.get(1).answer();
                serving[0].asked(PEER, new StateAsk(7, new StateQuestion.Part(plan.plan())));
                StateQuestion ranges = new StateQuestion.Ranges(Hash.ZERO, List.of(Prefix.ALL));
                serving[0].asked(PEER, new StateAsk(5, ranges));
              }
            },
            60_000);
    loop.submit(
        () -> {
          serving[0].asked(PEER, new StateAsk(1, WHOLE));
          serving[0].asked(PEER, new StateAsk(2, WHOLE));
          serving[0].asked(OTHER, new StateAsk(3, WHOLE));
        });
    assertThat(next()).isEqualTo(new StateTell(2, new NotNow(Why.BUSY)));
    StateTell plan = next();
    assertThat(plan.id()).isEqualTo(1);
    assertThat(plan.answer()).isInstanceOf(StateAnswer.Plan.class);
    StateTell other = next();
    assertThat(other.answer()).isEqualTo(plan.answer());
    StateTell root = next();
    assertThat(root.id()).isEqualTo(4);
    assertThat(root.answer()).isInstanceOf(StateAnswer.Root.class);
    // What is in memory is told even then; nothing is read for it.
    assertThat(List.of(next(), next(), next()))
        .containsExactlyInAnyOrder(
            new StateTell(5, new NotNow(Why.BUSY)),
            new StateTell(6, new NotNow(Why.BUSY)),
            new StateTell(7, root.answer()));
    loop.ask(
            () -> {
              desk.end();
              return true;
            })
        .join();
  }

  @Test
  void moreRowsThanThereIsMemoryForAreNotCompared() throws InterruptedException {
    Path file = replica();
    for (long rowsMax : List.of(0L, 1L)) {
      Agenda agenda = new Agenda(loop);
      StateDesk desk = new StateDesk(agenda, file, rowsMax);
      StateServing serving = new StateServing(agenda, desk, (peer, answer) -> told.add(answer), 0);
      loop.submit(() -> serving.asked(PEER, new StateAsk(1, WHOLE)));
      StateAnswer.Plan plan = (StateAnswer.Plan) next().answer();
      loop.submit(() -> serving.asked(PEER, new StateAsk(2, new StateQuestion.Part(plan.plan()))));
      StateAnswer answer = next().answer();
      if (rowsMax == 0) {
        assertThat(answer).isEqualTo(new NotNow(Why.TOO_LARGE));
      } else {
        assertThat(answer).isInstanceOf(StateAnswer.Root.class);
      }
      loop.submit(desk::end);
    }
  }

  @Test
  void databaseThatCannotBeReadIsNoReasonToStop() throws InterruptedException {
    Agenda agenda = new Agenda(loop);
    StateDesk desk = new StateDesk(agenda, folder.resolve("none.db"));
    StateServing serving = new StateServing(agenda, desk, (peer, answer) -> told.add(answer), 0);
    loop.submit(() -> serving.asked(PEER, new StateAsk(1, WHOLE)));
    assertThat(next()).isEqualTo(new StateTell(1, new NotNow(Why.BUSY)));
    loop.submit(desk::end);
  }
}
