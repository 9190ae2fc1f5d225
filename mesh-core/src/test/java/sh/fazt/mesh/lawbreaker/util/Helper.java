package sh.fazt.mesh.lawbreaker.util;

record Helper(String help) {}
