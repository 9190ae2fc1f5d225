package sh.fazt.mesh.fingerprint;

import java.util.List;
import sh.fazt.mesh.bytes.ByteReader;
import sh.fazt.mesh.bytes.ByteWriter;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.MalformedException;
import sh.fazt.mesh.fuzz.Target;

/** Questions about states, and answers. */
public final class StateTargets {
  private StateTargets() {}

  public static List<Target> all() {
    return List.of(
        Target.of("state-question", new Questions()), Target.of("state-answer", new Answers()));
  }

  private static final class Questions implements Target.Door<StateQuestion> {
    @Override
    public StateQuestion decode(Bytes input) throws MalformedException {
      ByteReader in = new ByteReader(input);
      StateQuestion question = StateQuestion.readFrom(in);
      in.end();
      return question;
    }

    @Override
    public Bytes encode(StateQuestion question) {
      ByteWriter out = new ByteWriter();
      question.writeTo(out);
      return out.toBytes();
    }
  }

  private static final class Answers implements Target.Door<StateAnswer> {
    @Override
    public StateAnswer decode(Bytes input) throws MalformedException {
      ByteReader in = new ByteReader(input);
      StateAnswer answer = StateAnswer.readFrom(in);
      in.end();
      if (answer instanceof StateAnswer.Rows rows) {
        rows.rows().forEach(RowReport::values);
      }
      return answer;
    }

    @Override
    public Bytes encode(StateAnswer answer) {
      ByteWriter out = new ByteWriter();
      answer.writeTo(out);
      return out.toBytes();
    }
  }
}
