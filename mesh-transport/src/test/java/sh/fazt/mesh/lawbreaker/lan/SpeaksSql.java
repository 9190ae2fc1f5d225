package sh.fazt.mesh.lawbreaker.lan;

import java.sql.Connection;

record SpeaksSql(Connection connection) {}
