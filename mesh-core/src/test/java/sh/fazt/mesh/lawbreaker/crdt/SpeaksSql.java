package sh.fazt.mesh.lawbreaker.crdt;

import java.sql.Connection;

record SpeaksSql(Connection connection) {}
