package sh.fazt.mesh.lawbreaker.web;

import java.sql.Connection;

record SpeaksSql(Connection connection) {}
