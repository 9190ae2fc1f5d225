package sh.fazt.mesh.lawbreaker.common;

record Helper(String help) {}
