package sh.fazt.mesh.lawbreaker.store;

public record Table(String name) {}
