package sh.fazt.mesh.commands;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.joran.spi.JoranException;
import org.junit.jupiter.api.Test;

/** The daemon's log, which may name what a peer has sent. */
class LogLineTest {
  @Test
  void whateverAPeerSaysIsOneLineThatSteersNoTerminal() throws JoranException {
    assertThat(line("named twice: a\nb\r\u001b[2J\u009b2J\u202eevil\u2028c\ttail"))
        .matches("[^\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]+ named twice: a b \\[2J 2J evil c tail\\s*\\R");
  }

  private static String line(String message) throws JoranException {
    LoggerContext context = new LoggerContext();
    JoranConfigurator configurator = new JoranConfigurator();
    configurator.setContext(context);
    configurator.doConfigure(LogLineTest.class.getResource("/logback.xml"));
    Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    ConsoleAppender<ILoggingEvent> appender =
        (ConsoleAppender<ILoggingEvent>) root.getAppender("STDERR");
    LoggingEvent event =
        new LoggingEvent("test", context.getLogger("peer"), Level.WARN, message, null, null);
    return new String(appender.getEncoder().encode(event), UTF_8);
  }
}
