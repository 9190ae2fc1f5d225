package sh.fazt.mesh.lawbreaker;

public record Facade(String name) {}
